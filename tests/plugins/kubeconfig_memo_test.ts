import assert from "node:assert/strict";
import type { AppContext } from "../../src/app/context.ts";
import { answerFromMemo } from "../../src/plugins/kubeconfig_memo.ts";

const KUBECONFIG = `users:
- name: arn:aws:eks:eu-west-1:123456789012:cluster/prod
  user: {}
`;
const ENTRIES = [{ cluster: "prod", profile: "p" }];

function contextWith(kept: Map<string, Uint8Array>, account?: string): AppContext {
  const files = {
    read: (path: string) => Promise.resolve(kept.get(path)),
    writeAtomic: (path: string, bytes: Uint8Array) => Promise.resolve(kept.set(path, bytes)),
  };
  const environment = { command: ["/usr/bin/okta-aws"] };
  return {
    ports: { environment, files },
    flags: { account },
    paths: { cache: "/cache" },
  } as unknown as AppContext;
}

Deno.test("answerFromMemo() knows the text that it wrote", async () => {
  const kept = new Map<string, Uint8Array>();
  const context = contextWith(kept);
  const first = await answerFromMemo(context, { kubeconfig: KUBECONFIG, entries: ENTRIES });
  assert.match(first.kubeconfig, /- --profile\n\s+- p\n/);
  const [hash] = [...kept.values()];
  const argument = { kubeconfig: first.kubeconfig, entries: ENTRIES };
  assert.deepEqual(await answerFromMemo(context, argument), first);
  assert.deepEqual([...kept.values()], [hash]);
});

Deno.test("answerFromMemo() reads a text again for other entries or another account", async () => {
  const kept = new Map<string, Uint8Array>();
  const context = contextWith(kept);
  const { kubeconfig } = await answerFromMemo(context, {
    kubeconfig: KUBECONFIG,
    entries: ENTRIES,
  });
  const entries = [{ cluster: "prod", profile: "other" }];
  assert.match((await answerFromMemo(context, { kubeconfig, entries })).kubeconfig, /- other\n/);
  const other = contextWith(kept, "work");
  const again = await answerFromMemo(other, { kubeconfig, entries: ENTRIES });
  assert.match(again.kubeconfig, /- --account\n\s+- work\n/);
});

Deno.test("answerFromMemo() names a missing cluster each time", async () => {
  const kept = new Map<string, Uint8Array>();
  const context = contextWith(kept);
  const argument = { kubeconfig: KUBECONFIG, entries: [{ cluster: "gone", profile: "p" }] };
  for (let round = 0; round < 2; round++) {
    assert.deepEqual((await answerFromMemo(context, argument)).missing, ["gone"]);
  }
  assert.equal(kept.size, 0);
});
