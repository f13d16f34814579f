import assert from "node:assert/strict";

const FILE = new URL("../../docs/recording.svg", import.meta.url);
const LONGEST_MILLISECONDS = 20_000;

Deno.test("docs/recording.svg: is short, starts with text, and shows nothing of the machine", async () => {
  const svg = await Deno.readTextFile(FILE);
  const durations = [...svg.matchAll(/animation:f\d+ (\d+)ms/g)].map(([, time]) => Number(time));
  assert.ok(durations.length > 10);
  assert.ok(Math.max(...durations) <= LONGEST_MILLISECONDS);
  const first = /<g id="f0"[^>]*>(.*?)<\/g>/s.exec(svg)![1]!;
  assert.ok(first.match(/<use /g)!.length >= 3, "the first picture is empty");
  assert.doesNotMatch(
    svg,
    /127\.0\.0\.1|localhost|\/tmp\b|\/home\/(?!amazon_aws)|Uncaught|okta-aws:/,
  );
  assert.match(svg, /sts\u00a0get-caller-identity/);
});
