/** A web server with signed team settings, and the signing key. */

export interface TeamServer extends AsyncDisposable {
  /** The document's URL. */
  readonly url: string;
  /** The public key, 32 bytes in base64. */
  readonly key: string;
  /** The requested paths. */
  readonly asked: string[];
  /** Publishes a document; with `forged`, its signature is for another one. */
  publish(document: unknown, forged?: boolean): Promise<void>;
  /** Base64. */
  sign(text: string): Promise<string>;
}

/** `await using` stops it. */
export async function startTeamServer(): Promise<TeamServer> {
  const generated = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const pair = generated as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const files = new Map<string, string>();
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    const text = files.get(pathname);
    return text === undefined ? new Response("", { status: 404 }) : new Response(text);
  });
  const sign = async (text: string) => {
    const bytes = new TextEncoder().encode(text);
    const signature = await crypto.subtle.sign("Ed25519", pair.privateKey, bytes);
    return new Uint8Array(signature).toBase64();
  };
  return {
    url: `http://127.0.0.1:${server.addr.port}/team.json?v=1`,
    key: raw.toBase64(),
    asked,
    sign,
    async publish(document, forged = false) {
      const text = JSON.stringify(document);
      files.set("/team.json", text);
      files.set("/team.json.sig", `${await sign(forged ? `${text} ` : text)}\n`);
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
