import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { networkError } from "../../../src/platform/network/network_errors.ts";

const thrown = (words: string): TypeError =>
  new TypeError("fetch failed", {
    cause: new Error(
      `error sending request for url (https://a.example/dns-error/certificate?t=s3cret): ${words}`,
    ),
  });

Deno.test("networkError() maps Deno's messages, whatever the URL contains", () => {
  const codes = [
    "client error (Connect): dns error: failed to lookup address information",
    "client error (Connect): No such host is known. (os error 11001)",
    "client error (Connect): tcp connect error: Connection refused (os error 111)",
    "client error (Connect): tcp connect error: Connection refused (os error 61)",
    "client error (Connect): tcp connect error: No connection could be made because the target " +
    "machine actively refused it. (os error 10061)",
    "client error (Connect): invalid peer certificate: UnknownIssuer",
    "client error (Connect): invalid peer certificate: certificate expired: verification time",
    "client error (Connect): received fatal alert: HandshakeFailure",
    "client error (SendRequest): connection closed before message completed",
    "client error (SendRequest): connection error: Connection reset by peer (os error 104)",
    "An established connection was aborted by the software in your host machine. (os error 10053)",
    "An existing connection was forcibly closed by the remote host. (os error 10054)",
    "client error (Connect): tcp connect error: Connection timed out (os error 110)",
    "client error (Connect): proxy authentication required",
    "something that is new",
  ].map((words) => networkError(thrown(words), "a.example").code);
  deepStrictEqual(codes, [
    "dns",
    "dns",
    "refused",
    "refused",
    "refused",
    "tls",
    "tls",
    "tls",
    "reset",
    "reset",
    "reset",
    "reset",
    "timeout",
    "proxy",
    "network",
  ]);
});

Deno.test("networkError() keeps the message for --debug, without the URL", () => {
  const error = networkError(thrown("connection reset"), "a.example");
  match(Deno.inspect(error), /connection reset/);
  doesNotMatch(Deno.inspect(error), /s3cret|https:/);
});

Deno.test("networkError() escapes the host", () => {
  strictEqual(networkError(thrown(""), "a\x1b[31m").message.includes("\x1b"), false);
  strictEqual(networkError("not an error", "a.example").code, "network");
});
