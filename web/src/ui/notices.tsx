import { Toast as Base } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { useEffect } from "react";
import { cn } from "@/lib/cn";
import { buttonVariants } from "./button";
import { type Notice, takeNotices } from "./notify";

const manager = Base.createToastManager();
const ICONS = { success: CircleCheck, error: CircleAlert, info: Info };
const COLOURS = {
  success: "text-success-text",
  error: "text-destructive-text",
  info: "text-primary-text",
};
const SHOWN_MS = 5_000;
const ERROR_SHOWN_MS = 10_000;

function add({ kind = "info", title, description, action, timeout }: Notice) {
  const id = manager.add({
    type: kind,
    title,
    description,
    timeout: timeout ?? (kind === "error" ? ERROR_SHOWN_MS : SHOWN_MS),
    priority: kind === "error" ? "high" : "low",
    ...(action && {
      actionProps: {
        children: action.label,
        onClick: () => {
          action.run();
          manager.close(id);
        },
      },
    }),
  });
}

export function Notices() {
  useEffect(() => takeNotices(add), []);
  return (
    <Base.Provider toastManager={manager} limit={4}>
      <Base.Portal>
        <Base.Viewport className="fixed inset-x-4 bottom-20 z-60 flex flex-col gap-2 outline-none sm:right-6 sm:bottom-6 sm:left-auto sm:w-96">
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function List() {
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => {
    const kind = (toast.type ?? "info") as keyof typeof ICONS;
    const Icon = ICONS[kind];
    return (
      <Base.Root
        key={toast.id}
        toast={toast}
        swipeDirection={["right", "down"]}
        className="rounded-xl border bg-popover text-popover-foreground shadow-overlay transition-[opacity,translate] duration-200 ease-studio data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-3 data-starting-style:opacity-0"
      >
        <Base.Content className="flex items-start gap-3 p-3.5">
          <Icon aria-hidden className={cn("mt-0.5 size-4.5 shrink-0", COLOURS[kind])} />
          <div className="grid min-w-0 flex-1 gap-0.5">
            <Base.Title className="text-sm font-semibold" />
            <Base.Description className="text-sm text-muted-foreground" />
            {toast.actionProps ? (
              <Base.Action
                className={cn(buttonVariants({ variant: "secondary", size: "sm" }), "mt-2 w-fit")}
              />
            ) : null}
          </div>
          <Base.Close
            aria-label="Close"
            className={cn(buttonVariants({ variant: "ghost", size: "icon-sm" }), "-m-1")}
          >
            <X aria-hidden />
          </Base.Close>
        </Base.Content>
      </Base.Root>
    );
  });
}
