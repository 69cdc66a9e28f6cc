/**
 * The value of a policy as a person writes it: JSON, the name of a ready-made scope, or the path of a file.
 *
 * @module
 */

import { fileHint } from "../../file_error.ts";
import type { Environment, Files } from "../../system.ts";
import { quoteValue } from "../file/quote.ts";
import { expandHome } from "../home.ts";
import { Fault, fault } from "./fault.ts";
import { checkPolicy } from "./policy.ts";
import { namedScope, nearestScope, scopeContent } from "./ready_made.ts";

/** The ports of reading. */
export interface PolicyPorts {
  readonly files: Pick<Files, "readText">;
  readonly env: Environment;
}

/** What a value is sent as: one of the two. */
export interface ResolvedPolicy {
  readonly policy?: string;
  readonly policyArns?: readonly string[];
}

/** Where a value stands. */
export interface ValuePlace {
  /** The partition of the session, such as "aws". */
  readonly partition: string;
  /** The folder that relative paths begin in; without it, that of the process. */
  readonly folder?: string | undefined;
}

/** The file that a value names; undefined for JSON and for a ready-made scope. */
export function policyFile(value: string, env: Environment, folder?: string): string | undefined {
  const text = value.trim();
  if (isJson(text) || namedScope(text) !== undefined) return undefined;
  const path = expandHome(text, env);
  return folder === undefined || path.startsWith("/") ? path : `${folder}/${path}`;
}

/** The folder of a file. */
export function folderOf(file: string): string {
  const end = file.lastIndexOf("/");
  return end < 0 ? "." : file.slice(0, Math.max(1, end));
}

/** A path does not begin like that. */
function isJson(text: string): boolean {
  return /^\ufeff?[[{"]/.test(text);
}

/**
 * What the value is sent as.
 *
 * @throws {Fault} when a file cannot be read, or the policy breaks a rule
 */
export async function resolvePolicy(
  ports: PolicyPorts,
  value: string,
  { partition, folder }: ValuePlace,
): Promise<ResolvedPolicy> {
  const text = value.trim();
  const named = namedScope(text);
  if (named !== undefined) return checked(scopeContent(named, partition));
  const file = policyFile(text, ports.env, folder);
  if (file === undefined) return { policy: checkPolicy(value) };
  const content = await readPolicy(ports, file, text);
  try {
    return { policy: checkPolicy(content) };
  } catch (error) {
    if (error instanceof Fault) {
      fault(`names ${quoteValue(file)}, which ${error.message}`, error.hint);
    }
    throw error;
  }
}

/** A parameter may be too long for the policy that it becomes part of. */
function checked(content: ResolvedPolicy): ResolvedPolicy {
  return content.policy === undefined ? content : { policy: checkPolicy(content.policy) };
}

/** What a secret access key, a session token or an access key id looks like. */
const secretShape = /^[A-Za-z0-9/+=]{40,}$|^A[A-Z]{2}A[A-Z0-9]{12,}$/;

async function readPolicy({ files }: PolicyPorts, file: string, value: string): Promise<string> {
  // A key that was pasted in the wrong place is no path.
  const what = secretShape.test(value)
    ? "names a file, which is not shown since it looks like a key"
    : `names the file ${quoteValue(file)}`;
  let text: string | undefined;
  try {
    text = await files.readText(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    fault(`${what}, which cannot be read: ${why}`, fileHint(error));
  }
  if (text !== undefined) return text;
  const nearest = nearestScope(value);
  fault(
    `${what}, which does not exist`,
    nearest === undefined
      ? "give JSON, the path of a file, or a scope that 'stsaval scopes' lists"
      : `did you mean "${nearest}"? 'stsaval scopes' lists the scopes that have names`,
  );
}
