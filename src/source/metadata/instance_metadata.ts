/**
 * The metadata service of an instance.
 *
 * See https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
 *
 * @module
 */

import type { Profile } from "../../config/profile.ts";
import { failProfile, settingAt } from "../../config/plan/problem.ts";
import type { Environment } from "../../system.ts";
import { createStep, environmentStep, type Source } from "../source.ts";
import { instanceUrl } from "./instance_url.ts";
import { instanceVariables, isTrue } from "./instance_variables.ts";

const source = "instance-metadata";
const credentialSource = "Ec2InstanceMetadata";

/** The record. */
export const instanceMetadata: Source = {
  source,
  credentialSource,
  isNamedBy: (profile) => profile.credentialSource === credentialSource,
  ofEnvironment(env, { defaults } = {}) {
    if (isTrue(env.get(instanceVariables.disabled))) return undefined;
    const settings = settingsOf(env, defaults);
    // Whether there is an instance is told by asking; a service that somebody set up is there.
    const isSure = settings.endpoint !== undefined || settings.mode !== undefined;
    return environmentStep({
      source,
      settings: { ...settings, uncertain: isSure ? undefined : "true" },
      detail: detailOf(settings),
      reason: isSure
        ? "the settings name an instance metadata service"
        : "no other link of the default chain has credentials",
      notices: ["whether an instance metadata service answers was not tried"],
    });
  },
  ofProfile({ asked, profile, env }) {
    if (profile.credentialSource !== credentialSource) return undefined;
    if (isTrue(env.get(instanceVariables.disabled))) {
      const where = settingAt(profile, "credentialSource");
      const { disabled } = instanceVariables;
      return failProfile(
        asked,
        `${where} is ${credentialSource}, but ${disabled} is true`,
        `unset ${disabled}`,
      );
    }
    const settings = settingsOf(env, profile);
    const detail = detailOf(settings);
    return createStep({ source, profile, field: "credentialSource", detail, settings });
  },
  urls: ({ settings }) => [instanceUrl(settings).href],
  async fetch(step, context) {
    const { fetchFromInstance } = await import("./instance_credentials.ts");
    return await fetchFromInstance(step, context);
  },
};

type Settings = Readonly<Record<string, string | undefined>>;

/** The environment counts before the profile, and an address before a mode. */
function settingsOf(env: Environment, profile: Profile | undefined): Settings {
  const { endpoint, mode, v1Disabled, timeout, attempts } = instanceVariables;
  const refusesV1 = env.get(v1Disabled) === undefined
    ? profile?.ec2MetadataV1Disabled
    : isTrue(env.get(v1Disabled));
  return {
    endpoint: env.get(endpoint) ?? profile?.ec2MetadataEndpoint,
    mode: env.get(mode) ?? profile?.ec2MetadataEndpointMode,
    v1Disabled: refusesV1 === true ? "true" : undefined,
    timeoutSeconds: env.get(timeout),
    attempts: env.get(attempts),
  };
}

function detailOf({ endpoint, mode, v1Disabled }: Settings): string {
  const where = endpoint ?? (mode === undefined ? "169.254.169.254" : `over ${mode}`);
  return v1Disabled === undefined ? where : `${where}, version 2 alone`;
}
