import assert from "node:assert/strict";
import { SecretStoreError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import { newSealKey } from "../../src/store/seal.ts";
import {
  formatSecretItem,
  newAccountSecrets,
  parseSecretItem,
} from "../../src/secrets/secret_item.ts";

const URI = "otpauth://totp/Okta?secret=GEZDGNBVGY3TQOJQ";

function revealed(item: ReturnType<typeof parseSecretItem>) {
  const { id, password, totp, sessionKey } = item;
  return [id, password?.reveal(), totp?.reveal(), sessionKey?.reveal()];
}

Deno.test("parseSecretItem() reads what formatSecretItem() gave", () => {
  const secrets = [
    { password: new Secret('p"w\n日本'), totp: new Secret(URI) },
    { password: new Secret("pw"), totp: undefined },
    { password: undefined, totp: new Secret(URI) },
    { password: undefined, totp: undefined },
  ];
  for (const one of secrets) {
    const item = newAccountSecrets(one);
    assert.deepEqual(revealed(parseSecretItem(formatSecretItem(item))), revealed(item));
  }
});

Deno.test("newAccountSecrets() gives every item an id of its own, and keeps a key that it is given", () => {
  const none = { password: undefined, totp: undefined };
  const key = newSealKey();
  const [one, two] = [newAccountSecrets(none, key), newAccountSecrets(none, key)];
  assert.notEqual(one.id, two.id);
  assert.match(one.id, /^[0-9a-f]{32}$/);
  assert.equal(two.sessionKey, key);
  assert.notEqual(newAccountSecrets(none).sessionKey.reveal(), key.reveal());
});

Deno.test("parseSecretItem() takes bare secrets, as the backend env has them", () => {
  const item = (text: string) => revealed(parseSecretItem(new Secret(text)));
  assert.deepEqual(item('{"password":"pw","totp":"ABC"}'), [undefined, "pw", "ABC", undefined]);
  assert.deepEqual(item('{"password":"","totp":7}'), [undefined, undefined, undefined, undefined]);
});

Deno.test("parseSecretItem() calls anything else damaged, and never quotes it", () => {
  const key = newSealKey().reveal();
  const items = [
    "",
    "hunter2 not json",
    '"hunter2"',
    "null",
    "3",
    '["hunter2"]',
    '{"version":2,"password":"hunter2"}',
    `{"version":1,"sessionKey":"${key}","password":"hunter2"}`,
    '{"version":1,"id":"a","password":"hunter2"}',
    '{"version":1,"id":"a","password":"hunter2","sessionKey":"short"}',
  ];
  for (const item of items) {
    assert.throws(() => parseSecretItem(new Secret(item)), (error) => {
      assert.ok(error instanceof SecretStoreError);
      assert.equal(error.code, "damaged");
      assert.equal(error.cause, undefined);
      assert.ok(!Deno.inspect(error).includes("hunter2"));
      return true;
    }, item);
  }
});

Deno.test("formatSecretItem() gives a secret of one line", () => {
  const item = formatSecretItem(
    newAccountSecrets({ password: new Secret("a\nb"), totp: undefined }),
  );
  assert.ok(!item.reveal().includes("\n"));
  assert.equal(String(item), "[secret]");
});
