import { readdirSync } from "node:fs";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const features = readdirSync("src/features");
const noApp = { regex: "^(@/app|(\\.\\./)+app)/", message: "Only src/main.tsx and src/app may import src/app." };
const noFeatures = { regex: "^(@/features|(\\.\\./)+features)/", message: "This layer knows no feature; compose features in src/app/routes." };

/** A feature imports itself, components, api and lib; never a sibling. tools/check-boundaries.mjs plants violations and expects them found. */
const siblings = features.map((name) => {
  const others = features.filter((other) => other !== name).join("|");
  const message = `features/${name} may not import another feature; compose them in src/app/routes.`;
  return {
    files: [`src/features/${name}/**/*.{ts,tsx}`],
    rules: {
      "no-restricted-imports": ["error", { patterns: [noApp, { regex: `^@/features/(${others})(/|$)`, message }, { regex: `^(\\.\\./)+(features/)?(${others})(/|$)`, message }] }],
    },
  };
});

export default tseslint.config(
  { ignores: ["src/api/schema.d.ts"] },
  ...tseslint.configs.recommendedTypeChecked,
  reactHooks.configs.flat.recommended,
  {
    files: ["src/**/*.{ts,tsx}"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "max-lines": ["warn", { max: 200, skipBlankLines: true }],
    },
  },
  { files: ["src/{components,api,lib}/**/*.{ts,tsx}"], rules: { "no-restricted-imports": ["error", { patterns: [noApp, noFeatures] }] } },
  ...siblings,
);
