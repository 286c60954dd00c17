import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const port = Number(process.env.VITE_PORT ?? 5173);

// Django serves the one page (templates/spa/index.html), in development too; Vite serves modules to it.
export default defineConfig({
  base: "/static/spa/",
  resolve: { tsconfigPaths: true },
  plugins: [react()],
  server: { host: "localhost", port, strictPort: true, origin: `http://localhost:${port}`, cors: true },
  build: {
    manifest: "manifest.json", // no dot folder: collectstatic skips ".vite/"
    target: "baseline-widely-available",
    rolldownOptions: {
      input: "src/main.tsx",
      // What every page loads comes in one file: fifty small ones compress worse, and each is a request.
      output: { codeSplitting: { groups: [{ name: "shell", tags: ["$initial"], includeDependenciesRecursively: false }] } },
    },
  },
  test: { environment: "jsdom", setupFiles: "src/testing/setup.ts", include: ["src/**/*.test.{ts,tsx}"], maxWorkers: 2, testTimeout: 20_000 },
});
