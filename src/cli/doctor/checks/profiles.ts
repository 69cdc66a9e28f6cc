/**
 * Checks of profiles: those that cannot work, and those that do not do what they seem to.
 *
 * @module
 */

import type { Config } from "../../../config/load.ts";
import { usableProfiles } from "../../../config/names/default.ts";
import { type Profile, settingNames } from "../../../config/profile.ts";
import { expandHome } from "../../../config/home.ts";
import { planRequest } from "../../../session/plan_settings.ts";
import { narrowedPlans } from "../../../session/scope/narrowed_plans.ts";
import { coreSettings } from "../../core_settings.ts";
import { splitWords } from "../../parse/split_words.ts";
import type { Examined } from "../examined.ts";
import type { Check, Finding } from "../finding.ts";

/** The rows. */
export const profileChecks: readonly Check[] = [
  {
    name: "profile",
    summary: "every profile that is meant to give credentials can",
    run: (examined) => withConfig(examined, (config) => brokenProfiles(config, examined)),
  },
  {
    name: "profile-notice",
    summary: "no profile is limited by AWS, or read differently by other tools",
    run: (examined) => withConfig(examined, (config) => notices(config, examined)),
  },
  {
    name: "profile-program",
    summary: "the programs and token files that profiles name exist",
    run: (examined) => withConfig(examined, (config) => missingFiles(config, examined)),
  },
  {
    name: "sample-keys",
    summary: "no profile holds the keys of AWS's documentation",
    run: (examined) =>
      withConfig(examined, ({ profiles }) =>
        // An emulator has them too.
        [...profiles.values()].filter(({ accessKeyId = "", endpointUrl, stsEndpointUrl }) =>
          /EXAMPLE$/.test(accessKeyId) && (endpointUrl ?? stsEndpointUrl) === undefined
        ).map((profile) => ({
          severity: "warning" as const,
          message: `Profile "${profile.name}" holds the access key of AWS's documentation`,
          place: profile.places.accessKeyId,
          cure: "put your own key there",
        }))),
  },
  {
    name: "shared-keys",
    summary: "no key stands in two profiles",
    run: (examined) => withConfig(examined, sharedKeys),
  },
  {
    name: "keys-beside-role",
    summary: "no profile has a role whose own keys shadow its source",
    run: (examined) =>
      withConfig(
        examined,
        ({ profiles }) =>
          [...profiles.values()].filter(({ accessKeyId, roleArn, sourceProfile }) =>
            accessKeyId !== undefined && roleArn !== undefined && sourceProfile !== undefined
          ).map((profile) => ({
            severity: "warning" as const,
            message:
              `Profile "${profile.name}" has keys beside a role with a source: as a source of ` +
              "other roles it gives its keys, and not its role",
            place: profile.places.accessKeyId,
            cure: "move the keys into a profile of their own",
          })),
      ),
  },
];

function withConfig(
  { config }: Examined,
  check: (config: Config) => readonly Finding[] | Promise<readonly Finding[]>,
): readonly Finding[] | Promise<readonly Finding[]> {
  return config === undefined ? [] : check(config);
}

function plansOf(config: Config, { invocation }: Examined, names: readonly string[]) {
  const settings = coreSettings(invocation.arguments);
  const { system } = invocation;
  return narrowedPlans(system, config, names, planRequest(settings, {}, system.env));
}

async function brokenProfiles(config: Config, examined: Examined): Promise<readonly Finding[]> {
  const names = usableProfiles(config, { only: "profile" }).map(({ name }) => name);
  const { problems } = await plansOf(config, examined, names);
  return problems.map(({ profile, message, hint }) => ({
    severity: "error",
    message,
    place: config.profiles.get(profile)?.place,
    cure: hint ?? `see why: stsaval explain ${profile}`,
  }));
}

async function notices(config: Config, examined: Examined): Promise<readonly Finding[]> {
  const usable = usableProfiles(config, { only: "profile" }).map(({ name }) => name);
  const { problems } = await plansOf(config, examined, usable);
  const broken = new Set(problems.map(({ profile }) => profile));
  const works = usable.filter((name) => !broken.has(name));
  return (await plansOf(config, examined, works)).notices.map((notice) => ({
    severity: "note",
    message: notice,
    cure: "'stsaval explain' shows the plan of each profile",
  }));
}

async function missingFiles(config: Config, { invocation }: Examined): Promise<Finding[]> {
  const { env, files } = invocation.system;
  const named = [...config.profiles.values()].flatMap((profile) => [
    ...programs(profile),
    ...profile.webIdentityTokenFile === undefined
      ? []
      : [{ profile, field: "webIdentityTokenFile" as const, path: profile.webIdentityTokenFile }],
    ...profile.caBundle === undefined
      ? []
      : [{ profile, field: "caBundle" as const, path: profile.caBundle }],
  ]);
  const found = await Promise.all(named.map(async ({ profile, field, path }) => {
    const full = expandHome(path, env);
    // Programs without a slash are looked up in PATH when they are started.
    if (!full.startsWith("/")) return [];
    const facts = await files.facts(full).catch(() => "unknown" as const);
    if (facts !== undefined) return [];
    return [{
      severity: "error" as const,
      message: `Profile "${profile.name}" names a file that does not exist: "${full}"`,
      place: profile.places[field] ?? profile.place,
      cure: "install or restore it, or correct the path",
    }];
  }));
  return found.flat();
}

function programs(profile: Profile) {
  const fields = ["credentialProcess", "mfaProcess", "webIdentityTokenProcess"] as const;
  return fields.flatMap((field) => {
    const line = profile[field];
    const path = line === undefined ? undefined : firstWord(line);
    return path === undefined ? [] : [{ profile, field, path }];
  });
}

/** Broken quotes are found when the plan is made. */
function firstWord(line: string): string | undefined {
  try {
    return splitWords(line, "the command")[0];
  } catch {
    return undefined;
  }
}

function sharedKeys({ profiles }: Config): readonly Finding[] {
  const first = new Map<string, string>();
  return [...profiles.values()].flatMap(({ name, accessKeyId, places }) => {
    if (accessKeyId === undefined) return [];
    const other = first.get(accessKeyId);
    first.set(accessKeyId, other ?? name);
    if (other === undefined) return [];
    return [{
      severity: "note" as const,
      message: `Profile "${name}" holds the same access key as profile "${other}"`,
      place: places.accessKeyId,
      cure: `with a role, name ${JSON.stringify(other)} as ${settingNames.sourceProfile} instead`,
    }];
  });
}
