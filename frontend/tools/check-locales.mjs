// Every sentence exists in both languages, with the same {{variables}}.
import { readdirSync, readFileSync } from "node:fs";

const flatten = (value, path = "") => (typeof value === "string" ? [[path, value]] : Object.entries(value).flatMap(([key, inner]) => flatten(inner, path ? `${path}.${key}` : key)));
const read = (locale) => new Map(readdirSync(`src/locales/${locale}`).filter((name) => name.endsWith(".json")).flatMap((name) => flatten(JSON.parse(readFileSync(`src/locales/${locale}/${name}`, "utf8")), name.replace(".json", ""))));
const variables = (text) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]).sort().join(",");

const en = read("en");
const pt = read("pt-BR");
const problems = [
  ...[...en.keys()].filter((key) => !pt.has(key)).map((key) => `missing in pt-BR: ${key}`),
  ...[...pt.keys()].filter((key) => !en.has(key)).map((key) => `missing in en: ${key}`),
  ...[...en].filter(([key, text]) => pt.has(key) && !key.endsWith("_one") && variables(text) !== variables(pt.get(key))).map(([key]) => `different variables: ${key}`),
];
for (const problem of problems) console.error(problem);
console.log(`locales: ${en.size} sentences in two languages, ${problems.length} problems`);
process.exitCode = problems.length ? 1 : 0;
