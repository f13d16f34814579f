import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { SettingsError } from "../../src/errors.ts";
import { decodePng } from "../../src/totp/png.ts";
import { readQrPicture } from "../../src/totp/qr_picture.ts";
import { qrPicture } from "../fakes/qr_pictures.ts";

const URI = "otpauth://totp/Okta:jane%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Okta";

/** Pictures that ImageMagick made of {@linkcode URI}'s code. */
async function picture(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(new URL(`pictures/${name}`, import.meta.url));
}

for (
  const name of [
    "grey1.png",
    "interlaced.png",
    "interlaced_grey1.png",
    "palette.png",
    "color16.png",
    "clear_paper.png",
    "clear_dark.png",
    "dark.png",
    "rotated.jpg",
    "progressive.jpg",
    "two_codes.png",
  ]
) {
  Deno.test(`readQrPicture() reads ${name}`, async () => {
    equal((await readQrPicture(await picture(name))).reveal(), URI);
  });
}

for (const degrees of [0, 7, 45, 90, 133, 180, 270]) {
  for (const scale of [2.5, 4, 11]) {
    Deno.test(`readQrPicture() reads a code turned by ${degrees}°, ${scale} pixels a module`, async () => {
      for (const shades of [[0, 255], [90, 200], [235, 30]] as [number, number][]) {
        const text = await readQrPicture(qrPicture(URI, { degrees, scale, shades }));
        equal(text.reveal(), URI);
      }
    });
  }
}

Deno.test("readQrPicture() reports what is wrong with a picture", async () => {
  const grey = await picture("grey1.png");
  const cases: [Uint8Array<ArrayBuffer>, string, RegExp][] = [
    [new Uint8Array(), "bad_qr_picture", /neither a PNG nor a JPEG/],
    [new TextEncoder().encode("GIF89a"), "bad_qr_picture", /neither/],
    [grey.slice(0, 20), "bad_qr_picture", /damaged/],
    [grey.slice(0, 200), "bad_qr_picture", /damaged/],
    [(await picture("rotated.jpg")).slice(0, 300), "bad_qr_picture", /damaged/],
    [await picture("no_code.jpg"), "no_qr_code", /no readable QR code/],
    [await picture("app_store.png"), "no_qr_code", /not for an authenticator/],
  ];
  for (const [bytes, code, message] of cases) {
    await rejects(readQrPicture(bytes), (error) => {
      ok(error instanceof SettingsError);
      equal(error.code, code);
      ok(message.test(error.message), error.message);
      return true;
    });
  }
});

Deno.test("decodePng() rejects a huge picture before unpacking it", async () => {
  const bytes = await picture("grey1.png");
  new DataView(bytes.buffer).setUint32(16, 0x7fffffff);
  await rejects(decodePng(bytes), /too large/);
});

Deno.test("decodePng() keeps shades and alpha", async () => {
  const { data } = await decodePng(await picture("palette.png"));
  const shades = new Set<string>();
  for (let at = 0; at < data.length; at += 4) shades.add(data.slice(at, at + 4).join());
  deepEqual([...shades].sort(), ["16,32,64,255", "240,224,255,255"]);
});
