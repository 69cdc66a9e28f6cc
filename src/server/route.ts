/**
 * Routes: one record each, in one table a server.
 *
 * @module
 */

/** One route. `Context` is what the server knows. */
export interface Route<Context> {
  readonly method: "GET" | "PUT";
  /** The whole path, or, where it ends in `*`, what it begins with. */
  readonly path: string;
  /** For readers: what it answers. */
  readonly summary: string;
  /** True where it is answered without the token that the others need. */
  readonly open?: boolean;
  /** `rest` is what stands in the place of `*`, decoded. */
  respond(context: Context, request: Request, rest: string): Response;
}

/** A route that fits, or the status that says why none does. */
export type Found<Context> =
  | { readonly route: Route<Context>; readonly rest: string }
  | { readonly status: 404 | 405; readonly allow?: string };

/** Finds the route of a request. HEAD is answered as GET, without the body. */
export function findRoute<Context>(
  routes: readonly Route<Context>[],
  method: string,
  path: string,
): Found<Context> {
  const wanted = method === "HEAD" ? "GET" : method;
  const others = new Set<string>();
  for (const route of routes) {
    const rest = restOf(route.path, path);
    if (rest === undefined) continue;
    if (route.method === wanted) return { route, rest };
    others.add(route.method);
    if (route.method === "GET") others.add("HEAD");
  }
  return others.size === 0 ? { status: 404 } : { status: 405, allow: [...others].join(", ") };
}

/** The path of a URL, as it was sent, but for one slash at its end, which some SDKs add. */
export function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  // A fragment is never sent.
  const end = url.indexOf("?");
  const path = url.slice(start, end < 0 ? undefined : end);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function restOf(pattern: string, path: string): string | undefined {
  if (!pattern.endsWith("*")) return pattern === path ? "" : undefined;
  const start = pattern.slice(0, -1);
  if (!path.startsWith(start) || path.length === start.length) return undefined;
  try {
    return decodeURIComponent(path.slice(start.length));
  } catch {
    return undefined;
  }
}
