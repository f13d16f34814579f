/**
 * House rules that `deno lint` checks: only `src/platform` (and tests and tools) may touch `Deno`.
 *
 * @module
 */

const ALLOWED =
  /[\\/](?:src[\\/]platform|tests|tools|(?<!src[\\/]|flows[\\/])plugins)[\\/]|[\\/]mod\.ts$/;

const plugin: Deno.lint.Plugin = {
  name: "okta-aws",
  rules: {
    "deno-only-in-platform": {
      create(context) {
        if (ALLOWED.test(context.filename)) return {};
        return {
          'MemberExpression[object.name="Deno"]'(node) {
            context.report({
              node,
              message: "Deno.* belongs to src/platform: add what you need to a port (src/ports)",
            });
          },
        };
      },
    },
  },
};

export default plugin;
