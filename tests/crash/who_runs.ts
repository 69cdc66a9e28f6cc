/**
 * What the adapter knows of the user, as a program whose permissions a test chooses: `who_runs.ts PATH…` prints it as
 * JSON before and after it has dropped the permission to ask, with what it says of each path.
 *
 * @module
 */

import { env } from "../../src/deno/environment.ts";
import { files } from "../../src/deno/files.ts";
import { linkTarget } from "../../src/deno/links.ts";
import { ownHome, ownUid, rememberUser } from "../../src/deno/permissions/user.ts";
import { permissions } from "../../src/deno/permissions.ts";

/** Who runs the program, as far as it may know. */
export function whoRuns(): Record<string, unknown> {
  return { uid: ownUid(), home: ownHome(), homeVariable: env.get("HOME") };
}

/** Whether a path is another user's, and where it leads, or why that is not followed. */
export async function lookAt(path: string): Promise<Record<string, unknown>> {
  const foreign = (await files.facts(path))?.foreign;
  const target = await linkTarget(path).catch((error) => `${error.message}; ${error.hint}`);
  return { foreign, target };
}

if (import.meta.main) {
  const [way, ...paths] = Deno.args;
  // Only what is asked for while it is allowed is known afterwards.
  if (way === "drop") permissions.drop("sys");
  if (way === "remember") rememberUser();
  if (way === "remember") Deno.permissions.revokeSync({ name: "sys" });
  const looks = await Promise.all(paths.map(lookAt));
  console.log(JSON.stringify({ ...whoRuns(), looks }));
}
