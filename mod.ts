/**
 * The program's entry, and what plugins and other programs may use of it.
 *
 * @module
 */

export * from "./src/errors.ts";

if (import.meta.main) {
  const { main } = await import("./src/main.ts");
  Deno.exit(await main(Deno.args));
}
