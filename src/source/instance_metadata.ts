/**
 * The metadata service of an instance.
 *
 * @module
 */

import { createStep, type Source } from "./source.ts";

const source = "instance-metadata";
const credentialSource = "Ec2InstanceMetadata";

/** The record. */
export const instanceMetadata: Source = {
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
