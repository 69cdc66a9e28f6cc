/**
 * What `stsaval init` has to know: from options, else by questions on a terminal, else left out.
 *
 * @module
 */

import type { Config } from "../../config/load.ts";
import { checkMfaSerial, regionLimit, roleArnLimit } from "../../config/limits.ts";
import type { NewKeys, NewProfiles, NewRole } from "../../config/file/new_profiles.ts";
import { writtenName } from "../../config/file/section_header.ts";
import { keyFault } from "../../config/plan/key_shape.ts";
import type { AccessKeys } from "../../credentials.ts";
import { UsageError } from "../../errors.ts";
import { visible } from "../../output/table.ts";
import type { Invocation } from "../command.ts";
import { askLine } from "../prompt/ask_line.ts";

/** Gives the serial numbers of the devices of the keys' user; a text says why that is not known. */
export type ListDevices = (keys: AccessKeys) => Promise<readonly string[] | string>;

/** The names that every tool accepts. */
const portableName = /^[\w\-@+.%:/]+$/;
const mostRoles = 100;
const mostAttempts = 3;

/**
 * What is to be added.
 *
 * @throws {UsageError} when something is missing and no terminal is there to ask at, or is malformed
 */
export async function gatherProfiles(
  invocation: Invocation,
  config: Config,
  listDevices: ListDevices,
): Promise<NewProfiles> {
  const { arguments: given, system: { terminal } } = invocation;
  const asks = terminal.canAsk;
  const named = given.text("user") ?? (asks ? undefined : "default");
  const user = named === undefined
    ? await askUntil(invocation, "Profile of the user", checkName, "default")
    : checkName(named);
  const known = knownKeys(config, user);
  const isSealed = config.profiles.get(user)?.sealedKeys !== undefined;
  const keys = await newKeys(invocation, user, known !== undefined || isSealed);
  const mfaSerial = await chooseDevice(invocation, keys ?? known, listDevices);
  const roles = await chooseRoles(invocation, user);
  const typedRegion = given.text("region") ?? (asks ? undefined : "");
  const region = typedRegion === undefined
    ? await askUntil(invocation, "Region (empty for none)", checkRegion)
    : checkRegion(typedRegion);
  return { user, keys, mfaSerial, roles, region, endpointUrl: given.text("endpoint-url") };
}

