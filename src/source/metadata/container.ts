/**
 * The credentials endpoint of a container: of ECS, of EKS Pod Identity, or of another server that speaks the same.
 *
 * See https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 *
 * @module
 */

import { failProfile, settingAt } from "../../config/plan/problem.ts";
import type { Environment } from "../../system.ts";
import { createStep, environmentStep, type Source } from "../source.ts";
import { containerUrl } from "./container_url.ts";
import { containerVariables, tokenFilesOf } from "./container_variables.ts";

const source = "container";
const credentialSource = "EcsContainer";

/** The record. */
export const container: Source = {
  source,
  credentialSource,
  isNamedBy: (profile) => profile.credentialSource === credentialSource,
  ofEnvironment(env) {
    const named = uriOf(env);
    if (named === undefined) return undefined;
    const { variable, ...settings } = named;
    return environmentStep({ source, ...settings, reason: `${variable} is set` });
  },
  ofProfile({ asked, profile, env }) {
    if (profile.credentialSource !== credentialSource) return undefined;
    const named = uriOf(env);
    if (named === undefined) {
      const where = settingAt(profile, "credentialSource");
      const { relativeUri, fullUri } = containerVariables;
      return failProfile(
        asked,
        `${where} is ${credentialSource}, but neither ${relativeUri} nor ${fullUri} is set`,
        "it is for programs in a container, where ECS or EKS sets one of them",
      );
    }
    const { detail, settings } = named;
    return createStep({ source, profile, field: "credentialSource", detail, settings });
  },
  urls: ({ settings }) => [containerUrl(settings).href],
  files: (_step, env) => tokenFilesOf(env),
  async fetch(step, context) {
    const { fetchFromContainer } = await import("./container_credentials.ts");
    return await fetchFromContainer(step, context);
  },
};

/** The URI that the environment names, and by which variable: a relative one counts before a full one. */
function uriOf(env: Environment) {
  for (const field of ["relativeUri", "fullUri"] as const) {
    const variable = containerVariables[field];
    const uri = env.get(variable);
    if (uri !== undefined) return { variable, settings: { [field]: uri }, detail: variable };
  }
  return undefined;
}
