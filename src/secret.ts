/**
 * The wrapper that every password, TOTP secret, token, assertion and key lives in, from where it
 * enters the program to where it leaves it.
 *
 * @module
 */

const SHOWN = "[secret]";

/** A string that prints as `[secret]` wherever it is shown by accident: text, JSON, inspection. */
export class Secret {
  readonly #value: string;

  /**
   * Wraps a secret.
   *
   * @param value The secret itself.
   */
  constructor(value: string) {
    this.#value = value;
  }

  /**
   * The secret itself. Call it only where the value leaves the program: a request's body, a file
   * that the person asked for, a store's standard input.
   *
   * @returns The text given to the constructor.
   */
  reveal(): string {
    return this.#value;
  }

  /** As text: `[secret]`. */
  toString(): string {
    return SHOWN;
  }

  /** As JSON: `[secret]`. */
  toJSON(): string {
    return SHOWN;
  }

  /** As Deno shows values: `[secret]`. */
  [Symbol.for("Deno.customInspect")](): string {
    return SHOWN;
  }

  /** As Node shows values: `[secret]`. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return SHOWN;
  }
}
