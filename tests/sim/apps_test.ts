import assert from "node:assert/strict";
import {
  assertion,
  postJson,
  primary,
  samlResponseOf,
  send,
  sessionCookie,
  sessionToken,
  unescapeHtml,
  verify,
  verifyLink,
} from "./probe.ts";
import { type Simulator, startSimulator } from "./simulator.ts";
import { awsApp, identityCenterApp } from "./default_world.ts";
import { NASTY_TEXT } from "./faults.ts";

async function open(sim: Simulator, cookie: string, url = sim.embedLink()) {
  return await send(url, { headers: { cookie } });
}

function xmlOf(samlText: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(samlText));
}

Deno.test("GET appLinks: lists the user's apps when there is a session", async () => {
  await using sim = await startSimulator();
  sim.world.apps.push(identityCenterApp(), awsApp("Not hers", { id: "0oaX", assigned: [] }));
  const url = `${sim.okta}/api/v1/users/me/appLinks`;
  const without = await send(url);
  assert.equal(without.status, 403);
  assert.equal(without.json.errorCode, "E0000005");
  const { json } = await send(url, { headers: { cookie: await sessionCookie(sim) } });
  assert.deepEqual(
    json.map((app: { appName: string }) => app.appName),
    ["amazon_aws", "amazon_aws_sso"],
  );
  assert.equal(json[0].linkUrl, sim.embedLink());
});

Deno.test("GET appLinks: returns any label unchanged", async () => {
  await using sim = await startSimulator();
  sim.world.apps[0]!.label = NASTY_TEXT;
  const url = `${sim.okta}/api/v1/users/me/appLinks`;
  const { json } = await send(url, { headers: { cookie: await sessionCookie(sim) } });
  assert.equal(json[0].label, NASTY_TEXT);
});

Deno.test("GET app: returns the assertion for the embed link and the sign-on URLs", async (t) => {
  await using sim = await startSimulator();
  const cookie = await sessionCookie(sim);
  const { name, exk, id } = sim.world.apps[0]!;
  for (
    const path of [
      `/home/${name}/${id}/272`,
      `/app/${name}/${exk}/sso/saml`,
      `/app/${exk}/sso/saml?fromHome=true`,
    ]
  ) {
    await t.step(path, async () => {
      const page = await open(sim, cookie, sim.okta + path);
      assert.equal(page.status, 200);
      assert.ok(sim.state.assertions.has(samlResponseOf(page.text)));
    });
  }
  assert.equal((await open(sim, cookie, `${sim.okta}/home/amazon_aws/0oaOther/1`)).status, 404);
  sim.world.apps[0]!.embedRedirects = true;
  const redirect = await open(sim, cookie);
  assert.equal(
    redirect.headers.get("location"),
    `${sim.okta}/app/${name}/${exk}/sso/saml?fromHome=true`,
  );
});

Deno.test("GET app: accepts a sessionToken in the link once", async () => {
  await using sim = await startSimulator();
  for (const name of ["sessionToken", "onetimetoken"]) {
    const url = `${sim.embedLink()}?${name}=${await sessionToken(sim)}`;
    const page = await send(url);
    assert.ok(samlResponseOf(page.text));
    assert.ok(page.headers.getSetCookie().some((one) => /^sid=1/.test(one)));
    assert.equal((await send(url)).status, 302);
  }
});

Deno.test("GET app: shows or redirects to the sign-in page when there is no session", async () => {
  await using sim = await startSimulator();
  const redirect = await send(sim.embedLink());
  assert.equal(redirect.status, 302);
  assert.match(redirect.headers.get("location")!, /\/login\/login\.htm\?fromURI=%2Fhome%2F/);
  assert.match((await send(redirect.headers.get("location")!)).text, /id="okta-sign-in"/);
  sim.world.apps[0]!.withoutSession = "page";
  const page = await send(sim.embedLink());
  assert.equal(page.status, 200);
  assert.match(page.text, /id="okta-sign-in"/);
});

Deno.test("GET app: answers 403 when the user is not assigned", async () => {
  await using sim = await startSimulator();
  sim.world.apps[0]!.assigned = [];
  const page = await open(sim, await sessionCookie(sim));
  assert.equal(page.status, 403);
  assert.match(page.text, /class="error-content"/);
  assert.match(page.text, /User is not assigned to this application/);
});

