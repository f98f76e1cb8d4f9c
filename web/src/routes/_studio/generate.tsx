import { createFileRoute } from "@tanstack/react-router";
import { GeneratePage, type SettingsFrom } from "@/features/generation/generate-page";

export const Route = createFileRoute("/_studio/generate")({
  validateSearch: ({ from, generation, model }: Record<string, unknown>): SettingsFrom => ({
    ...(typeof from === "string" ? { from } : {}),
    ...(typeof generation === "string" ? { generation } : {}),
    ...(typeof model === "string" ? { model } : {}),
  }),
  component: GenerateRoute,
});

function GenerateRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return <GeneratePage {...search} onTaken={() => void navigate({ search: {}, replace: true })} />;
}
