/** A device as the prompt lists it. */
export interface DuoDevice {
  /** `phone1`, `token`. */
  id: string;
  /** As shown to the user. */
  label: string;
  /** `Duo Push`, `Phone Call`, `Passcode`. */
  factors: string[];
}

function page(body: string): Response {
  return new Response(`<!DOCTYPE html><html><head><title>Duo</title></head><body>${body}</body>`, {
    headers: { "content-type": "text/html; charset=utf-8" },
  });
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${value.replaceAll("&", "&amp;")}">`;
}

/** The form about the browser that a script submits immediately. */
export function browserForm(tx: string, parent: string): Response {
  const fields = [
    ["tx", tx],
    ["parent", parent],
    ["java_version", ""],
    ["flash_version", ""],
    ["screen_resolution_width", ""],
    ["color_depth", ""],
    ["is_cef_browser", "false"],
  ];
  const inputs = fields.map(([name, value]) => hidden(name!, value!)).join("\n");
  return page(`<form method="POST" id="plugin_form">${inputs}</form>`);
}

/** Sends a push to the first device, waits for the user, and gives the page around it the answer. */
const SCRIPT = `
  const { sid, device } = document.getElementById("login-form");
  const post = async (path, fields) => {
    const headers = { "x-requested-with": "XMLHttpRequest" };
    const body = new URLSearchParams({ sid: sid.value, ...fields });
    return (await (await fetch(path, { method: "POST", headers, body })).json()).response;
  };
  (async () => {
    const push = { device: device.value, factor: "Duo Push", out_of_date: "False" };
    const { txid } = await post("/frame/prompt", push);
    let status = {};
    while (status.result === undefined) status = await post("/frame/status", { txid });
    const { cookie, parent: page } = await post(status.result_url, {});
    parent.postMessage(cookie, new URL(page).origin);
  })();
`;

export function promptPage(sid: string, devices: DuoDevice[]): Response {
  const options = devices.map(({ id, label }) => `<option value="${id}">${label}</option>`);
  const sets = devices.map(({ id, factors }) =>
    `<fieldset data-device-index="${id}" class="hidden">${
      factors.map((factor) => `<div>${hidden("factor", factor)}<button>…</button></div>`).join("")
    }</fieldset>`
  );
  return page(`
    <form action="/frame/prompt" method="POST" id="login-form">
      ${hidden("sid", sid)}${hidden("url", "/frame/prompt")}
      ${hidden("out_of_date", "False")}${hidden("days_out_of_date", "0")}
      <select name="device" tabindex="2">${options.join("")}</select>
      ${sets.join("\n")}
    </form>
    <script>${SCRIPT}</script>`);
}
