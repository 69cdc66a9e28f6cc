/**
 * Keys that are given to `keys add`: typed without echo, or on standard input.
 *
 * @module
 */

import { keyFault } from "../../config/plan/key_shape.ts";
import type { AccessKeys } from "../../credentials.ts";
import { UsageError } from "../../errors.ts";
import { visible } from "../../output/table.ts";
import type { Invocation } from "../command.ts";
import { askLine } from "../prompt/ask_line.ts";

const forms =
  "two lines with the id and the secret, the CSV file of the console, or what 'aws iam create-access-key' prints";

/**
 * The keys.
 *
 * @throws {UsageError} when what is given is no long-term key
 */
export async function takeKeys(invocation: Invocation, profile: string): Promise<AccessKeys> {
  const { signal, system: { clock, terminal } } = invocation;
  if (!terminal.canAsk) return parseKeys(await terminal.readInput());
  const ports = { clock, signal, terminal };
  const hint = "give both on standard input";
  const accessKeyId = await askLine(ports, `Access key id of "${visible(profile)}"`, { hint });
  const secretAccessKey = await askLine(ports, "Secret access key", { hint, isSecret: true });
  return checked({ accessKeyId, secretAccessKey });
}

/**
 * Keys as AWS gives them out.
 *
 * @throws {UsageError} where none are found
 */
export function parseKeys(text: string): AccessKeys {
  const found = keysOfJson(text) ?? keysOfLines(text);
  if (found !== undefined) return checked(found);
  throw new UsageError("Cannot read keys on standard input: found none", {
    hint: `give ${forms}`,
  });
}

function keysOfJson(text: string): AccessKeys | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const { AccessKey = parsed } = Object(parsed) as { readonly AccessKey?: unknown }; // what IAM answers
    const { AccessKeyId, SecretAccessKey } = Object(AccessKey) as Record<string, unknown>; // each is looked at
    return typeof AccessKeyId === "string" && typeof SecretAccessKey === "string"
      ? { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Two lines, or a header of the console's file and one line. */
function keysOfLines(text: string): AccessKeys | undefined {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/).map((line) => line.trim())
    .filter((line) => line !== "");
  const [first = "", second = "", extra] = lines;
  if (extra !== undefined || second === "") return undefined;
  const [accessKeyId = "", secretAccessKey] = second.includes(",")
    ? second.split(",").slice(-2)
    : [first, second];
  return secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey };
}

function checked(keys: AccessKeys): AccessKeys {
  const fault = keyFault(keys);
  if (fault === undefined && keys.accessKeyId !== "" && !keys.accessKeyId.startsWith("ASIA")) {
    return keys;
  }
  const { field = "accessKeyId", why = "is none of a long-term key", hint = `give ${forms}` } =
    fault ?? {};
  const what = field === "accessKeyId" ? "access key id" : "secret access key";
  throw new UsageError(`Cannot use the ${what}: it ${why}`, { hint });
}
