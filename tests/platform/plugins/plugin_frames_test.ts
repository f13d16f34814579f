import assert from "node:assert/strict";
import {
  decodeTagged,
  encodeTagged,
  linesOf,
} from "../../../src/platform/plugins/plugin_frames.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("decodeTagged() reads messages among other output", async () => {
  const printed = [
    new TextEncoder().encode("stray"),
    encodeTagged("tag", { kind: "log", line: "ü\n" }),
    new TextEncoder().encode("tag not JSON\ntag {}\nother {}\n"),
    encodeTagged("tag", { kind: "done", value: 1 }),
  ];
  // Cut within a character.
  const bytes = new Uint8Array(printed.flatMap((part) => [...part]));
  const cut = text(bytes).indexOf("ü") + 1;
  const stream = ReadableStream.from([bytes.slice(0, cut), bytes.slice(cut)]);
  const frames = (await Array.fromAsync(linesOf(stream, 1000)))
    .map((line) => decodeTagged("tag", line)).filter((frame) => frame !== undefined);
  assert.deepEqual(frames, [{ kind: "log", line: "ü\n" }, { kind: "done", value: 1 }]);
});

Deno.test("decodeTagged() rejects messages of another form", () => {
  for (const frame of [{ kind: "log" }, { kind: "ask", id: "1" }, { kind: "x" }, null, 1]) {
    assert.equal(decodeTagged("t", text(encodeTagged("t", frame)).trim()), undefined);
  }
});

Deno.test("linesOf() throws after its limit", async () => {
  const stream = ReadableStream.from([new Uint8Array(10), new Uint8Array(10)]);
  await assert.rejects(Array.fromAsync(linesOf(stream, 15)), RangeError);
});
