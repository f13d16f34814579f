/** The same as in `deno.json`; a test checks it. */
export const VERSION = "0.1.0";
