/**
 * The token of a job of GitHub Actions, asked for anew at every fetch: it lives minutes.
 *
 * @module
 */

import { SourceError } from "../../errors.ts";
import type { SourceStep } from "../../plan.ts";
import { callJson, type JsonResponse } from "../json_call.ts";
import type { SourceContext } from "../source.ts";
import { tokenVariable } from "./github_names.ts";
import { checkToken } from "./token.ts";

/** As many as GitHub's own toolkit makes (actions/toolkit, oidc-utils). */
const attempts = 10;

/**
 * A token for the audience of the step.
 *
 * @throws {SourceError} when GitHub refuses or cannot be reached
 */
export async function githubToken(step: SourceStep, context: SourceContext): Promise<string> {
  const { url: endpoint = "", audience = "" } = step.settings;
  const url = new URL(endpoint);
  url.searchParams.set("audience", audience);
  const secret = context.system.env.get(tokenVariable);
  const response = await callJson(context, {
    ...{ source: step.source, operation: "GetIdToken", method: "GET", url: url.href, attempts },
    headers: { authorization: `Bearer ${secret}` },
    secrets: [secret],
  });
  const { status, body: { value } } = response;
  if (status !== 200) throw refused(step, url, response);
  return checkToken(typeof value === "string" ? value : "", (why) => {
    throw failure(step, url, `its response was not as expected: ${why}`);
  });
}

function refused(step: SourceStep, url: URL, { status, body, mask }: JsonResponse): SourceError {
  const { message } = body;
  const said = typeof message === "string" ? `: ${mask(message).slice(0, 300)}` : "";
  const hint = status === 401 || status === 403
    ? `the job's ${tokenVariable} is not valid, or not any more: it ends with the job`
    : undefined;
  return failure(step, url, `it responded with HTTP ${status}${said}`, hint);
}

function failure(step: SourceStep, url: URL, why: string, hint?: string): SourceError {
  return new SourceError(
    "SOURCE_REFUSED",
    step.source,
    `Cannot get a token for audience "${step.settings.audience}" from GitHub Actions at ${url.host}: ${why}`,
    { hint },
  );
}
