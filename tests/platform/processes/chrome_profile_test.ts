import { deepStrictEqual, match, rejects } from "node:assert/strict";
import { UsageError } from "../../../src/errors.ts";
import { findChromeProfile } from "../../../src/platform/processes/chrome_profile.ts";
import { posixScratchTest } from "../scratch_folder.ts";

const STATE = {
  "Default": { name: "Jo", user_name: "jo@example.com" },
  "Profile 1": { name: "Work" },
};

/** A home with browsers in `bin` and the profiles of each. */
async function homeWith(
  home: string,
  browsers: readonly [program: string, data: string, profiles: unknown][],
) {
  await Deno.mkdir(`${home}/bin`);
  for (const [program, data, profiles] of browsers) {
    await Deno.writeTextFile(`${home}/bin/${program}`, "");
    await Deno.mkdir(`${home}/.config/${data}`, { recursive: true });
    const state = JSON.stringify({ profile: { info_cache: profiles } });
    await Deno.writeTextFile(`${home}/.config/${data}/Local State`, state);
  }
  const get = (name: string) => name === "PATH" ? `${home}/bin` : undefined;
  return (wanted: string, path?: string) =>
    findChromeProfile(wanted, path, { os: "linux", get, home });
}

posixScratchTest(
  "findChromeProfile() takes a profile's name, e-mail address or folder",
  async (home) => {
    const find = await homeWith(home, [["google-chrome", "google-chrome", STATE]]);
    const program = `${home}/bin/google-chrome`;
    for (const wanted of ["work", "Work", "Profile 1"]) {
      deepStrictEqual(await find(wanted), { program, folder: "Profile 1" });
    }
    deepStrictEqual(await find("jo@example.com"), { program, folder: "Default" });
  },
);

posixScratchTest("findChromeProfile() takes the browser that has the profile", async (home) => {
  const find = await homeWith(home, [
    ["google-chrome", "google-chrome", STATE],
    ["microsoft-edge", "microsoft-edge", { Default: { name: "Office" } }],
  ]);
  const program = `${home}/bin/microsoft-edge`;
  deepStrictEqual(await find("office"), { program, folder: "Default" });
  await rejects(find("Work", program), UsageError, "only the browser that is named");
});

posixScratchTest("findChromeProfile() lists the profiles when none matches", async (home) => {
  const find = await homeWith(home, [["google-chrome", "google-chrome", STATE]]);
  await rejects(find("wrok"), (error) => {
    match((error as UsageError).hint!, /use one of: Jo, Work$/);
    return (error as UsageError).code === "unknown_chrome_profile";
  });
});
