import { createFileRoute } from "@tanstack/react-router";
import { GeneratePage } from "@/features/generation/generate-page";

export const Route = createFileRoute("/_studio/generate")({ component: GeneratePage });
