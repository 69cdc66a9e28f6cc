/**
 * The credentials endpoint of a container.
 *
 * @module
 */

import { createStep, type Source } from "./source.ts";

const source = "container";
const credentialSource = "EcsContainer";

/** The record. */
export const container: Source = {
  source,
  credentialSource,
  isNamedBy: (profile) => profile.credentialSource === credentialSource,
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
