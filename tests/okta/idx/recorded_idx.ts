import { FIXTURES, ignoreWithoutData } from "../../conformance/fixtures.ts";

const FOLDER = new URL("okta-signin-widget/playground/mocks/data/idp/idx/", FIXTURES);

/** A recorded answer's body, or `undefined` where the recordings are missing. */
export function recordedIdx(name: string): string | undefined {
  try {
    return Deno.readTextFileSync(new URL(`${name}.json`, FOLDER));
  } catch {
    return undefined;
  }
}

/** A test of recorded answers; ignored where they are missing. */
export function recordedTest(
  name: string,
  recordings: string[],
  check: (...bodies: string[]) => void | Promise<void>,
): void {
  const bodies = recordings.map(recordedIdx);
  const found = bodies.filter((body) => body !== undefined);
  Deno.test({
    name,
    ignore: ignoreWithoutData(found.length < bodies.length),
    fn: () => check(...found),
  });
}
