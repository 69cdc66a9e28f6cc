/**
 * The credentials endpoint of a container.
 *
 * @module
 */

import { createStep, environmentStep, type Source } from "./source.ts";

const source = "container";
const credentialSource = "EcsContainer";

const variables = [
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
] as const;

/** The record. */
export const container: Source = {
  source,
  credentialSource,
  isNamedBy: (profile) => profile.credentialSource === credentialSource,
  ofEnvironment(env) {
    const variable = variables.find((name) => env.get(name) !== undefined);
    if (variable === undefined) return undefined;
    return environmentStep({
      onlyNamed: true,
      ...{ source, settings: {}, detail: variable },
      reason: `${variable} is set`,
    });
  },
  ofProfile({ profile }) {
    if (profile.credentialSource !== credentialSource) return undefined;
    const settings = {};
    return createStep({
      onlyNamed: true,
      ...{ source, profile, field: "credentialSource", settings },
      detail: credentialSource,
    });
  },
};
