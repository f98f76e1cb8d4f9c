import { createFileRoute } from "@tanstack/react-router";
import { OutboxPage } from "@/features/admin/outbox-page";

export const Route = createFileRoute("/_studio/admin/outbox")({ component: OutboxPage });
