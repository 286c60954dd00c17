import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const backend = process.env.RECADO_BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/spa/" : "/",
  resolve: { tsconfigPaths: true },
  plugins: [react()],
  server: {
    host: "127.0.0.1",
    port: Number(process.env.VITE_PORT ?? 5173),
    strictPort: true,
    proxy: { "/api": { target: backend }, "/media": { target: backend }, "/ws": { target: backend, ws: true } },
  },
  build: {
    manifest: "manifest.json", // no dot folder: collectstatic skips ".vite/"
    target: "baseline-widely-available",
    rolldownOptions: { input: "src/main.tsx" },
  },
  test: { environment: "jsdom", setupFiles: "src/testing/setup.ts", include: ["src/**/*.test.{ts,tsx}"], maxWorkers: 2 },
}));
