/**
 * Endpoint settings of a call, by precedence: the request, then the environment, then the profiles.
 *
 * @module
 */

import type { EndpointSettings } from "../../plan.ts";
import type { ConfigEnvironment, ServiceName } from "../environment.ts";
import { definedFields } from "../fields.ts";
import type { Profile } from "../profile.ts";

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
  /** An ARN of the call, which gives the partition. */
  readonly arn: string | undefined;
}

/** The settings for one call. */
export function chooseEndpoint(sources: EndpointSources): EndpointSettings {
  const { request, environment, profiles, arn } = sources;
  const regional = environment.stsRegionalEndpoints ?? first(profiles, "stsRegionalEndpoints");
  return definedFields<EndpointSettings>({
    region: request.region ?? environment.region ?? first(profiles, "region"),
    partition: partitionOfArn(arn),
    endpointUrl: request.endpointUrl ?? configuredUrl(environment, profiles),
    allowHttp: request.allowHttp,
    useFips: environment.useFips ?? first(profiles, "useFips"),
    useDualstack: environment.useDualstack ?? first(profiles, "useDualstack"),
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
  const endpointUrl = ignoresUrls(environment, [profile])
    ? undefined
    : environment.serviceUrls?.[service] ?? environment.endpointUrl ??
      profile.serviceUrls?.[service] ?? profile.endpointUrl;
  return definedFields({
    region,
    endpointUrl,
    useFips: environment.useFips ?? profile.useFips,
    useDualstack: environment.useDualstack ?? profile.useDualstack,
  });
}

function ignoresUrls(
  environment: ConfigEnvironment,
  profiles: readonly Profile[],
): boolean {
  return environment.ignoreConfiguredEndpointUrls ??
    first(profiles, "ignoreConfiguredEndpointUrls") ?? false;
}

function configuredUrl(
  environment: ConfigEnvironment,
  profiles: readonly Profile[],
): string | undefined {
  if (ignoresUrls(environment, profiles)) return undefined;
  const inProfiles = profiles.map(({ stsEndpointUrl, endpointUrl }) =>
    stsEndpointUrl ?? endpointUrl
  );
  return environment.stsEndpointUrl ?? environment.endpointUrl ??
    inProfiles.find((url) => url !== undefined);
}

function first<Field extends keyof Profile>(
  profiles: readonly Profile[],
  field: Field,
): Profile[Field] | undefined {
  return profiles.find((profile) => profile[field] !== undefined)?.[field];
}

/** `aws-us-gov` for `arn:aws-us-gov:iam::…`; the serial number of a hardware device has none. */
function partitionOfArn(arn: string | undefined): string | undefined {
  return arn === undefined ? undefined : /^arn:([^:]+):/.exec(arn)?.[1];
}
