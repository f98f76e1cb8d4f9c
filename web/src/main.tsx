import { createRouter, RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { config } from "zod/mini";
import "@/app/app.css";
import { reloadWhenOutdated } from "@/app/fresh-code";
import { Providers } from "@/app/providers";
import { ErrorScreen, NotFoundScreen, PendingScreen } from "@/app/screens";
import { followSession, leaveIfSignedOut } from "@/features/accounts/session";
import { createQueryClient } from "@/lib/query-client";
import { followTheme } from "@/lib/theme";
import { routeTree } from "@/route-tree.gen";

// zod would otherwise try to compile with eval, which the content policy refuses.
config({ jitless: true });

const queryClient = createQueryClient(() => void leaveIfSignedOut());

const router = createRouter({
  routeTree,
  basepath: "/app",
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 400,
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
  createRoot(root).render(
    <StrictMode>
      <Providers client={queryClient}>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}
