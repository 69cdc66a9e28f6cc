/**
 * Endpoint settings of a call, by precedence: the request, then the environment, then the profiles.
 *
 * @module
 */

import type { EndpointSettings } from "../../plan.ts";
import type { ConfigEnvironment, ServiceName } from "../environment.ts";
import { definedFields } from "../fields.ts";
import { failProblemsOf } from "./problem.ts";
import type { Profile, ProfileField } from "../profile.ts";

/** Where endpoint settings come from. */
export interface EndpointSources {
  readonly request: {
    readonly region?: string;
    readonly endpointUrl?: string;
    readonly allowHttp?: boolean;
  };
  readonly environment: ConfigEnvironment;
  /** For each setting, the first profile that has it wins. */
  readonly profiles: readonly Profile[];
  /** The requested profile. */
  readonly asked: string;
  /** An ARN of the call, which gives the partition. */
  readonly arn: string | undefined;
}

/**
 * The settings for one call.
 *
 * @throws {ProfileError} when one that counts breaks a rule
 */
export function chooseEndpoint(sources: EndpointSources): EndpointSettings {
  const { request, environment, arn } = sources;
  const regional = environment.stsRegionalEndpoints ?? first(sources, "stsRegionalEndpoints");
  return definedFields<EndpointSettings>({
    region: request.region ?? environment.region ?? first(sources, "region"),
    partition: partitionOfArn(arn),
    endpointUrl: request.endpointUrl ?? configuredUrl(sources),
    allowHttp: request.allowHttp,
    useFips: environment.useFips ?? first(sources, "useFips"),
    useDualstack: environment.useDualstack ?? first(sources, "useDualstack"),
    legacyGlobal: regional === undefined ? undefined : regional === "legacy",
  });
}

/** The settings for a call to a service beside STS, in a region that its own settings name. */
export function chooseServiceEndpoint(
  service: ServiceName,
  region: string,
  environment: ConfigEnvironment,
  profile: Profile,
): EndpointSettings & { readonly region: string } {
  const sources = { environment, profiles: [profile], asked: profile.name };
  const endpointUrl = ignoresUrls(sources)
    ? undefined
    : environment.serviceUrls?.[service] ?? environment.endpointUrl ??
      profile.serviceUrls?.[service] ?? profile.endpointUrl;
  return definedFields({
    region,
    endpointUrl,
    useFips: environment.useFips ?? first(sources, "useFips"),
    useDualstack: environment.useDualstack ?? first(sources, "useDualstack"),
  });
}

type Configured = Pick<EndpointSources, "environment" | "profiles" | "asked">;

function ignoresUrls(sources: Configured): boolean {
  return sources.environment.ignoreConfiguredEndpointUrls ??
    first(sources, "ignoreConfiguredEndpointUrls") ?? false;
}

function configuredUrl(sources: Configured): string | undefined {
  if (ignoresUrls(sources)) return undefined;
  const { environment, profiles, asked } = sources;
  const named = environment.stsEndpointUrl ?? environment.endpointUrl;
  if (named !== undefined) return named;
  for (const profile of profiles) {
    failProblemsOf(asked, profile, "services", "endpointUrl");
    const url = profile.stsEndpointUrl ?? profile.endpointUrl;
    if (url !== undefined) return url;
  }
  return undefined;
}

/** What the first profile says that says anything; what cannot be read may be that. */
function first<Field extends ProfileField>(
  { profiles, asked }: Pick<EndpointSources, "profiles" | "asked">,
  field: Field,
): Profile[Field] | undefined {
  for (const profile of profiles) {
    failProblemsOf(asked, profile, field);
    const value = profile[field];
    if (value !== undefined) return value;
  }
  return undefined;
}

/** `aws-us-gov` for `arn:aws-us-gov:iam::…`; the serial number of a hardware device has none. */
function partitionOfArn(arn: string | undefined): string | undefined {
  return arn === undefined ? undefined : /^arn:([^:]+):/.exec(arn)?.[1];
}
