import assert from "node:assert/strict";
import { defaultKubeconfig, kubeconfigPaths } from "../../src/kube/kubeconfig.ts";
import type { Environment } from "../../src/ports.ts";
import { fakeEnvironment } from "../fakes/fake_environment.ts";
import { memoryFiles } from "../fakes/memory_files.ts";

const environment = (KUBECONFIG = "", os: Environment["os"] = "linux") =>
  fakeEnvironment({ KUBECONFIG }, { os });

Deno.test("kubeconfigPaths() uses --kubeconfig, KUBECONFIG, the home folder", () => {
  assert.deepEqual(kubeconfigPaths(environment(undefined), undefined), ["/home/jane/.kube/config"]);
  assert.deepEqual(kubeconfigPaths(environment("/a::/b:/a:"), undefined), ["/a", "/b"]);
  assert.deepEqual(kubeconfigPaths(environment("/a:/b"), "/c"), ["/c"]);
  assert.deepEqual(kubeconfigPaths(environment(undefined), "~/c"), ["/home/jane/c"]);
  const windows = environment("C:\\a;D:\\b", "windows");
  assert.deepEqual(kubeconfigPaths(windows, undefined), ["C:\\a", "D:\\b"]);
});

Deno.test("defaultKubeconfig() is the first that exists, else the last", async () => {
  const files = memoryFiles();
  for (const path of ["/b", "/c"]) files.put(path, "");
  assert.equal(await defaultKubeconfig(files, ["/a", "/b", "/c"]), "/b");
  assert.equal(await defaultKubeconfig(files, ["/x", "/y"]), "/y");
});
