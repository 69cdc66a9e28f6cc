/**
 * `stsaval console`: a browser that is signed in to the AWS console as a role.
 *
 * @module
 */

import type { Config } from "../../config/load.ts";
import { chooseServiceEndpoint } from "../../config/plan/endpoint_choice.ts";
import { resolvePlans } from "../../config/plan/plan.ts";
import { settingNames } from "../../config/profile.ts";
import { parseDuration } from "../../duration.ts";
import { ProfileError, StsavalError, UsageError } from "../../errors.ts";
import { visible } from "../../output/table.ts";
import { type CredentialPlan, holdsKeys, isLongTerm } from "../../plan.ts";
import { planRequest } from "../../session/plan_settings.ts";
import {
  type ConsolePlace,
  consoleRegion,
  destinationUrl,
  federationUrl,
} from "../../source/console/console_hosts.ts";
import { signInUrlStart } from "../../source/console/sign_in_url.ts";
import type { Command, Invocation } from "../command.ts";
import { openCore } from "../context.ts";
import { connectedSystem } from "../connected_system.ts";
import { coreSettings } from "../core_settings.ts";
import { networkEnvironment, profileEnvironment } from "../help/environment.ts";
import { knownConfig } from "../known_config.ts";
import {
  cacheOptions,
  fileOptions,
  mfaOptions,
  profileOption,
  roleOptions,
  stsOptions,
} from "../options.ts";
import { credentialNeeds } from "../permissions/needs.ts";
import { wantedProfile } from "../profile_names.ts";
import { credentialsOfOne } from "./shared/profile_credentials.ts";

/** What AWS allows for `SessionDuration`, in seconds. */
const [shortest, longest] = [900, 43_200];

/** The record. */
export const consoleCommand: Command = {
  name: "console",
  topic: "handOut",
  summary: "Open the AWS console in a browser that is signed in as a role",
  description:
    "Gets the credentials of the profile, exchanges them at AWS's federation endpoint for an address that signs\n" +
    "a browser in, and opens it. The address is a secret that is good for 15 minutes: it is printed with\n" +
    "--print alone. AWS takes roles, not the keys of a user. The session ends with the credentials, or after\n" +
    "--duration, which AWS takes only for a role that long-term keys assumed directly.",
  operands: "[PROFILE]",
  options: [
    profileOption,
    {
      name: "destination",
      value: "PAGE",
      summary: "A service such as s3, a path, or an address of the console",
    },
    { name: "print", summary: "Print the address, which is a secret, and open no browser" },
    { name: "duration", value: "DURATION", summary: "How long the session lasts; 15m to 12h" },
    { name: "issuer", value: "URL", summary: "What the console links to when the session ends" },
    ...roleOptions,
    ...mfaOptions,
    ...cacheOptions,
    ...stsOptions,
    ...fileOptions,
  ],
  examples: [
    { line: "stsaval console dev", summary: "opens the browser" },
    { line: "stsaval console dev --destination s3", summary: "at the page of S3" },
    { line: "stsaval console dev --print", summary: "the address, for another browser" },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: [...credentialNeeds, "console"],
  run: runConsole,
};

async function runConsole(invocation: Invocation): Promise<number> {
  const { arguments: given, system } = invocation;
  const seconds = durationOf(given.text("duration"));
  const name = await wantedProfile(invocation);
  const config = await knownConfig(invocation);
  const plan = planOf(invocation, config, name);
  checkPlan(plan, seconds !== undefined);
  const place = placeOf(invocation, config, plan);
  const destination = destinationUrl(given.text("destination"), place);
  const url = await addressFor(invocation, {
    ...{ name, destination, seconds, federation: endpointOf(config, name, place) },
  });
  if (given.flag("print")) {
    system.terminal.out(
      given.flag("json") ? `${JSON.stringify({ profile: name, url })}\n` : `${url}\n`,
    );
    return 0;
  }
  if (!(await system.browser?.open(url) ?? false)) {
    throw new StsavalError("FAILED", "Cannot open a browser: none was found on this machine", {
      hint: "'--print' prints the address, which is a secret, for a browser elsewhere",
    });
  }
  if (given.flag("json")) {
    system.terminal.out(`${JSON.stringify({ profile: name, destination, opened: true })}\n`);
  } else if (!given.flag("quiet")) {
    system.terminal.err(`Opened the console as "${visible(name)}" in the browser\n`);
  }
  return 0;
}

function durationOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseDuration(text);
  if (seconds >= shortest && seconds <= longest) return Math.floor(seconds);
  throw new UsageError(`Cannot use "${text}" for --duration: wanted 15m to 12h`);
}

