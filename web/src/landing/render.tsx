import { renderToStaticMarkup } from "react-dom/server";

export function renderLanding() {
  return { head: "<title>Easel</title>", body: renderToStaticMarkup(<h1 className="p-8 text-3xl">Easel</h1>) };
}
