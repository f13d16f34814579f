import assert from "node:assert/strict";
import type { Interaction } from "../../../src/app/interaction.ts";
import { showDeviceCode } from "../../../src/okta/device/show_device_code.ts";

const ORG = "https://acme.okta.com";
const CODE = {
  userCode: "QXNMSLWF",
  verificationUri: `${ORG}/activate`,
  verificationUriComplete: `${ORG}/activate?user_code=QXNMSLWF`,
};

async function show(code: typeof CODE | { verificationUriComplete: undefined }, foreground = true) {
  const shown: string[] = [];
  const opened: string[] = [];
  const interaction = {
    foreground,
    plain: false,
    canAsk: () => Promise.resolve(false),
    show: (text: string) => Promise.resolve(void shown.push(text)),
  } as unknown as Interaction;
  await showDeviceCode(interaction, { ...CODE, ...code }, {
    owns: (url) => url.origin === ORG,
    purpose: () => Promise.resolve(["for jane", "asked by terraform"]),
    openBrowser: (url) => {
      opened.push(url.reveal());
      return Promise.reject(new Error("no browser"));
    },
  });
  return { text: shown.join(""), opened };
}

Deno.test("shows the page and its code, and opens it; that no browser opens is no failure", async () => {
  const { text, opened } = await show(CODE);
  assert.match(text, /shows QXNMSLWF:\n\n {4}https:\/\/acme\.okta\.com\/activate\?user_code=QXNM/);
  assert.doesNotMatch(text, /asked by/);
  assert.deepEqual(opened, [CODE.verificationUriComplete]);
  const { text: plain } = await show({ verificationUriComplete: undefined });
  assert.match(plain, /\/activate\n/);
});

Deno.test("in the background it says who asks, and opens nothing", async () => {
  const { text, opened } = await show(CODE, false);
  assert.match(text, /okta-aws: for jane, asked by terraform\n/);
  assert.deepEqual(opened, []);
});

Deno.test("an address that is not the org's is neither shown as one to open nor opened", async () => {
  const others = [
    "https://evil.example/activate",
    "javascript:alert(1)",
    "",
    `${ORG}/${"a".repeat(2000)}`,
  ];
  for (const verificationUriComplete of others) {
    await assert.rejects(show({ ...CODE, verificationUriComplete }), { code: "bad_link" });
  }
});

Deno.test("a code of somebody else's words is made visible", async () => {
  const { text } = await show({ ...CODE, userCode: "A\x1b[2JB" });
  // deno-lint-ignore no-control-regex -- that none is left is what is tested
  assert.doesNotMatch(text, /\x1b/);
});
