import assert from "node:assert/strict";
import { parseDuoPromptPage } from "../../../src/okta/duo/duo_prompt_page.ts";

const PAGE = `<!DOCTYPE html><form action="/frame/prompt" method="POST" id="login-form">
  <input type="hidden" name="sid" value="s1|2&#x3d;">
  <input type="hidden" name="out_of_date" value="False">
  <select name="device" tabindex="2">
    <option value="phone1">iOS (XXX-XXX-1234)</option>
    <option value="phone2"> Landline\u001b[2J (XXX-XXX-9876)</option>
    <option value="token">Token</option>
  </select>
  <fieldset data-device-index="phone1">
    <div><input type="hidden" name="factor" value="Duo Push"><button>Send Me a Push</button></div>
    <div><input type="hidden" name="factor" value="Phone Call"></div>
    <div><input type="hidden" name="factor" value="Passcode"><input name="passcode"></div>
  </fieldset>
  <fieldset data-device-index="phone2">
    <input type="hidden" name="factor" value="Phone Call">
    <input type="hidden" name="factor" value="Something New">
  </fieldset>
  <fieldset data-device-index="token"><input type="hidden" name="factor" value="Passcode"></fieldset>
</form>`;

const { methods, sid, fields } = parseDuoPromptPage(PAGE);

Deno.test("parseDuoPromptPage() finds the session, the devices and their methods", () => {
  assert.equal(sid?.reveal(), "s1|2=");
  assert.equal(fields.get("out_of_date"), "False");
  assert.deepEqual(methods.map(({ device, factor, name }) => [device, factor, name]), [
    ["phone1", "Duo Push", "push to iOS (XXX-XXX-1234)"],
    ["phone1", "Phone Call", "call to iOS (XXX-XXX-1234)"],
    ["phone1", "Passcode", "passcode of iOS (XXX-XXX-1234)"],
    ["phone2", "Phone Call", "call to Landline\\x1b[2J (XXX-XXX-9876)"],
    ["token", "Passcode", "passcode of Token"],
  ]);
});

Deno.test("parseDuoPromptPage() assumes the first phone when the page lists no device", () => {
  const page = parseDuoPromptPage("<form><input name=sid value=x></form>");
  assert.deepEqual(page.methods.map(({ device, factor }) => `${device} ${factor}`), [
    "phone1 Duo Push",
    "phone1 Phone Call",
    "phone1 Passcode",
  ]);
});

Deno.test("parseDuoPromptPage() handles a deeply nested page", () => {
  const page = parseDuoPromptPage("<div>".repeat(100_000) + PAGE);
  assert.equal(page.sid?.reveal(), "s1|2=");
});
