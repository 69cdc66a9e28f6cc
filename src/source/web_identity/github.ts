/**
 * GitHub Actions: a role that is assumed with the token of a job, for roles that name no other source.
 *
 * See https://docs.github.com/en/actions/reference/security/oidc
 *
 * @module
 */

import type { GithubJob } from "../../config/base_kind.ts";
import { failProfile } from "../../config/plan/problem.ts";
import { createStep, type Source } from "../source.ts";
import { tokenVariable, urlVariable } from "./github_names.ts";
import { roleOf, roleSettings, roleUrl, withPolicies } from "./role.ts";

const source = "github-oidc";

/** The record. */
export const githubOidc: Source = {
  source,
  withPolicies,
  isNamedBy: () => false,
  ofRole(recognition) {
    const { asked, profile, request } = recognition;
    const role = request?.github === undefined ? undefined : roleOf(recognition);
    if (request?.github === undefined || role === undefined) return undefined;
    const { audience } = request.github;
    const step = createStep({
      ...{ source, profile, field: "roleArn" },
      detail: `audience ${audience}, role ${role.roleArn}`,
      // The URL is the job's own: another job shares nothing with it.
      settings: { audience, url: urlOf(asked, request.github), ...roleSettings(role) },
    });
    return { ...step, reason: `${step.reason}; it names no source, and --github-oidc was given` };
  },
  urls: (step) => [step.settings.url ?? "", roleUrl(step)],
  async fetch(step, context) {
    const [{ assumeWithToken }, { githubToken }] = await Promise.all([
      import("./assume.ts"),
      import("./github_token.ts"),
    ]);
    return await assumeWithToken(step, () => githubToken(step, context), context);
  },
};

/** The endpoint of the job. @throws {ProfileError} where the job has none */
function urlOf(asked: string, { url, hasRequestToken }: GithubJob): string {
  const missing = [
    ...url === undefined ? [urlVariable] : [],
    ...hasRequestToken ? [] : [tokenVariable],
  ];
  if (url !== undefined && missing.length === 0) {
    if (URL.canParse(url)) return url;
    return failProfile(asked, `${urlVariable} is no URL`, `unset ${urlVariable}: GitHub sets it`);
  }
  return failProfile(
    asked,
    `--github-oidc needs ${missing.join(" and ")}, which ${
      missing.length > 1 ? "are" : "is"
    } not set`,
    "in a job of GitHub Actions, add these lines to the job, or to the whole workflow:\n" +
      "    permissions:\n      id-token: write\n      contents: read",
  );
}
