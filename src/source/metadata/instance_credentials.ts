/**
 * Fetches the credentials of an instance's role.
 *
 * @module
 */

import { SourceError, UsageError } from "../../errors.ts";
import { sourceName, type SourceStep } from "../../plan.ts";
import { parseObject } from "../json_call.ts";
import type { SourceContext, SourceCredentials } from "../source.ts";
import { readCredentials } from "./credentials.ts";
import { InstanceSession } from "./instance_session.ts";
import { instanceUrl } from "./instance_url.ts";

const rolesPath = "latest/meta-data/iam/security-credentials/";

/** As IAM allows it; the name becomes part of a path. */
const roleName = /^[\w+=,.@-]{1,128}$/;

/** How much longer ended credentials are used, and how much of that at random, in milliseconds. */
const extension = { least: 300_000, jitter: 300_000 };

/**
 * The credentials of the role that the instance has.
 *
 * @throws {SourceError} where the service refuses, cannot be reached, or has no role
 * @throws {UsageError} where there is no such service, and no profile was named
 */
export async function fetchFromInstance(
  step: SourceStep,
  context: SourceContext,
): Promise<SourceCredentials> {
  const session = new InstanceSession(step, context, instanceUrl(step.settings));
  const isUncertain = step.settings.uncertain !== undefined;
  if (isUncertain && !await session.isThere()) {
    throw noInstance(`no instance metadata service answers at ${step.detail}`);
  }
  const list = await session.get(rolesPath);
  if (isUncertain && list.status !== 200) {
    throw noInstance(`the metadata service at ${step.detail} has none: ${session.describe(list)}`);
  }
  if (list.status === 404) throw refused(step, "the instance has no role", noRoleHint);
  if (list.status !== 200) throw refused(step, session.describe(list));
  const role = list.text.split(/[\r\n]|<br\/>/).map((line) => line.trim()).find((line) =>
    line !== ""
  );
  if (role === undefined) throw refused(step, "the instance has no role", noRoleHint);
  if (!roleName.test(role)) throw refused(step, "it names no role in its list of roles");
  const { status, text, mask } = await session.get(`${rolesPath}${role}`);
  if (status !== 200) throw refused(step, session.describe({ status, text, mask }));
  const body = parseObject(text);
  const { Code: code, Message: message } = body;
  if (typeof code === "string" && code.toLowerCase() !== "success") {
    const said = typeof message === "string" ? `: ${message}` : "";
    throw refused(step, mask(`role "${role}" has no credentials: ${code}${said}`));
  }
  const found = readCredentials(body);
  if (typeof found === "string") throw refused(step, found);
  if (found.expires === undefined) throw refused(step, "Expiration is missing");
  return { keys: found.keys, expiration: usableUntil(found.expires, context) };
}

/**
 * When the service is out of order, it gives credentials that have ended, and AWS's other services take them for the time
 * being: the AWS SDKs use them for 5 to 10 minutes more, and ask again.
 */
function usableUntil(expires: number, { now, logger, system }: SourceContext): Date {
  if (expires > now()) return new Date(expires);
  const end = new Date(now() + extension.least + system.random.number() * extension.jitter);
  logger.warn(
    `fetch: the instance metadata service gave credentials that ended at ${
      new Date(expires).toISOString()
    }; they are used until ${end.toISOString()}, then it is asked again`,
  );
  return end;
}

const noRoleHint = "attach an instance profile with a role to the instance";

function refused(step: SourceStep, why: string, hint?: string): SourceError {
  const message = `Cannot get credentials from ${sourceName(step)} (${step.detail}): ${why}`;
  return new SourceError("SOURCE_REFUSED", step.source, message, { hint });
}

function noInstance(why: string): UsageError {
  return new UsageError(
    `No profile given, and no credentials found: no link of the default chain has any, and ${why}`,
    { hint: "'stsaval profiles' lists the known profiles" },
  );
}
