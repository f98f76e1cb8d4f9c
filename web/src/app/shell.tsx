import { useNavigate } from "@tanstack/react-router";
import { WifiOff } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { useUser } from "@/features/accounts/session";
import { useAnyUploads } from "@/features/intake/upload-queue";
import { whenIdle } from "@/lib/idle";
import { useCurrentTitle } from "@/lib/page-title";
import { useShortcuts } from "@/lib/shortcuts";
import { useStudioStream } from "@/lib/studio-events";
import { useNoticesWanted } from "@/ui/notify";
import { DESTINATIONS } from "./navigation";
import { BottomBar, Sidebar } from "./sidebar";
import { TopBar } from "./top-bar";

const Notices = lazy(() => import("@/ui/notices").then((module) => ({ default: module.Notices })));
const UnverifiedBanner = lazy(() =>
  import("@/features/accounts/unverified-banner").then((module) => ({
    default: module.UnverifiedBanner,
  })),
);

const UploadTray = lazy(() =>
  import("@/features/intake/upload-tray").then((module) => ({ default: module.UploadTray })),
);

const QuickActions = lazy(() =>
  import("@/features/iteration/quick-actions").then((module) => ({ default: module.QuickActions })),
);

const Palette = lazy(() =>
  import("@/features/search/palette").then((module) => ({ default: module.Palette })),
);

/** What stands around every page of the studio. */
export function Shell({ children }: { children: ReactNode }) {
  const { email_verified } = useUser();
  const lost = useStudioStream();
  const uploading = useAnyUploads();
  const noticesWanted = useNoticesWanted();
  const navigate = useNavigate();
  const [idle, setIdle] = useState(false);
  useEffect(() => whenIdle(() => setIdle(true)), []);
  const [finding, setFinding] = useState(false);
  const find = () => setFinding(true);
  useShortcuts({
    ...Object.fromEntries(DESTINATIONS.map(({ keys, to }) => [keys, () => void navigate({ to })])),
    "mod+k": find,
  });
  return (
    <>
      <a
        href="#main"
        className="fixed top-2 left-2 z-60 -translate-y-16 rounded-lg bg-primary px-4 py-2 text-sm font-medium text-primary-foreground focus:translate-y-0"
      >
        Skip to the page
      </a>
      <TopBar onFind={find} />
      <div className="flex">
        <Sidebar />
        <main
          id="main"
          tabIndex={-1}
          className="min-h-[calc(100dvh-3.5rem)] min-w-0 flex-1 pb-16 outline-none md:pb-0"
        >
          {email_verified ? null : (
            <Suspense>
              <UnverifiedBanner />
            </Suspense>
          )}
          {children}
        </main>
      </div>
      <BottomBar />
      <Announced />
      {lost ? <Lost /> : null}
      {uploading ? (
        <Suspense>
          <UploadTray />
        </Suspense>
      ) : null}
      {idle ? (
        <Suspense>
          <QuickActions />
        </Suspense>
      ) : null}
      {finding ? (
        <Suspense>
          <Palette pages={DESTINATIONS} onClose={() => setFinding(false)} />
        </Suspense>
      ) : null}
      {noticesWanted ? (
        <Suspense>
          <Notices />
        </Suspense>
      ) : null}
    </>
  );
}

function Announced() {
  return (
    <p role="status" className="sr-only">
      {useCurrentTitle()}
    </p>
  );
}

function Lost() {
  return (
    <p
      role="status"
      className="fixed bottom-18 left-1/2 z-40 flex -translate-x-1/2 items-center gap-2 rounded-full border bg-popover px-4 py-2 text-sm whitespace-nowrap text-muted-foreground shadow-overlay md:bottom-6"
    >
      <WifiOff aria-hidden className="size-4" />
      Live updates paused; reconnecting
    </p>
  );
}
