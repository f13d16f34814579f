/** A browser as far as requests go: the page's cookie, and the value of its forms. @module */

import type { Served } from "./served.ts";

export interface Visitor {
  readonly cookie: string;
  /** The form value of the page. */
  readonly form: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(
    path: string,
    fields: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Response>;
}

/** Exchanges the page's code for a cookie. */
export async function visit(server: Served): Promise<Visitor> {
  const first = await fetch(server.page, { redirect: "manual" });
  const set = first.headers.get("set-cookie");
  await first.body?.cancel();
  if (first.status !== 303 || set === null) throw new Error(`the page answers ${first.status}`);
  return await visitWith(server, set.split(";")[0]!);
}

/** With a cookie of an earlier visit. */
export async function visitWith(server: Served, cookie: string): Promise<Visitor> {
  const origin = new URL(server.page).origin;
  const get: Visitor["get"] = (path, headers = {}) =>
    fetch(origin + path, { redirect: "manual", headers: { Cookie: cookie, ...headers } });
  const text = await (await get("/")).text();
  const form = /name="form" value="([^"]+)"/.exec(text)?.[1] ?? "";
  return {
    cookie,
    form,
    get,
    post: (path, fields, headers = {}) =>
      fetch(origin + path, {
        method: "POST",
        redirect: "manual",
        headers: { Cookie: cookie, Origin: origin, ...headers },
        body: new URLSearchParams({ form, ...fields }),
      }),
  };
}
