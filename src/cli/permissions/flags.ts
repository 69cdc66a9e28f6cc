/**
 * Converts needs to the flags of `deno run`.
 *
 * @module
 */

import { type Need, type NeedContext, needRow } from "./needs.ts";

/** The flags that a command line needs; `stsHost` stands for the endpoint. */
export async function permissionFlags(
  needs: readonly Need[],
  context: NeedContext,
  stsHost: string,
): Promise<readonly string[]> {
  const rows = needs.map(needRow);
  const replaced = await Promise.all(rows.map((row) => row.replace?.(context) ?? []));
  const folders = rows.flatMap((row) => row.folders?.(context) ?? []);
  const written = [...replaced.flat().map(folderOf), ...folders];
  const read = [...rows.flatMap((row) => row.read?.(context) ?? []), ...written];
  const hosts = [
    ...rows.some((row) => row.sts) ? [stsHost] : [],
    ...rows.some((row) => row.listen) ? ["127.0.0.1"] : [],
  ];
  return [
    flag("read", read),
    flag("write", written),
    flag("net", hosts),
    flag("env", rows.flatMap((row) => row.environment ?? [])),
    flag("run", rows.flatMap((row) => row.run?.(context) ?? [])),
  ].filter((text) => text !== undefined);
}

/** Atomic replace writes a temporary file in the same folder, whose name is random. */
function folderOf(path: string): string {
  return path.includes("/") ? path.replace(/\/[^/]*$/, "") || "/" : ".";
}

function flag(kind: string, names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `--allow-${kind}=${[...new Set(names)].join(",")}`;
}
