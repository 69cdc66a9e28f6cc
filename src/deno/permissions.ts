/**
 * What the program may do, and dropping what it does not need.
 *
 * @module
 */

import type { PermissionKind, Permissions } from "../system.ts";
import { folderOf, targetOrPath } from "./links.ts";
import { hasShell, shell } from "./platform/paths.ts";
import { attempt, quickCalls } from "./quick_calls.ts";
import { temporaryOf } from "./replacement.ts";
import { rootFolders } from "./platform/roots.ts";
import { sealGlobals } from "./permissions/sealing.ts";
import { rememberUser } from "./permissions/user.ts";

/** The port `Permissions`. */
export const permissions: Permissions = {
  roots: rootFolders(Deno.build.os),
  // Nothing has the empty name; Deno throws where it is asked for it.
  allows: (kind, name) =>
    name !== "" && !(kind === "run" && name === shell && !hasShell()) &&
    Deno.permissions.querySync(descriptorOf(kind, name)).state === "granted",
  keep: (kind, name) => void Deno.permissions.requestSync(descriptorOf(kind, name)),
  drop(kind, name) {
    // Read it while that is still allowed.
    if (kind === "sys") rememberUser();
    Deno.permissions.revokeSync(descriptorOf(kind, name));
  },
  seal: sealGlobals,
  pathsToRead: async (path) => [path, await targetOrPath(path)],
  async pathsToReplace(path) {
    const target = await targetOrPath(path);
    return [path, target, temporaryOf(target), ...missingFolder(target)];
  },
};

function descriptorOf(kind: PermissionKind, name: string | undefined): Deno.PermissionDescriptor {
  if (kind === "net") return name === undefined ? { name: kind } : { name: kind, host: name };
  if (kind === "run") return name === undefined ? { name: kind } : { name: kind, command: name };
  if (kind === "env") return name === undefined ? { name: kind } : { name: kind, variable: name };
  if (kind === "read" || kind === "write") {
    return name === undefined ? { name: kind } : { name: kind, path: name };
  }
  return { name: kind };
}

function missingFolder(path: string): string[] {
  const folder = folderOf(path);
  const exists = folder === "" || attempt(() => quickCalls.stat(folder)) !== undefined;
  return exists ? [] : [folder];
}
