/**
 * Chooses the adapter of the runtime, and loads no other: `src/deno/` under Deno, `src/node/` under Node and Bun.
 *
 * @module
 */

import { StsavalError } from "./errors.ts";
import type { ModuleSystem } from "./system.ts";

/** The oldest Node that has what the module uses of the language. */
const oldestNode = 22;

/** What tells runtimes apart. */
export interface RuntimeGlobals {
  /** Deno's own. */
  readonly Deno?: unknown;
  /** Node's, and what imitates it. */
  readonly process?: { readonly versions?: { readonly node?: string } };
  /** That of browsers and workers. */
  readonly navigator?: { readonly userAgent?: string };
}

/** The ports that the module cannot do without, each once. */
const portNames: Readonly<Record<Exclude<keyof ModuleSystem, "digests">, true>> = {
  clock: true,
  random: true,
  env: true,
  files: true,
  network: true,
  processes: true,
  terminal: true,
};

/**
 * The ports that were given, and for the others those of the runtime. If all were given, no adapter is loaded.
 *
 * @throws {StsavalError} in a runtime without an adapter
 */
export async function systemWith(
  given: Partial<ModuleSystem> = {},
  globals: RuntimeGlobals = globalThis as RuntimeGlobals,
): Promise<ModuleSystem> {
  return isWhole(given) ? given : { ...await loadAdapter(globals), ...given };
}

function isWhole(given: Partial<ModuleSystem>): given is ModuleSystem {
  return Object.keys(portNames).every((name) => given[name as keyof ModuleSystem] !== undefined);
}

async function loadAdapter(globals: RuntimeGlobals): Promise<ModuleSystem> {
  if (runtimeOf(globals) === "deno") return (await import("./deno/system.ts")).denoSystem;
  return (await import("./node/system.ts")).nodeSystem;
}

/**
 * Which adapter fits. Bun is a Node to it.
 *
 * @throws {StsavalError} if none does
 */
export function runtimeOf({ Deno, process, navigator }: RuntimeGlobals): "deno" | "node" {
  if (Deno !== undefined) return "deno";
  const version = process?.versions?.node;
  // Workers of Cloudflare have a `process`, but neither a home folder nor programs.
  if (version === undefined || navigator?.userAgent === "Cloudflare-Workers") {
    throw noAdapter("this is neither Deno nor Node nor Bun");
  }
  if (Number.parseInt(version) < oldestNode) {
    throw noAdapter(`this is Node ${version}, wanted Node ${oldestNode} or later`);
  }
  return "node";
}

function noAdapter(why: string): StsavalError {
  return new StsavalError("FAILED", `Cannot read profiles and call AWS here: ${why}`, {
    hint:
      `run it with Deno, with Node ${oldestNode} or later or with Bun, or give all of its ports ` +
      `as 'system': ${Object.keys(portNames).join(", ")}`,
  });
}
