import { createFileRoute } from "@tanstack/react-router";
import { TrashPage } from "@/features/library/trash-page";

export const Route = createFileRoute("/_studio/trash")({ component: TrashPage });
