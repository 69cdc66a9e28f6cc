/**
 * A `~/.aws` for the world of an emulator.
 *
 * @module
 */

import { type ProfileField, settingNames } from "../../config/profile.ts";
import { tokenFileName } from "../../source/sso/token_file.ts";
import {
  type EmulatorMachine,
  type EmulatorRole,
  type EmulatorSignIn,
  type EmulatorSso,
  type EmulatorSsoToken,
  type EmulatorUser,
  type EmulatorWorld,
  loginSessionOf,
  ssoRoleArn,
  userArn,
} from "./account_state.ts";

/** The name of the section that holds the sign-in: `[sso-session emulator]`. */
export const sampleSession = "emulator";

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

/** A sign-in as the AWS CLI keeps it. */
export interface SampleToken {
  /** The name of its file in `~/.aws/sso/cache`, or `~/.aws/login/cache`. */
  readonly name: string;
  /** The text of the file. */
  readonly text: string;
}

type Setting = readonly [field: ProfileField, value: string | undefined];

/**
 * Formats the world as a `~/.aws`: a profile for each user, for each role that IAM Identity Center gives (`Example-Admin`
 * for role Admin of account Example) and `aws login` (`Admin`), and for each other role, named like it. The source of a
 * role is the instance or the container that its trust policy names, else the profile that it names, else the first one;
 * the roles that require MFA name that user's device.
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
  const bases = [
    ...world.users.map(userBase),
    ...ssoBases(world.sso),
    ...(world.signIn === undefined ? [] : [loginBase(world.signIn)]),
  ];
  const profiles = [
    ...(world.sso === undefined ? [] : [sessionSection(world.sso)]),
    ...bases.map(({ name, settings }) => section(`profile ${name}`, [...settings, ...place])),
    ...world.roles.map((role) =>
      section(`profile ${roleName(role)}`, [
        ...machineSettings(role, world, String(options.url).replace(/\/$/, "")) ??
          roleSettings(role, sourceOf(role, bases)),
        ...place,
      ])
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

/**
 * Formats a sign-in of the emulator's person as the file that goes with the home of {@linkcode formatSampleHome}.
 *
 * @example
 * ```ts
 * import { createStsEmulator, formatSampleToken, sampleSsoWorld } from "../mod.ts";
 *
 * const emulator = createStsEmulator({ world: sampleSsoWorld() });
 * const { name } = await formatSampleToken(emulator.signInToSso());
 * if (name !== "7e09d0bb5f4eb56d9b97c579dd7351780613c45b.json") throw new Error(name);
 * ```
 */
export async function formatSampleToken(token: EmulatorSsoToken): Promise<SampleToken> {
  const name = await tokenFileName({ session: sampleSession, startUrl: token.startUrl });
  return { name, text: JSON.stringify(token) };
}

/** A profile that starts from credentials of its own. */
interface Base {
  readonly name: string;
  readonly arn: string;
  readonly settings: readonly Setting[];
  readonly mfaSerial?: string | undefined;
}

function userBase(user: EmulatorUser): Base {
  const mfaSerial = user.mfa?.serial;
  return { name: user.name, arn: userArn(user), settings: [["mfaSerial", mfaSerial]], mfaSerial };
}

function ssoBases(sso: EmulatorSso | undefined): Base[] {
  return (sso?.accounts ?? []).flatMap(({ accountId, name, roles }) =>
    roles.map((role) => ({
      name: `${name}-${role.name}`,
      arn: ssoRoleArn(accountId, role.name),
      settings: [
        ["ssoSession", sampleSession],
        ["ssoAccountId", accountId],
        ["ssoRoleName", role.name],
      ] satisfies Setting[],
    }))
  );
}

function loginBase(signIn: EmulatorSignIn): Base {
  const { roleArn } = signIn;
  const settings: readonly Setting[] = [["loginSession", loginSessionOf(signIn)]];
  return { name: roleArn.slice(roleArn.lastIndexOf("/") + 1), arn: roleArn, settings };
}

function sessionSection({ startUrl, region }: EmulatorSso): string {
  return section(`sso-session ${sampleSession}`, [["ssoStartUrl", startUrl], [
    "ssoRegion",
    region,
  ]]);
}

function sourceOf({ trusts }: EmulatorRole, bases: readonly Base[]): Base | undefined {
  return bases.find(({ arn }) => trusts.includes(arn)) ?? bases[0];
}

function roleSettings(role: EmulatorRole, source: Base | undefined): Setting[] {
  return [
    ["roleArn", role.arn],
    ["sourceProfile", source?.name],
    ["mfaSerial", role.requireMfa ? source?.mfaSerial : undefined],
    ["externalId", role.externalId],
  ];
}

/** A role that the instance or the container may assume; undefined for others. */
function machineSettings(
  { arn, trusts }: EmulatorRole,
  { instance, container }: EmulatorWorld,
  url: string,
): Setting[] | undefined {
  const isTrusted = (machine: EmulatorMachine | undefined) =>
    machine !== undefined && trusts.includes(machine.roleArn);
  if (isTrusted(instance)) {
    return [["roleArn", arn], ["credentialSource", "Ec2InstanceMetadata"], [
      "ec2MetadataEndpoint",
      url,
    ]];
  }
  if (!isTrusted(container)) return undefined;
  return [["roleArn", arn], ["credentialSource", "EcsContainer"]];
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
