import assert from "node:assert/strict";
import { openDuoFrame } from "../../../src/okta/duo/duo.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { answer, scriptedHttp } from "../../fakes/scripted_http.ts";

const HOST = "api-1.duosecurity.com";
const FIRST = `https://${HOST}/frame/web/v1/auth?tx=TX%7C1&parent=https%3A%2F%2Facme&v=2.6`;

function form(id: string): string {
  return `<form method="post" id="${id}"><input type="hidden" name="sid" value="sid1">` +
    `<input type="hidden" name="akey" value="A"></form>`;
}

const PROMPT = '<form><input type="hidden" name="sid" value="sid1"><select name="device">' +
  '<option value="phone1">iOS</option></select><fieldset data-device-index="phone1">' +
  '<input type="hidden" name="factor" value="Duo Push"></fieldset></form>';

for (const id of ["endpoint-health-form", "client_cert_form"]) {
  Deno.test(`openDuoFrame() posts ${id} back before the prompt`, async () => {
    const page = (body: string) => answer(200, body);
    const http = scriptedHttp([
      [`GET ${FIRST}`, page('<form><input name="tx" value="TX|1"></form>')],
      [`POST ${FIRST}`, page(form(id))],
      [`POST ${FIRST}`, page(PROMPT)],
    ]);
    const signature = new Secret("TX|1:APP|2");
    const demand = { kind: "duo", host: HOST, signature, parent: "https://acme" } as const;
    const frame = await openDuoFrame(demand, { http, clock: new FakeClock() });
    assert.deepEqual(frame.methods.map(({ name }) => name), ["push to iOS"]);
    assert.equal(http.sent[2]!.body, "akey=A&sid=sid1");
    http.finished();
  });
}