function planOf(invocation: Invocation, config: Config, name: string): CredentialPlan {
  const { arguments: given, system } = invocation;
  const request = planRequest(
    { ...coreSettings(given), profileName: given.text("source-profile") },
    {},
    system.env,
  );
  const { plans: [plan], problems } = resolvePlans(config, [name], request);
  if (plan === undefined) throw new ProfileError(problems);
  return plan;
}

/** What AWS would refuse, said before a code is spent on it. */
function checkPlan({ profile, base, session, roles }: CredentialPlan, hasDuration: boolean): void {
  const isUser = isLongTerm(base) && roles.length === 0;
  if (isUser) {
    const message =
      `Cannot sign in to the console with profile "${profile}": it has the keys of a user, ` +
      "and AWS takes those of a role";
    throw new ProfileError([{
      profile,
      message,
      hint: "name a profile with a role; 'stsaval profiles' lists them",
    }]);
  }
  if (!hasDuration) return;
  const why = roles.length > 1 || (roles.length === 1 && !holdsKeys(base))
    ? "another role assumes its role"
    : session !== undefined
    ? "its role is assumed with a session token"
    : undefined;
  if (why === undefined) return;
  throw new UsageError(`Cannot use --duration for profile "${profile}": ${why}`, {
    hint: session === undefined
      ? "leave it out: the session ends with the credentials"
      : "leave it out, or set " +
        `${settingNames.durationSeconds} above 3600 in the profile: the code then goes with the role itself`,
  });
}

/** The region of the pages, and the partition of the role. */
function placeOf(
  { arguments: given }: Invocation,
  config: Config,
  { profile, roles }: CredentialPlan,
): ConsolePlace {
  const partition = /^arn:([^:]+):/.exec(roles.at(-1)?.roleArn ?? "")?.[1];
  const region = given.text("region") ?? config.environment.region ??
    config.profiles.get(profile)?.region;
  return { region, partition };
}

/** AWS's own, or that of the endpoint that the profile names for all services, such as an emulator. */
function endpointOf({ environment, profiles }: Config, name: string, place: ConsolePlace): string {
  const profile = profiles.get(name);
  if (profile === undefined) return federationUrl(place);
  const region = consoleRegion(place);
  const { endpointUrl } = chooseServiceEndpoint("signin", region, environment, profile);
  if (endpointUrl === undefined) return federationUrl(place);
  return `${endpointUrl.replace(/\/+$/, "")}/federation`;
}

interface Wanted {
  readonly name: string;
  readonly destination: string;
  readonly federation: string;
  readonly seconds: number | undefined;
}

async function addressFor(
  invocation: Invocation,
  { name, destination, federation, seconds }: Wanted,
): Promise<string> {
  const { arguments: given, signal } = invocation;
  const { announced, announce } = announcing(invocation, federation);
  const core = await openCore(announced, {});
  await using _core = core;
  const credentials = await credentialsOfOne(announced, core, name);
  if (credentials.SessionToken === "") {
    throw new StsavalError(
      "FAILED",
      `Cannot sign in to the console with profile "${name}": its keys are long-term ones`,
      { hint: "name a profile with a role; 'stsaval profiles' lists them" },
    );
  }
  announce();
  const system = await connectedSystem(announced, [name]);
  const { signInUrl } = await import("../../source/console/sign_in_url.ts");
  return await signInUrl({ system, signal, timeoutMs: coreSettings(given).timeoutMs }, {
    ...{ profile: name, credentials, destination, federationUrl: federation },
    ...{ issuer: given.text("issuer") ?? "", durationSeconds: seconds },
  });
}

/** Hosts are narrowed once: whoever does it first, the endpoint and its pages are among them. */
function announcing(invocation: Invocation, federation: string) {
  const { system } = invocation;
  const { network } = system;
  const mayOpen = [signInUrlStart(federation)];
  let isAnnounced = false;
  const callOnly: typeof network.callOnly = (urls, options) => {
    isAnnounced = true;
    network.callOnly?.([...urls, federation], { ...options, mayOpen });
  };
  const announced = { ...invocation, system: { ...system, network: { ...network, callOnly } } };
  return {
    announced,
    announce: () => {
      if (!isAnnounced) callOnly([]);
    },
  };
}
