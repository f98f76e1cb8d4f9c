import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { appPages, landingPage } from "./scripts/pages.ts";

const server = process.env.EASEL_URL ?? "http://127.0.0.1:8000";

/** What every page needs, and what many do. */
const GROUPS = [
  {
    name: "vendor",
    test: /node_modules\/(react|react-dom|scheduler|@tanstack|tailwind-merge|clsx|class-variance-authority)\//,
    priority: 2,
  },
  {
    name: "frame",
    // Not what opens over a page: with all that it stands on, it is fetched when a page needs it.
    test: /\/src\/(api|app|lib)\/|\/src\/ui\/(?!alert-dialog|command-dialog|dialog|kbd|menu|popover|rich-select|search-select|slider|tabs|tooltip|notices)|lucide-react/,
    minShareCount: 4,
    priority: 1,
  },
];

export default defineConfig({
  plugins: [
    tanstackRouter({ target: "react", autoCodeSplitting: true }),
    react(),
    tailwindcss(),
    appPages(),
    landingPage(),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    port: 5173,
    proxy: { "/api": { target: server, changeOrigin: false } },
  },
  build: {
    target: ["chrome123", "edge123", "firefox128", "safari17.5"],
    // Every asset is a file of its own: the content policy of the studio allows no data: scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    rolldownOptions: {
      input: { index: "index.html", app: "app.html" },
      // Few files for the first screen: each costs a phone a request, and small ones compress badly.
      output: { codeSplitting: { groups: GROUPS } },
    },
  },
});
