/** Project rules for `deno lint`: in `src`, only `src/platform` may use `Deno`. */

const ALLOWED = /[\\/](?:src[\\/]platform|tests|tools|(?<!src[\\/])plugins)[\\/]|[\\/]mod\.ts$/;

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
              message:
                "Deno.* is allowed only in src/platform: add what you need to a port (src/ports)",
            });
          },
        };
      },
    },
  },
};

export default plugin;
