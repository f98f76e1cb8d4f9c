import { createFileRoute } from "@tanstack/react-router";
import { GeneratePage, type SettingsFrom } from "@/features/generation/generate-page";

export const Route = createFileRoute("/_studio/generate")({
  validateSearch: ({
    from,
    generation,
    model,
    project,
  }: Record<string, unknown>): SettingsFrom => ({
    ...(typeof from === "string" ? { from } : {}),
    ...(typeof generation === "string" ? { generation } : {}),
    ...(typeof model === "string" ? { model } : {}),
    ...(typeof project === "string" ? { project } : {}),
  }),
  component: GenerateRoute,
});

function GenerateRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const { project } = search;
  const stay = project ? { project } : {};
  return (
    <GeneratePage
      {...search}
      onTaken={() => void navigate({ search: stay, replace: true })}
      onProject={(id) => void navigate({ search: id ? { project: id } : {}, replace: true })}
    />
  );
}
