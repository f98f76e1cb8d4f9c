import type { ReactNode } from "react";
import { Mark } from "@/ui/logo";

type AuthLayoutProps = { title: string; lead: ReactNode; children: ReactNode; footer: ReactNode };

/** A form in the middle of a quiet page. */
export function AuthLayout({ title, lead, children, footer }: AuthLayoutProps) {
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr] bg-subtle">
      <header className="p-4 sm:p-6">
        <a
          href="/"
          className="inline-flex items-center gap-2.5 rounded-lg font-bold tracking-tight"
        >
          <Mark /> Easel
        </a>
      </header>
      <main
        id="main"
        className="grid justify-items-center px-4 pt-4 pb-16 sm:items-center sm:pt-0 sm:pb-28"
      >
        <div className="w-full max-w-sm">
          <h1 className="text-3xl">{title}</h1>
          <p className="mt-2 text-muted-foreground">{lead}</p>
          <div className="mt-8 rounded-2xl border bg-card p-6 shadow-raised">{children}</div>
          <p className="mt-6 text-center text-sm text-muted-foreground">{footer}</p>
        </div>
      </main>
    </div>
  );
}
