/**
 * Who runs the program: asked once, while that is allowed.
 *
 * @module
 */

let uid: number | null | undefined;
let home: string | undefined;

/** The user's id; undefined where it may not be asked or there is none. A question must never open a prompt. */
export function ownUid(): number | undefined {
  if (uid === undefined && mayAsk("uid")) uid = Deno.uid();
  return uid ?? undefined;
}

/** The home folder of the password database, for programs that are started without HOME. */
export function ownHome(): string | undefined {
  if (home === undefined && mayAsk("homedir")) home = readHome();
  return home || undefined;
}

/** Asks while it is allowed: who runs the program, and where the home is if the environment does not say. */
export function rememberUser(): void {
  ownUid();
  if (env("HOME") === undefined && env("USERPROFILE") === undefined) ownHome();
}

function env(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) || undefined : undefined;
}

function mayAsk(kind: "uid" | "homedir"): boolean {
  return Deno.permissions.querySync({ name: "sys", kind }).state === "granted";
}

/** Node's module is loaded where it is wanted, which is seldom. */
function readHome(): string {
  try {
    const { process } = globalThis as typeof globalThis & { readonly process?: NodeProcess };
    return process?.getBuiltinModule?.("node:os")?.homedir() ?? "";
  } catch {
    return "";
  }
}

/** What is used of Node's `process`. */
interface NodeProcess {
  getBuiltinModule?(name: "node:os"): { homedir(): string } | undefined;
}
