/** Editing a credentials file with thousands of profiles that are not ours. */

import { profileSectionEdit } from "../../src/aws/files/profile_section.ts";
import { parseIni } from "../../src/ini/document.ts";
import { editIni } from "../../src/ini/edit.ts";
import { decodeLossless, encodeLossless } from "../../src/ini/lossless_text.ts";
import { systemFiles } from "../../src/platform/files/files.ts";
import { Secret } from "../../src/secret.ts";
import { median, print } from "./measure.ts";

const PROFILES = 5000;
const ROUNDS = 15;
const WARM_UPS = 3;
const LIMIT = 100;
const OURS = "okta-acme-Developer";

function foreignProfiles(): string {
  const profiles = Array.from({ length: PROFILES }, (_, index) => [
    `# team ${index % 40}, ask before you change`,
    `[team-${index}]`,
    `aws_access_key_id = AKIA${String(index).padStart(16, "0")}`,
    `aws_secret_access_key=${"s".repeat(40)} `,
    index % 3 === 0 ? "s3 =\r\n  max_concurrent_requests = 20" : "region = eu-west-1",
    "",
  ]);
  return profiles.flat().join("\n");
}

async function editOnce(path: string, name: string): Promise<number> {
  const files = systemFiles();
  const began = performance.now();
  const text = decodeLossless((await files.read(path))!);
  const document = parseIni(text);
  const edit = profileSectionEdit(document, {
    profile: name,
    credentials: {
      accessKeyId: `ASIA${crypto.randomUUID().slice(0, 8)}`,
      secretAccessKey: new Secret("x"),
      sessionToken: new Secret("y"),
      expiration: new Date(),
    },
    region: "eu-west-1",
    legacySecurityToken: false,
  });
  await files.writeAtomic(path, encodeLossless(editIni(document, [edit])));
  return performance.now() - began;
}

/** @returns Whether it is within the limit, from read to fsync, and all other bytes are unchanged. */
export async function measureEdit(): Promise<boolean> {
  const folder = await Deno.makeTempDir({ prefix: "okta-aws-bench-" });
  try {
    const path = `${folder}/credentials`;
    const foreign = foreignProfiles();
    await Deno.writeTextFile(path, foreign);
    const times: number[] = [];
    for (let round = -WARM_UPS; round < ROUNDS; round++) {
      const time = await editOnce(path, OURS);
      if (round >= 0) times.push(time);
    }
    const after = await Deno.readTextFile(path);
    const equal = after.startsWith(foreign) && after.split(`[${OURS}]`).length === 2;
    print(`one section edited in a credentials file of ${PROFILES} other profiles`);
    print(`  median of ${ROUNDS}: ${median(times).toFixed(1)} ms (limit ${LIMIT})`);
    print(`  all other bytes are ${equal ? "unchanged" : "CHANGED"}`);
    return equal && median(times) < LIMIT;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
