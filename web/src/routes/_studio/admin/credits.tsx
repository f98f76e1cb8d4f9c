import { createFileRoute } from "@tanstack/react-router";
import { CreditsPage } from "@/features/admin/credits-page";

export const Route = createFileRoute("/_studio/admin/credits")({ component: CreditsPage });
