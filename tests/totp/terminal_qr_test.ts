import { equal, ok } from "node:assert/strict";
import { decodeQR } from "qr/decode";
import { Secret } from "../../src/secret.ts";
import { terminalQr } from "../../src/totp/terminal_qr.ts";

const URI =
  "otpauth://totp/acme.okta.com:jane%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" +
  "&issuer=acme.okta.com&algorithm=SHA1&digits=6&period=30";

/** What a terminal shows: each character two pixels, the lower below the upper, times four. */
function read(drawing: string, ink: 0 | 255): string {
  const lines = drawing.trimEnd().split("\n").map((line) =>
    // deno-lint-ignore no-control-regex -- these are what the drawing's colours are made of
    line.replace(/\x1b\[[\d;]*m/g, "")
  );
  const [width, height] = [lines[0]!.length * 4, lines.length * 8];
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const shown = lines[y >> 3]![x >> 2]!;
      const half = y % 8 < 4 ? "▀" : "▄";
      const value = shown === "█" || shown === half ? ink : 255 - ink;
      data.fill(value, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return decodeQR({ width, height, data });
}

Deno.test("terminalQr() draws a code that can be read, in colour and without", () => {
  const colored = terminalQr(new Secret(URI), { columns: 80, color: true })!;
  equal(read(colored, 0), URI);
  const plain = terminalQr(new Secret(URI), { columns: 80, color: false })!;
  equal(read(plain, 255), URI);
  ok(!plain.includes("\x1b"));
});

Deno.test("terminalQr() fits 80 by 30, and returns undefined when too wide", () => {
  const lines = terminalQr(new Secret(URI), { columns: 80, color: false })!.trimEnd().split("\n");
  ok(lines.length <= 28 && lines[0]!.length <= 57, `${lines[0]!.length}x${lines.length}`);
  equal(terminalQr(new Secret(URI), { columns: lines[0]!.length - 1, color: true }), undefined);
});
