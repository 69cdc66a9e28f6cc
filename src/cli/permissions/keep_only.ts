/**
 * Narrowing one kind of permission.
 *
 * @module
 */

import type { PermissionKind, Permissions } from "../../system.ts";

/** Keeps the named permissions of a kind, as far as they are granted, and drops what is wider. */
export function keepOnly(
  permissions: Permissions,
  kind: PermissionKind,
  kept: readonly string[],
  wider: readonly string[],
): void {
  if (kept.length === 0) return permissions.drop(kind);
  for (const name of kept) {
    if (permissions.allows(kind, name)) permissions.keep(kind, name);
  }
  for (const name of wider) permissions.drop(kind, name);
}
