import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  findProgram,
  lookupIn,
  programEndings,
} from "../../../src/platform/processes/find_program.ts";
import { scratchTest } from "../scratch_folder.ts";

Deno.test("findProgram() leaves the search to the system if all of PATH is absolute", () => {
  strictEqual(findProgram("tool", lookupIn({ PATH: "/a:/b" }, false), false), "tool");
  strictEqual(findProgram("tool", lookupIn({ Path: "C:\\a;D:/b" }, true), true), "tool");
  strictEqual(findProgram("./tool", lookupIn({ PATH: ".:/b" }, false), false), "./tool");
});

Deno.test("findProgram() takes nothing from relative entries, whatever PATH is called", () => {
  const { NotFound } = Deno.errors;
  for (const entry of ["", ".", "bin"]) {
    const unix = lookupIn({ PATH: `${entry}:/nonexistent` }, false);
    throws(() => findProgram("tool", unix, false), NotFound);
    const windows = lookupIn({ Path: `${entry};C:\\nonexistent` }, true);
    throws(() => findProgram("tool", windows, true), NotFound);
  }
});

scratchTest("findProgram() passes over a script without an ending on Windows", async (folder) => {
  for (const name of ["tool", "tool.cmd"]) await Deno.writeTextFile(`${folder}/${name}`, "");
  // Two slashes begin an absolute path of Windows, and of this system.
  const absolute = Deno.build.os === "windows" ? folder : `/${folder}`;
  const get = lookupIn({ Path: `.;${absolute}`, PATHEXT: ".exe;.cmd" }, true);
  strictEqual(findProgram("tool", get, true), `${absolute}/tool.cmd`);
  strictEqual(findProgram("tool.cmd", get, true), `${absolute}/tool.cmd`);
});

Deno.test("programEndings() has the empty one if the name has an ending on Windows", () => {
  const get = lookupIn({ PathExt: ".EXE;.CMD;" }, true);
  deepStrictEqual(programEndings("aws", get, true), [".EXE", ".CMD"]);
  deepStrictEqual(programEndings("aws.cmd", get, true), ["", ".EXE", ".CMD"]);
  deepStrictEqual(programEndings("aws", get, false), [""]);
});