Deno.test("GET app: takes RelayState from the link, then from the app, or omits it", async () => {
  await using sim = await startSimulator();
  const cookie = await sessionCookie(sim);
  const relayOf = (text: string) =>
    /name="RelayState"[^>]*value="([^"]*)"/.exec(unescapeHtml(text))?.[1];
  const url = `${sim.embedLink()}?RelayState=${
    encodeURIComponent("https://console.aws.amazon.com/s3")
  }`;
  assert.equal(relayOf((await open(sim, cookie, url)).text), "https://console.aws.amazon.com/s3");
  assert.equal(relayOf((await open(sim, cookie)).text), "");
  sim.world.apps[0]!.relayState = undefined;
  assert.equal(relayOf((await open(sim, cookie)).text), undefined);
});

Deno.test("samlPage() writes all page shapes", async (t) => {
  await using sim = await startSimulator();
  const cookie = await sessionCookie(sim);
  const { page } = sim.world.apps[0]!;
  const check = async () => {
    const { text } = await open(sim, cookie);
    assert.ok(sim.state.assertions.has(samlResponseOf(text)), text.slice(0, 900));
    return text;
  };
  await t.step("hexadecimal entities", async () => {
    assert.match(await check(), /action="https&#x3a;&#x2f;&#x2f;signin/);
  });
  await t.step("plain", async () => {
    page.entities = "plain";
    assert.match(await check(), /action="https:\/\/signin/);
  });
  await t.step("three forms", async () => {
    page.forms = "three";
    assert.equal((await check()).match(/<form/g)?.length, 3);
  });
  await t.step("other quotes, order and case", async () => {
    page.attributes = "reversed";
    assert.match(await check(), /<INPUT value='[^']+' type=hidden name='SAMLResponse'>/);
  });
  await t.step("folded base64", async () => {
    page.folded = true;
    await check();
  });
});

Deno.test("samlResponse() writes all response shapes", async (t) => {
  await using sim = await startSimulator();
  const app = sim.world.apps[0]!;
  const plain = structuredClone(app.response);
  const [first] = app.grants;
  const written = async (changes: Partial<typeof plain>) => {
    app.response = { ...plain, ...changes };
    return xmlOf(await assertion(sim));
  };
  await t.step("as Okta writes it", async () => {
    const xml = await written({});
    assert.match(xml, /^<\?xml version="1.0" encoding="UTF-8"\?><saml2p:Response /);
    assert.equal(xml.match(/<ds:Signature /g)?.length, 2);
    assert.equal(xml.match(/<saml2:AttributeStatement /g)?.length, 1);
    assert.ok(xml.includes(`>${first!.principalArn},${first!.roleArn}</saml2:AttributeValue>`));
    assert.doesNotMatch(xml, /SessionNotOnOrAfter|InResponseTo/);
  });
  await t.step("role first", async () => {
    const xml = await written({ order: "role,provider" });
    assert.ok(xml.includes(`>${first!.roleArn},${first!.principalArn}<`));
  });
  await t.step("other prefixes", async () => {
    assert.match(await written({ prefix: "saml:" }), /<saml:Assertion xmlns:saml=/);
    assert.match(await written({ prefix: "" }), /<Assertion xmlns="urn:oasis/);
  });
  await t.step("several statements and attributes", async () => {
    const xml = await written({ statements: "several", roleAttribute: "repeated" });
    assert.equal(xml.match(/<saml2:AttributeStatement /g)?.length, 5);
    assert.equal(xml.match(/Name="[^"]*\/Role"/g)?.length, 3);
  });
  await t.step("pretty printed", async () => {
    assert.match(
      await written({ pretty: true }),
      />\s+arn:aws:iam::\d{12}:saml-provider[^<\s]+\s+<\//,
    );
  });
  await t.step("comments, CDATA, DOCTYPE", async () => {
    assert.match(await written({ comments: true }), /arn[^<]+<!-- c -->[^<]+<\//);
    assert.ok((await written({ cdata: true })).includes(`<![CDATA[${first!.principalArn},`));
    const doctype = `<!DOCTYPE x [<!ENTITY a "b">]>`;
    assert.ok((await written({ doctype })).includes(`?>${doctype}<saml2p:Response`));
  });
  await t.step("no destination, more bytes, odd values, encrypted", async () => {
    assert.doesNotMatch(await written({ destination: null }), /Destination=/);
    assert.ok((await written({ paddingBytes: 2_000_000 })).length > 2_000_000);
    assert.match(await written({ extraRoleValues: ["oops,ohno", "a&b"] }), />a&amp;b</);
    const hidden = await written({ encrypted: true });
    assert.match(hidden, /EncryptedAssertion/);
    assert.doesNotMatch(hidden, /Attribute /);
  });
  await t.step("no roles", async () => {
    app.grants = [];
    assert.doesNotMatch(await written({}), /Attributes\/Role"/);
  });
});

Deno.test("GET app: grants no role when the app is IAM Identity Center's", async () => {
  await using sim = await startSimulator({ world: { apps: [identityCenterApp()] } });
  const page = await open(sim, await sessionCookie(sim));
  assert.match(
    unescapeHtml(page.text),
    /action="https:\/\/us-east-1\.signin\.aws\.amazon\.com\/platform\/saml\/acs\//,
  );
  assert.doesNotMatch(xmlOf(samlResponseOf(page.text)), /Attributes\/Role/);
});

/** Reads the stateToken of a step-up page of any style. */
function stateTokenOf(text: string): string {
  const raw = /stateToken = '([^']+)'/.exec(text)?.[1] ??
    /"stateToken":"([^"]+)"/.exec(text)?.[1] ??
    /name="stateToken" value="([^"]+)"/.exec(text)?.[1] ??
    /action="[^"]*;stateToken=([^"]+)"/.exec(text)?.[1];
  return raw!.replace(
    /\\(?:x|u00)([0-9A-F]{2})/g,
    (_, hex) => String.fromCharCode(parseInt(hex, 16)),
  );
}

Deno.test("step-up: asks for the factor once per session, for every page style", async (t) => {
  for (const style of ["script", "unicode", "json", "input", "action", "redirect"] as const) {
    await t.step(style, async () => {
      await using sim = await startSimulator();
      sim.world.apps[0]!.stepUp = style;
      const cookie = await sessionCookie(sim);
      let page = await open(sim, cookie);
      if (style === "redirect") page = await open(sim, cookie, page.headers.get("location")!);
      if (style === "script") assert.match(page.text, /\\x2D/);
      const stateToken = stateTokenOf(page.text);
      const stranger = await postJson(sim, "/api/v1/authn", { stateToken });
      assert.equal(stranger.json.errorCode, "E0000011");
      const { json } = await postJson(sim, "/api/v1/authn", { stateToken }, { cookie });
      assert.equal(json.status, "MFA_REQUIRED");
      assert.equal(json.type, "SESSION_STEP_UP");
      assert.equal(json._embedded.target.label, "AWS Production");
      sim.world.clock.advance(60_000);
      const done = await postJson(sim, verifyLink(json), {
        stateToken,
        passCode: await sim.user.code(),
      }, { cookie });
      assert.equal(done.json.status, "SUCCESS");
      assert.equal(done.json.sessionToken, undefined);
      const { href, name } = { ...done.json._links.next };
      assert.equal(name, "original");
      const back = await open(sim, cookie, href);
      assert.equal(back.status, 302);
      assert.ok(samlResponseOf((await open(sim, cookie, back.headers.get("location")!)).text));
      assert.match((await open(sim, cookie, href)).text, /okta-sign-in/);
    });
  }
});

Deno.test("step-up: ends in a sessionToken or in both when the app says so", async () => {
  await using sim = await startSimulator();
  const app = sim.world.apps[0]!;
  app.stepUp = "script";
  for (const result of ["sessionToken", "both"] as const) {
    app.stepUpResult = result;
    const cookie = await sessionCookie(sim);
    const stateToken = stateTokenOf((await open(sim, cookie)).text);
    const { json } = await postJson(sim, "/api/v1/authn", { stateToken }, { cookie });
    sim.world.clock.advance(60_000);
    const passCode = await sim.user.code();
    const done = await postJson(sim, verifyLink(json), { stateToken, passCode }, { cookie });
    assert.equal(done.json.stateToken, result === "both" ? stateToken : undefined);
    const page = await send(`${sim.embedLink()}?sessionToken=${done.json.sessionToken}`);
    assert.ok(samlResponseOf(page.text));
  }
});

Deno.test("step-up: starts with the password when there is no session", async () => {
  await using sim = await startSimulator();
  sim.world.apps[0]!.withoutSession = "step_up";
  const stateToken = stateTokenOf((await send(sim.embedLink())).text);
  const start = await postJson(sim, "/api/v1/authn", { stateToken });
  assert.equal(start.json.status, "UNAUTHENTICATED");
  const { json } = await primary(sim, { stateToken });
  assert.equal(json.status, "MFA_REQUIRED");
  const done = await verify(sim, json);
  const back = await send(done.json._links.next.href);
  assert.equal(back.headers.get("location"), sim.embedLink());
  assert.ok(back.headers.getSetCookie().some((one) => /^sid=1/.test(one)));
});
