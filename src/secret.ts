const SHOWN = "[secret]";

/**
 * The wrapper of every password, TOTP secret, token, assertion and key inside the program. It shows as
 * `[secret]` if it is printed by accident: text, JSON, inspection.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /**
   * The secret itself. Only call this where the value leaves the program: a request's body, a file
   * that the user asked for, a store's standard input.
   */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.for("Deno.customInspect")](): string {
    return SHOWN;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return SHOWN;
  }
}
