/** How the two pages are made: the landing is rendered to plain HTML, the studio answers for every path under /app. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { runnerImport } from "vite";

const SLOT = "<!--landing-->";
const ENTRY = "/src/landing/render.tsx";

type Landing = { renderLanding: (pictures: unknown[]) => { body: string; head: string } };

/** The pictures that public/showcase/showcase.json lists: [{ file, prompt, width, height }]. */
function showcase(root: string): unknown[] {
  const list = join(root, "public/showcase/showcase.json");
  return existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
}

export function appPages(): Plugin {
  return {
    name: "easel:app-pages",
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const html = request.headers.accept?.includes("text/html");
        if (html && /^\/app(\/|\?|$)/.test(request.url ?? "")) request.url = "/app.html";
        next();
      });
    },
  };
}

export function landingPage(): Plugin {
  let root = "";
  return {
    name: "easel:landing-page",
    configResolved(config) {
      root = config.root;
    },
    transformIndexHtml: {
      order: "pre",
      async handler(html, context) {
        if (!html.includes(SLOT)) return html;
        const landing = context.server
          ? ((await context.server.ssrLoadModule(ENTRY)) as Landing)
          : (
              await runnerImport<Landing>(root + ENTRY, {
                root,
                resolve: { alias: { "@": join(root, "src") } },
              })
            ).module;
        const { body, head } = landing.renderLanding(showcase(root));
        return html.replace(SLOT, () => body).replace("<!--head-->", () => head);
      },
    },
  };
}
