import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "./openapi.json",
  output: { path: "./src/api", clean: true },
  parser: {
    filters: {
      // The event stream is read by lib/event-stream.ts; bytes are read by <img> and links.
      operations: { exclude: ["GET /api/events", "GET /healthz", "GET /readyz"] },
      orphans: false,
    },
  },
  plugins: [
    { name: "@hey-api/client-fetch", runtimeConfigPath: "@/lib/http" },
    "@hey-api/typescript",
    "@hey-api/sdk",
    "@tanstack/react-query",
  ],
});
