// A rule that fails silently is worse than none: plant one forbidden import per kind and expect ESLint to see it.
import { ESLint } from "eslint";

const eslint = new ESLint();
const planted = [
  ["src/features/tickets/live.ts", "@/features/contacts/live"],
  ["src/features/tickets/live.ts", "../contacts/live"],
  ["src/features/campaigns/live.ts", "../../features/tickets/live"],
  ["src/features/accounts/live.ts", "@/app/router"],
  ["src/lib/socket.ts", "@/features/tickets/live"],
  ["src/api/client.ts", "../features/tickets/live"],
  ["src/components/empty-state.tsx", "@/app/theme"],
];

let missed = 0;
for (const [filePath, source] of planted) {
  const [result] = await eslint.lintText(`import * as planted from "${source}";\nexport default planted;\n`, { filePath });
  if (result.messages.some((message) => message.ruleId === "no-restricted-imports")) continue;
  missed += 1;
  console.error(`not caught: ${filePath} importing ${source}`);
}
console.log(`boundaries: ${planted.length - missed} of ${planted.length} planted violations caught`);
process.exitCode = missed ? 1 : 0;
