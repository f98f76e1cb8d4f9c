import { createFileRoute } from "@tanstack/react-router";
import { NotFoundScreen } from "@/app/screens";

export const Route = createFileRoute("/_studio/$")({ component: NotFoundScreen });
