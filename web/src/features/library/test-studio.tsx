/** The pages of the library for tests, over a server that answers by table. */
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
  useNavigate,
  useParams,
  useSearch,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { vi } from "vitest";
import type { ProjectOut } from "@/api/types.gen";
import { createQueryClient } from "@/lib/query-client";
import { Notices } from "@/ui/notices";
import { type ImageFilter, readContext, readFilter } from "./image-filter";
import { ImagePage } from "./image-page";
import { ImagesPage } from "./images-page";
import { ProjectPictures } from "./project-pictures";
import { TrashPage } from "./trash-page";

/** Answers by "METHOD /path", whatever the query; others are not found. */
export type Answers = Record<string, (url: URL) => unknown>;

export function openStudio(path: string, answers: Answers) {
  const asked: string[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (request: Request) => {
      const url = new URL(request.url);
      const name = `${request.method} ${url.pathname}`;
      asked.push(name + url.search);
      const answer = answers[name]?.(url) ?? { status: 404, title: "Not Found." };
      if (answer instanceof Response) return answer;
      const missing = !answers[name];
      return Response.json(answer, { status: missing ? 404 : 200 });
    }),
  );
  const router = createRouter({
    routeTree: routes(),
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  const client = createQueryClient();
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router as never} />
      <Notices />
    </QueryClientProvider>,
  );
  return { asked, client, router, user: userEvent.setup() };
}

function routes() {
  const root = createRootRoute();
  const route = { getParentRoute: () => root } as const;
  return root.addChildren([
    createRoute({
      ...route,
      path: "/images",
      validateSearch: readFilter,
      component: Images,
    }),
    createRoute({
      ...route,
      path: "/images/$id",
      validateSearch: readContext,
      component: () => (
        <ImagePage
          id={useParams({ strict: false }).id ?? ""}
          context={useSearch({ strict: false })}
        />
      ),
    }),
    createRoute({ ...route, path: "/trash", component: TrashPage }),
    createRoute({ ...route, path: "/projects/$id", component: Project }),
    createRoute({ ...route, path: "/generate" }),
  ]);
}

const SPRING: ProjectOut = {
  id: "",
  user_id: null,
  name: "Spring",
  description: "",
  notes: "",
  category: null,
  tags: [],
  cover_image_id: null,
  cover_url: null,
  preset_id: null,
  settings: {},
  image_count: 2,
  is_archived: false,
  is_template: false,
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
};

function Project() {
  return <ProjectPictures project={{ ...SPRING, id: useParams({ strict: false }).id ?? "" }} />;
}

function Images() {
  const navigate = useNavigate();
  const filter: ImageFilter = useSearch({ strict: false });
  return (
    <ImagesPage
      filter={filter}
      onFilter={(search, step) =>
        void navigate({ to: "/images", search, replace: step === "replace" })
      }
    />
  );
}
