/** Projects: what there are, and what can be done with them. Events keep what is shown true in every tab. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import {
  archiveProjectMutation,
  createProjectMutation,
  createProjectTemplateMutation,
  deleteProjectMutation,
  duplicateProjectMutation,
  getProjectOptions,
  getProjectQueryKey,
  listProjectsOptions,
  listProjectTemplatesOptions,
  projectAnalyticsOptions,
  updateProjectMutation,
} from "@/api/@tanstack/react-query.gen";
import { listProjects, listProjectTemplates } from "@/api/sdk.gen";
import type { ProjectOut } from "@/api/types.gen";
import { useStudioEvent } from "@/lib/studio-events";

const PAGE = 48;
/** So many are offered where one is chosen. */
const CHOICES = 100;
const LISTS = "projects";

export type Shelf = "open" | "archive" | "templates";

/** One shelf of projects, page after page. */
export function useProjects(shelf: Shelf, q: string) {
  return useInfiniteQuery({
    queryKey: [LISTS, shelf, q],
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: PAGE,
        ...(q && { q }),
        ...(pageParam && { cursor: pageParam }),
      };
      const { data } =
        shelf === "templates"
          ? await listProjectTemplates({ query, signal, throwOnError: true })
          : await listProjects({
              query: { ...query, archived: shelf === "archive" },
              signal,
              throwOnError: true,
            });
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
}

export const useProject = (id: string, enabled = true) =>
  useQuery({ ...getProjectOptions({ path: { id } }), enabled });

export const useAnalytics = (id: string) => useQuery(projectAnalyticsOptions({ path: { id } }));

/** The open projects to choose one from, by name. */
export const useProjectChoices = () =>
  useQuery({
    ...listProjectsOptions({ query: { limit: CHOICES, sort: "name" } }),
    staleTime: 60_000,
  });

export const useTemplates = () =>
  useQuery({ ...listProjectTemplatesOptions({ query: { limit: CHOICES } }), staleTime: 60_000 });

/** Asks anew for everything that shows projects. */
export function useRefreshProjects() {
  const client = useQueryClient();
  return useCallback(
    (id?: string) => {
      const ours = ["listProjects", "listProjectTemplates"];
      void client.invalidateQueries({ queryKey: [LISTS] });
      void client.invalidateQueries({
        predicate: ({ queryKey: [first] }) => {
          const { _id, path } = (first ?? {}) as { _id?: string; path?: { id?: string } };
          if (_id === undefined) return false;
          const its = id !== undefined && path?.id === id;
          return ours.includes(_id) || (its && /^(getProject|projectAnalytics)$/.test(_id));
        },
      });
    },
    [client],
  );
}

/** Follows what is done to projects and to the pictures in them, while the component is there; `id` is the one shown. */
export function useProjectEvents(id?: string): void {
  const refresh = useRefreshProjects();
  const recount = () => refresh(id);
  useStudioEvent("project.created", () => refresh());
  useStudioEvent("project.changed", ({ id }) => refresh(id));
  useStudioEvent("project.deleted", () => refresh());
  useStudioEvent("generation.completed", recount);
  useStudioEvent("images.changed", recount);
  useStudioEvent("image.deleted", recount);
  useStudioEvent("image.restored", recount);
}

export function useProjectActions() {
  const client = useQueryClient();
  const refresh = useRefreshProjects();
  const onSuccess = (project: ProjectOut) => {
    client.setQueryData(getProjectQueryKey({ path: { id: project.id } }), project);
    refresh();
  };
  return {
    create: useMutation({ ...createProjectMutation(), onSuccess }),
    update: useMutation({ ...updateProjectMutation(), onSuccess }),
    archive: useMutation({ ...archiveProjectMutation(), onSuccess }),
    duplicate: useMutation({ ...duplicateProjectMutation(), onSuccess }),
    keepAsTemplate: useMutation({ ...createProjectTemplateMutation(), onSuccess }),
    remove: useMutation({ ...deleteProjectMutation(), onSuccess: () => refresh() }),
  };
}
