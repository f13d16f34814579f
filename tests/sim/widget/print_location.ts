// Run by locate.ts with deno_config.json, which maps the package's name.
const manifest = "@okta/okta-signin-widget/package.json";
// Importing it installs the package, so that its name resolves to a file.
await import(manifest, { with: { type: "json" } });
Deno.stdout.writeSync(new TextEncoder().encode(
  new URL("dist/", import.meta.resolve(manifest)).href,
));
