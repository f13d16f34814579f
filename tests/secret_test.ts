import assert from "node:assert/strict";
import { inspect } from "node:util";
import { SignInError } from "../src/errors.ts";
import { Secret } from "../src/secret.ts";

const VALUE = "hunter2-and-more";

Deno.test("Secret.reveal() returns the value", () => {
  assert.equal(new Secret(VALUE).reveal(), VALUE);
});

Deno.test("Secret never shows its value by accident", () => {
  const secret = new Secret(VALUE);
  const holder = { secret, list: [secret], map: new Map([["a", secret]]) };
  const error = new SignInError("refused", { code: "x", cause: { secret } });
  const shown = [
    String(secret),
    `${secret}`,
    "" + secret,
    ["", secret].join(),
    JSON.stringify(holder),
    Deno.inspect(secret),
    Deno.inspect(holder, { depth: 9, showHidden: true }),
    Deno.inspect(error),
    inspect(holder, { depth: 9, showHidden: true }),
    inspect(error),
    Object.entries(secret).join(),
    JSON.stringify({ ...secret }),
    JSON.stringify(structuredClone(secret)),
  ];
  for (const text of shown) assert.ok(!text.includes("hunter2"), text);
  assert.equal(`${secret}`, "[secret]");
  assert.equal(JSON.stringify(holder.list), '["[secret]"]');
  assert.equal(Deno.inspect(secret), "[secret]");
});
