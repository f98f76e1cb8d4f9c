import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "./openapi.json",
  output: { path: "./src/api", clean: true },
  plugins: [
    { name: "@hey-api/client-fetch", runtimeConfigPath: "@/lib/http" },
    "@hey-api/typescript",
    "@hey-api/sdk",
    "@tanstack/react-query",
  ],
});
