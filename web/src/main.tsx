import { createRouter, RouterProvider } from "@tanstack/react-router";
import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import "@/app/app.css";
import { reloadWhenOutdated } from "@/app/fresh-code";
import { Providers } from "@/app/providers";
import { ErrorScreen, NotFoundScreen, PendingScreen } from "@/app/screens";
import { followSession, leaveIfSignedOut } from "@/features/accounts/session";
import { briefly } from "@/lib/idle";
import { createQueryClient } from "@/lib/query-client";
import { followTheme } from "@/lib/theme";
import { workspaceRewrite } from "@/lib/workspace";
import { routeTree } from "@/route-tree.gen";
import { Route as StudioRoute } from "@/routes/_studio";

/** From when on a page that is still on its way is replaced by words. */
const PENDING_MS = 400;

const queryClient = createQueryClient(() => void leaveIfSignedOut());

/** The first parts of the addresses of all pages that lie in a workspace. */
const PAGES = new Set(
  Object.values(StudioRoute.children ?? {}).flatMap(({ options }) => {
    const first = "path" in options ? String(options.path).split("/").find(Boolean) : undefined;
    return first && !first.startsWith("$") ? [first] : [];
  }),
);

const router = createRouter({
  routeTree,
  basepath: "/app",
  rewrite: workspaceRewrite(() => PAGES),
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: PENDING_MS,
  scrollRestoration: true,
  defaultPendingComponent: PendingScreen,
  defaultErrorComponent: ErrorScreen,
  defaultNotFoundComponent: NotFoundScreen,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

reloadWhenOutdated();
followTheme();
followSession(queryClient);

const root = document.getElementById("root");
if (root) {
  // The page is drawn once, with its data, and in slices, so that a phone stays responsive meanwhile.
  void briefly(router.load(), PENDING_MS).then(() =>
    startTransition(() =>
      createRoot(root).render(
        <StrictMode>
          <Providers client={queryClient}>
            <RouterProvider router={router} />
          </Providers>
        </StrictMode>,
      ),
    ),
  );
}