/** The keys of the profile, if it has a pair. */
function knownKeys({ profiles }: Config, user: string): AccessKeys | undefined {
  const { accessKeyId, secretAccessKey, sessionToken } = profiles.get(user) ?? {};
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** Undefined where the profile has keys, and none are given. */
async function newKeys(
  invocation: Invocation,
  user: string,
  hasKeys: boolean,
): Promise<NewKeys | undefined> {
  const { arguments: given, system: { terminal } } = invocation;
  const typed = given.text("access-key-id");
  if (hasKeys && typed === undefined) return undefined;
  const accessKeyId = typed ?? await ask(invocation, `Access key id of "${visible(user)}"`);
  const secretAccessKey = given.flag("secret-stdin")
    ? (await terminal.readInput()).trim()
    : await askLine(ports(invocation), "Secret access key", {
      isSecret: true,
      hint: "give it on standard input with --secret-stdin",
    });
  const fault = keyFault({ accessKeyId, secretAccessKey });
  if (fault === undefined && accessKeyId !== "") return { accessKeyId, secretAccessKey };
  const { field = "accessKeyId", why = "is empty", hint = "copy it again" } = fault ?? {};
  const what = field === "accessKeyId" ? "access key id" : "secret access key";
  throw new UsageError(`Cannot use the ${what}: it ${why}`, { hint });
}

async function chooseDevice(
  invocation: Invocation,
  keys: AccessKeys | undefined,
  listDevices: ListDevices,
): Promise<string | undefined> {
  const { arguments: given, system: { terminal } } = invocation;
  const typed = given.text("mfa-serial");
  if (typed !== undefined) return checkMfaSerial(typed);
  if (given.isNegated("mfa")) return undefined;
  const found = given.flag("offline") || keys === undefined ? [] : await listDevices(keys);
  if (typeof found === "string") terminal.err(`${found}\n`);
  const [first, ...others] = typeof found === "string" ? [] : found;
  if (first !== undefined && others.length === 0) {
    terminal.err(`Found the MFA device ${visible(first)}\n`);
    return first;
  }
  if (!terminal.canAsk) {
    if (others.length === 0) return undefined;
    throw new UsageError(`Cannot choose an MFA device: found ${[first, ...others].join(", ")}`, {
      hint: "name one with --mfa-serial",
    });
  }
  for (const serial of others.length === 0 ? [] : [first, ...others]) {
    terminal.err(`  ${visible(serial ?? "")}\n`);
  }
  const check = (serial: string) => serial === "" ? undefined : checkMfaSerial(serial);
  return await askUntil(invocation, "ARN of the MFA device (empty for none)", check, first);
}

async function chooseRoles(invocation: Invocation, user: string): Promise<readonly NewRole[]> {
  const { arguments: given, system: { terminal } } = invocation;
  const typed = given.list("role").map(parseRole);
  const roles = typed.length > 0 || !terminal.canAsk ? typed : await askRoles(invocation);
  const names = [user, ...roles.map(({ name }) => name)];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return roles;
  throw new UsageError(`Cannot add two profiles of one name: "${twice}"`);
}

async function askRoles(invocation: Invocation): Promise<readonly NewRole[]> {
  const roles: NewRole[] = [];
  while (roles.length < mostRoles) {
    const check = (arn: string) => arn === "" ? "" : checkArn(arn);
    const roleArn = await askUntil(invocation, "ARN of a role (empty to go on)", check);
    if (roleArn === "") break;
    const usual = lastPart(roleArn);
    const name = await askUntil(invocation, "Name of its profile", checkName, usual);
    roles.push({ name, roleArn });
  }
  return roles;
}

/** `NAME=ARN`, or an ARN alone, which is named like the role. */
function parseRole(text: string): NewRole {
  const [, name, arn] = /^([^=]+)=(arn:.*)$/s.exec(text) ?? [undefined, undefined, text];
  const roleArn = checkArn(arn ?? "");
  return { name: checkName(name ?? lastPart(roleArn)), roleArn };
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

function checkArn(text: string): string {
  const isRole = /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(text);
  if (isRole && roleArnLimit.pattern.test(text)) return text;
  throw new UsageError(
    `Cannot use ${JSON.stringify(text)} for a role: wanted arn:aws:iam::123456789012:role/NAME`,
  );
}

function checkName(name: string): string {
  if (writtenName(name) === name && portableName.test(name)) return name;
  throw new UsageError(
    `Cannot use ${
      JSON.stringify(name)
    } as the name of a profile: wanted letters, digits and -_/.%@:+`,
  );
}

function checkRegion(region: string): string | undefined {
  if (region === "") return undefined;
  if (regionLimit.pattern.test(region)) return region;
  throw new UsageError(
    `Cannot use region ${JSON.stringify(region)}: wanted ${regionLimit.wanted}`,
  );
}

function ports({ signal, system: { clock, terminal } }: Invocation) {
  return { clock, signal, terminal };
}

/** Asks again where the answer cannot be used, and says why; the third time that ends it. */
async function askUntil<T>(
  invocation: Invocation,
  question: string,
  check: (text: string) => T,
  usual?: string,
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    const text = await ask(invocation, question, usual);
    try {
      return check(text);
    } catch (error) {
      if (!(error instanceof UsageError) || attempt === mostAttempts) throw error;
      invocation.system.terminal.err(`${visible(error.message)}\n`);
    }
  }
}

function ask(invocation: Invocation, question: string, usual?: string): Promise<string> {
  const hint = "give it as an option; see 'stsaval help init'";
  return askLine(ports(invocation), question, { usual, hint });
}
