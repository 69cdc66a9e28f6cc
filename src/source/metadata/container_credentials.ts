/**
 * Fetches the credentials of a container.
 *
 * @module
 */

import { SourceError } from "../../errors.ts";
import { sourceName, type SourceStep } from "../../plan.ts";
import { callHttp, type HttpResponse } from "../http_call.ts";
import { parseObject } from "../json_call.ts";
import type { SourceContext, SourceCredentials } from "../source.ts";
import { containerUrl } from "./container_url.ts";
import { containerVariables } from "./container_variables.ts";
import { readCredentials } from "./credentials.ts";

/** A time-out of one second, and one second at most between attempts, as the AWS SDKs have it. */
const limits = { attempts: 4, timeoutMs: 1_000, longestPauseMs: 1_000 };

/** The endpoints answer with less than 4 KiB. */
const longestAnswer = 65_536;

/**
 * The credentials of the step. The token is read anew each time: EKS replaces its file.
 *
 * @throws {SourceError} where the endpoint refuses, cannot be reached, or gives anything else
 */
export async function fetchFromContainer(
  step: SourceStep,
  context: SourceContext,
): Promise<SourceCredentials> {
  const url = containerUrl(step.settings);
  const token = await readToken(step, context);
  const response = await callHttp(context, {
    ...{ source: step.source, operation: "the credentials endpoint of the container" },
    ...{ method: "GET", url: url.href, ...limits, isDirect: url.protocol === "http:" },
    headers: token === undefined ? {} : { authorization: token },
    secrets: [token],
  });
  if (response.status !== 200) throw refused(step, describeRefusal(response, url));
  if (response.text.length > longestAnswer) throw refused(step, "it sent more than 64 KiB");
  const found = readCredentials(parseObject(response.text));
  if (typeof found === "string") throw refused(step, found);
  const { keys, expires } = found;
  if (expires !== undefined && expires <= context.now()) {
    throw refused(step, `its credentials ended at ${new Date(expires).toISOString()}`);
  }
  return { keys, expiration: expires === undefined ? undefined : new Date(expires) };
}

/** What is sent as it is in the header `Authorization`; a file counts before a variable. */
async function readToken(
  step: SourceStep,
  { system: { env, files } }: SourceContext,
): Promise<string | undefined> {
  const { token: variable, tokenFile } = containerVariables;
  const path = env.get(tokenFile);
  if (path === undefined) return checkToken(step, variable, env.get(variable));
  const text = await files.readText(path).catch((error: Error) => {
    throw refused(step, `the file of ${tokenFile} cannot be read: ${error.message}`);
  });
  if (text === undefined) throw refused(step, `${tokenFile} names a file that does not exist`);
  return checkToken(step, `the file of ${tokenFile}`, text);
}

/** A line break would end the header, and begin another one. */
function checkToken(
  step: SourceStep,
  where: string,
  token: string | undefined,
): string | undefined {
  if (token === undefined || /^[\x20-\x7e]*$/.test(token)) return token;
  const what = /[\r\n]/.test(token) ? "a line break" : "a character that no header may hold";
  throw refused(step, `${where} holds ${what}, wanted one line of ASCII text`);
}

function describeRefusal({ status, text, mask }: HttpResponse, { origin }: URL): string {
  if (status >= 300 && status < 400) {
    return `${origin} redirects (HTTP ${status}), which is not followed: the token would go elsewhere`;
  }
  const { code, message } = parseObject(text);
  const said = [code, message].filter((part) => typeof part === "string").join(": ");
  return `${origin} responded with HTTP ${status}${said === "" ? "" : ` (${mask(said)})`}`;
}

function refused(step: SourceStep, why: string): SourceError {
  return new SourceError(
    "SOURCE_REFUSED",
    step.source,
    `Cannot get credentials from ${sourceName(step)}: ${why} (${step.reason})`,
    { hint: `it is named by ${step.detail}, which the container's service sets` },
  );
}
