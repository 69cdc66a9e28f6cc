/**
 * Converts needs to the flags of `deno run`.
 *
 * @module
 */

import { type Need, type NeedContext, rowsOf, variablesOf } from "./needs.ts";

/** The flags that a command line needs; `stsHosts` are those of its endpoints. */
export async function permissionFlags(
  needs: readonly Need[],
  context: NeedContext,
  stsHosts: readonly string[],
): Promise<readonly string[]> {
  const rows = rowsOf(needs, context.arguments);
  const replaced = await Promise.all(rows.map((row) => row.replace?.(context) ?? []));
  const folders = rows.flatMap((row) => row.folders?.(context) ?? []);
  const written = [...replaced.flat().map(folderOf), ...folders];
  const read = rows.flatMap((row) => [
    ...row.read?.(context) ?? [],
    ...row.inspect?.(context) ?? [],
  ]);
  const hosts = [
    ...rows.some((row) => row.sts) ? stsHosts : [],
    ...rows.flatMap((row) => (row.hosts ?? []).map((suffix) => `*.${suffix}:443`)),
    ...rows.flatMap((row) => row.listen?.(context.arguments) ?? []),
  ];
  return [
    flag("read", [...read, ...written]),
    flag("write", written),
    flag("net", hosts),
    flag("env", rows.flatMap((row) => variablesOf(row, false))),
    // Who owns the files that it writes, and where the home is if HOME is not set.
    flag("sys", written.length === 0 ? [] : ["uid", "homedir"]),
    flag("run", [
      ...rows.some((row) => row.opensPages?.(context)) ? ["/bin/sh"] : [],
      ...rows.flatMap((row) => row.run?.(context) ?? []),
    ]),
  ].filter((text) => text !== undefined);
}

/** Atomic replace writes a temporary file in the same folder, whose name is random. */
function folderOf(path: string): string {
  return path.includes("/") ? path.replace(/\/[^/]*$/, "") || "/" : ".";
}

function flag(kind: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  // Deno reads two commas as one that is part of a name.
  return `--allow-${kind}=${
    [...new Set(names)].map((name) => name.replaceAll(",", ",,")).join(",")
  }`;
}
