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
import { routeTree } from "@/route-tree.gen";

/** From when on a page that is still on its way is replaced by words. */
const PENDING_MS = 400;

const queryClient = createQueryClient(() => void leaveIfSignedOut());

const router = createRouter({
  routeTree,
  basepath: "/app",
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
