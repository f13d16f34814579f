/** The page in a real browser: by keyboard and mouse, at three widths, dark and light. */

import assert from "node:assert/strict";
import axe, { type AxeResults } from "axe-core";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { setUpHome } from "../cli/program.ts";
import { serve } from "../cli/served.ts";
import { startSimulator } from "../sim/simulator.ts";
import { ignoreWithout } from "./programs.ts";

const PATIENCE_MILLISECONDS = 30_000;

/** The program's path differs between systems. */
async function chromium(): Promise<Browser> {
  const { stdout } = await new Deno.Command("which", { args: ["chromium"] }).output();
  return await puppeteer.launch({
    executablePath: new TextDecoder().decode(stdout).trim(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    timeout: PATIENCE_MILLISECONDS,
    env: { PATH: Deno.env.get("PATH"), HOME: Deno.env.get("HOME") },
  });
}

/** What axe's rules say of the page, and how far it is wider than the window. */
async function faults(page: Page): Promise<string[]> {
  const session = await page.createCDPSession();
  await session.send("Runtime.evaluate", { expression: axe.source });
  const found = await page.evaluate("axe.run()") as AxeResults;
  const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  const wide = Number(overflow) > 0 ? [`${overflow} pixels too wide`] : [];
  return [...wide, ...found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)];
}

Deno.test({
  name: "serve: the page works by keyboard and mouse and breaks no rule of axe",
  ignore: ignoreWithout("chromium"),
  sanitizeResources: false,
  sanitizeOps: false,
  async fn(t) {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    await using server = await serve(home);
    const browser = await chromium();
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE_MILLISECONDS);
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(server.page);
      const shows = (selector: string, text: string) =>
        page.waitForFunction(
          `document.querySelector(${JSON.stringify(selector)}).textContent.includes(${
            JSON.stringify(text)
          })`,
        );
      for (const scheme of ["light", "dark"]) {
        for (const width of [360, 800, 1280]) {
          await t.step(`${scheme}, ${width} pixels`, async () => {
            await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
            await page.setViewport({ width, height: 900 });
            assert.deepEqual(await faults(page), []);
          });
        }
      }
      await t.step("/ goes to the search, which filters as one types", async () => {
        await page.keyboard.press("/");
        await page.keyboard.type("read");
        await shows("#count", "1 of 3 roles");
        await page.keyboard.press("Escape");
        await shows("#count", "3 roles");
      });
      await t.step("copies the profile's name", async () => {
        await page.click("[data-copy]");
        await shows("#notice", "Copied: ");
      });
      await t.step("Enter on Renew renews, and the focus stays", async () => {
        await page.focus(".role form[action='/renew'] button");
        await page.keyboard.press("Enter");
        await shows(".news", "renewed");
        await shows(".role .state", "valid until");
        const focus = await page.evaluate("document.activeElement.textContent");
        assert.equal(focus, "Renew");
      });
      await t.step("Console opens a tab that AWS signs in", async () => {
        const opened = browser.waitForTarget((target) => target.opener() === page.target());
        await page.click("button.main");
        await opened;
        await page.waitForFunction("document.querySelector('.role .state') !== null");
        assert.equal(sim.requestsTo("signin", "POST", "/federation").length, 1);
      });
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
    }
  },
});
