import assert from "node:assert/strict";
import {
  notifier,
  showNotification,
} from "../../../src/platform/processes/desktop_notification.ts";

Deno.test("notify-send gets words that are neither options nor markup", () => {
  assert.deepEqual(notifier("okta-aws", "-h <b>&", "linux"), {
    command: ["notify-send", "--app-name=okta-aws", "--", "okta-aws", "-h &#60;b&#62;&#38;"],
  });
});

Deno.test("osascript reads its words in quotes, from standard input", () => {
  const { command, input } = notifier("okta-aws", 'a "b" \\', "darwin")!;
  assert.deepEqual(command, ["/usr/bin/osascript", "-"]);
  assert.equal(input, 'display notification "a \\"b\\" \\\\" with title "okta-aws"\n');
  assert.equal(notifier("okta-aws", "x", "windows"), undefined);
});

Deno.test({
  name: "the note reaches the program; a machine without one is no failure",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const script = `#!/bin/sh\nprintf '%s|' "$@" > '${folder}/note'\n`;
      await Deno.writeTextFile(`${folder}/notify-send`, script, { mode: 0o755 });
      const environment = { all: () => ({ PATH: folder }), os: "linux" } as const;
      await showNotification("okta-aws", "renewed a", environment);
      assert.match(await Deno.readTextFile(`${folder}/note`), /okta-aws\|renewed a\|$/);
      await Deno.remove(`${folder}/notify-send`);
      await showNotification("okta-aws", "renewed a", environment);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
