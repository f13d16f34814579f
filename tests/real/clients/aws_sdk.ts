/**
 * AWS SDK for JavaScript: makes the calls that it reads, one JSON document a line, and prints the
 * results the same way. See `aws_client.ts`.
 */

// deno-lint-ignore no-explicit-any -- the clients' types can't be loaded
type Json = any;

const PACKAGES: Record<string, string> = {
  sts: "@aws-sdk/client-sts",
  sso: "@aws-sdk/client-sso",
  "sso-oidc": "@aws-sdk/client-sso-oidc",
  eks: "@aws-sdk/client-eks",
};
const CLIENTS: Record<string, string> = {
  sts: "STSClient",
  sso: "SSOClient",
  "sso-oidc": "SSOOIDCClient",
  eks: "EKSClient",
};

/** `type` is the class of a documented error. */
function describe(error: Json, library: Json): Json {
  const { name } = error.constructor;
  const isDocumented = library[name] !== undefined && !name.endsWith("ServiceException");
  return {
    ...(isDocumented ? { type: name } : {}),
    code: error.Code ?? error.name,
    message: error.message,
    status: error.$metadata?.httpStatusCode,
    oauth: error.error,
  };
}

async function call({ service, operation, endpoint, params, keys }: Json): Promise<Json> {
  const library = await import(PACKAGES[service]!) as Json;
  const credentials = keys ?? { accessKeyId: "none", secretAccessKey: "none" };
  const options = { region: "eu-west-1", endpoint, credentials, maxAttempts: 1 };
  const client = new library[CLIENTS[service]!](options);
  try {
    const { $metadata, ...output } = await client.send(new library[`${operation}Command`](params));
    return { output, requestId: $metadata.requestId };
  } catch (error) {
    return { error: describe(error, library) };
  } finally {
    client.destroy();
  }
}

let rest = "";
for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop()!;
  for (const line of lines) {
    const result = JSON.stringify(await call(JSON.parse(line)));
    Deno.stdout.writeSync(new TextEncoder().encode(`${result}\n`));
  }
}
