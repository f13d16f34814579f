import { AssertionError } from "node:assert/strict";
import { NetworkError } from "../../src/errors.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../../src/ports.ts";

/** An answer, a failure, or a function that makes one from the request. */
export type Reply =
  | HttpResponse
  | Error
  | ((request: HttpRequest) => HttpResponse | Promise<HttpResponse>);

/** An expected request (`GET https://acme.okta.com/`) and its answer. */
export type Exchange = readonly [request: string, reply: Reply];

/** An HTTP client that answers from a script. */
export interface ScriptedHttp extends HttpClient {
  /** The requests, in order. */
  readonly sent: HttpRequest[];
  /** Fails if an expected request is missing. */
  finished(): void;
}

function asHeaders(headers: Record<string, string | string[]>): Headers {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one])
  );
  return new Headers(entries);
}

/** A header may have several values (`Set-Cookie`). */
export function answer(
  status: number,
  body = "",
  headers: Record<string, string | string[]> = {},
): HttpResponse {
  return { status, body, headers: asHeaders(headers) };
}

export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Record<string, string | string[]> = {},
): HttpResponse {
  return answer(status, JSON.stringify(body), { "Content-Type": "application/json", ...headers });
}

export function redirect(
  location: string,
  headers: Record<string, string | string[]> = {},
): HttpResponse {
  return answer(302, "", { "Location": location, ...headers });
}

/** A network failure. */
export function networkFailure(code: string): NetworkError {
  return new NetworkError(`scripted: ${code}`, { code });
}

/** A client that expects exactly these requests in this order. */
export function scriptedHttp(script: readonly Exchange[]): ScriptedHttp {
  const sent: HttpRequest[] = [];
  return {
    sent,
    async send(request) {
      const [expected, reply] = script[sent.length] ?? ["nothing more"];
      sent.push(request);
      const actual = `${request.method} ${request.url}`;
      if (reply === undefined || actual !== expected) {
        throw new AssertionError({ message: "not in the script", actual, expected });
      }
      if (reply instanceof Error) throw reply;
      return typeof reply === "function" ? await reply(request) : reply;
    },
    finished() {
      const left = script.slice(sent.length).map(([request]) => request);
      if (left.length > 0) throw new AssertionError({ message: "not asked for", actual: left });
    },
  };
}
