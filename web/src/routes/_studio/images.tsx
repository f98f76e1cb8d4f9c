import { createFileRoute } from "@tanstack/react-router";
import { ImagesPage } from "@/features/library/images-page";

export const Route = createFileRoute("/_studio/images")({ component: ImagesPage });
