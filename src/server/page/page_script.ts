/** The page's script. It gets addresses, names and times; never a credential. @module */

export const PAGE_SCRIPT = `"use strict";
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const live = $("#live"), search = $("#search"), count = $("#count"), notice = $("#notice");

function span(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return hours + " h " + minutes + " min";
  return minutes >= 5 ? minutes + " min" : minutes + ":" + String(seconds % 60).padStart(2, "0");
}

function tick() {
  for (const time of $$("time[data-until]")) {
    const left = Number(time.dataset.until) - Date.now();
    const clock = new Date(Number(time.dataset.until)).toLocaleTimeString([], { timeStyle: "short" });
    const text = left > 0 ? clock + " (" + span(left) + ")" : clock + " (expired)";
    if (time.textContent !== text) time.textContent = text;
  }
  for (const time of $$("time[data-since]")) {
    const text = "since " + new Date(Number(time.dataset.since)).toLocaleTimeString([], { timeStyle: "short" });
    if (time.textContent !== text) time.textContent = text;
  }
}

function filter() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const rows = $$(".role");
  let shown = 0;
  for (const row of rows) {
    row.hidden = !words.every((word) => row.dataset.search.includes(word));
    if (!row.hidden) shown++;
  }
  for (const account of $$(".account")) {
    account.hidden = words.length > 0 && $(".role:not([hidden])", account) === null;
  }
  const text = (words.length > 0 ? shown + " of " : "") + rows.length + (rows.length === 1 ? " role" : " roles");
  if (count.textContent !== text) count.textContent = text;
}

const keyed = (within) => new Map($$("[data-key]", within).map((one) => [one.dataset.key, one]));

/** Replaces only what has changed, so that focus, open menus and what is typed stay. */
function merge(text) {
  const fresh = new DOMParser().parseFromString("<main>" + text + "</main>", "text/html").body.firstChild;
  const [now, next] = [keyed(live), keyed(fresh)];
  if ([...now.keys()].join("\\n") !== [...next.keys()].join("\\n")) live.replaceChildren(...fresh.childNodes);
  else {
    for (const [key, element] of next) {
      const own = (one) => $$("[data-part]", one).filter((part) => part.closest("[data-key]") === one);
      const [olds, news] = [own(now.get(key)), own(element)];
      news.forEach((part, index) => {
        const old = olds[index];
        const isQuestion = key === "news" && index === 0;
        if (isQuestion ? old.dataset.part === part.dataset.part : comparable(old) === comparable(part)) return;
        // The element itself stays: screen readers announce what changes in it.
        old.dataset.part = part.dataset.part;
        old.replaceChildren(...part.childNodes);
        if (isQuestion) $("input:not([type=hidden]), button", old)?.focus();
      });
    }
  }
  tick();
  filter();
}

/** Without the texts that tick() has written. */
function comparable(part) {
  const copy = part.cloneNode(true);
  for (const time of $$("time", copy)) time.textContent = "";
  return copy.innerHTML;
}

let loading = false, again = false;
async function load() {
  if (loading) return void (again = true);
  loading = true;
  try {
    const response = await fetch("/live");
    if (response.ok) merge(await response.text());
    else notice.textContent = "Open this page again: okta-aws serve --open";
  } catch {
    notice.textContent = "The server has stopped. Start it again: okta-aws serve";
  }
  loading = false;
  if (again) { again = false; load(); }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.target === "_blank") return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const response = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => undefined);
  if (response === undefined || response.status >= 400) notice.textContent = "That did not work. Reload the page.";
  load();
});

async function copy(text) {
  try {
    return await navigator.clipboard.writeText(text);
  } catch (error) {
    // Some browsers allow only the older way.
    const area = document.createElement("textarea"), before = document.activeElement;
    area.value = text;
    document.body.append(area);
    area.select();
    const worked = document.execCommand("copy");
    area.remove();
    before?.focus();
    if (!worked) throw error;
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button === null) return;
  try {
    await copy(button.dataset.copy);
    notice.textContent = "Copied: " + button.dataset.copy.split("\\n")[0];
  } catch {
    notice.textContent = "The browser does not allow copying. The text: " + button.dataset.copy;
  }
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "Escape" && typing === search) {
    search.value = "";
    filter();
  }
});

search.addEventListener("input", filter);
// Other programs renew too, and a laptop sleeps.
setInterval(load, 30000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) load(); });
setInterval(tick, 1000);
tick();
filter();

const events = new EventSource("/events");
events.addEventListener("change", load);
events.addEventListener("open", () => { notice.textContent = ""; load(); });
events.addEventListener("error", () => {
  notice.textContent = "The server has stopped. Start it again: okta-aws serve";
});
`;
