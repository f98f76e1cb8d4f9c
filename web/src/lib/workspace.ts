/**
 * In which workspace this page acts, as its address says: /app/w/<id>/images, or /app/w/personal/images for one's own.
 * Going from one workspace to another loads the page anew, so that nothing of the one stays in the other.
 */
export const PERSONAL = "personal";

const INSIDE = /^\/app\/w\/([^/]+)(?=\/|$)/;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What stands for the acting workspace in the address; "personal" where none is named. */
export function actingName(path = location.pathname): string {
  return INSIDE.exec(path)?.[1] ?? PERSONAL;
}

/** The acting workspace's id for `X-Workspace`; undefined for the personal one, which needs no name. */
export function actingId(path = location.pathname): string | undefined {
  const name = actingName(path);
  return name === PERSONAL ? undefined : name;
}

/** Whether the address says where it acts. */
export function namesWorkspace(path = location.pathname): boolean {
  return INSIDE.test(path);
}

/** The address of a workspace's page, `path` being "/images" or the like. */
export function addressIn(workspace: string, path = "/generate"): string {
  return `/app/w/${workspace}${path}`;
}

/**
 * Lets routes and links know nothing of workspaces: /w/<name> is taken off addresses that come in, and put on those of
 * `pages` (first parts of paths) that go out.
 */
export function workspaceRewrite(pages: () => ReadonlySet<string>) {
  return {
    input: ({ url }: { url: URL }) => {
      url.pathname = url.pathname.replace(/^\/w\/[^/]+\/?/, "/");
      return url;
    },
    output: ({ url }: { url: URL }) => {
      const [, first = ""] = url.pathname.split("/");
      if (pages().has(first)) url.pathname = `/w/${actingName()}${url.pathname}`;
      return url;
    },
  };
}

/** Whether a name from an address can be a workspace at all. */
export function isWorkspaceName(name: string): boolean {
  return name === PERSONAL || ID.test(name);
}
