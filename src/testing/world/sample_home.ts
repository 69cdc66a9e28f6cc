/**
 * A `~/.aws` for the world of an emulator.
 *
 * @module
 */

import { type ProfileField, settingNames } from "../../config/profile.ts";
import type { EmulatorRole, EmulatorUser, EmulatorWorld } from "./account_state.ts";

/** Where the emulator can be reached. */
export interface SampleHomeOptions {
  /** The emulator's URL: `http://127.0.0.1:4566`. */
  readonly url: string | URL;
  /** The region of the profiles. Default: us-east-1. */
  readonly region?: string;
}

/** The two files of a `~/.aws`. */
export interface SampleHome {
  /** The text of `~/.aws/config`. */
  readonly config: string;
  /** The text of `~/.aws/credentials`. */
  readonly credentials: string;
}

type Setting = readonly [field: ProfileField, value: string | undefined];

/**
 * Formats the world as a `~/.aws`: a profile for each user and for each role, named like them. The first user is the
 * source profile of all roles, and the roles that require MFA name that user's device.
 *
 * @example
 * ```ts
 * import { formatSampleHome, sampleWorld } from "../mod.ts";
 *
 * const { config } = formatSampleHome(sampleWorld(), { url: "http://127.0.0.1:4566" });
 * if (!config.includes("[profile DynamoDBRole-dev]")) throw new Error("missing");
 * ```
 */
export function formatSampleHome(world: EmulatorWorld, options: SampleHomeOptions): SampleHome {
  const place: Setting[] = [
    ["region", options.region ?? "us-east-1"],
    ["endpointUrl", String(options.url).replace(/\/$/, "")],
  ];
  const [source] = world.users;
  const profiles = [
    ...world.users.map((user) =>
      section(`profile ${user.name}`, [...userSettings(user), ...place])
    ),
    ...world.roles.map((role) =>
      section(`profile ${roleName(role)}`, [...roleSettings(role, source), ...place])
    ),
  ];
  const keys = world.users.map((user) =>
    section(user.name, [
      ["accessKeyId", user.accessKeyId],
      ["secretAccessKey", user.secretAccessKey],
    ])
  );
  return { config: profiles.join("\n"), credentials: keys.join("\n") };
}

function userSettings({ mfa }: EmulatorUser): Setting[] {
  return [["mfaSerial", mfa?.serial]];
}

function roleSettings(role: EmulatorRole, source: EmulatorUser | undefined): Setting[] {
  return [
    ["roleArn", role.arn],
    ["sourceProfile", source?.name],
    ["mfaSerial", role.requireMfa ? source?.mfa?.serial : undefined],
    ["externalId", role.externalId],
  ];
}

function section(name: string, settings: readonly Setting[]): string {
  const lines = settings
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${settingNames[field]} = ${value}\n`);
  return `[${name}]\n${lines.join("")}`;
}

function roleName({ arn }: EmulatorRole): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
