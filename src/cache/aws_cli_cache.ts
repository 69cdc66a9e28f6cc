/**
 * The AWS CLI's cache of roles, assumed or of IAM Identity Center, shared so that one code or sign-in serves both programs.
 *
 * File names and contents are those of botocore's `AssumeRoleCredentialFetcher`, `SSOCredentialFetcher` and
 * `JSONFileCache`.
 *
 * @module
 */

import { pathInHome } from "../config/home.ts";
import type { Credentials } from "../credentials.ts";
import type { Logger } from "../logger.ts";
import type { AwsCliEntry, AwsCliRole, AwsCliSsoRole } from "../plan.ts";
import type { Clock, Environment, Files } from "../system.ts";
import { asRecord, type CacheOwner, parseRecord, readCredentials } from "./entry.ts";
import { hex } from "./key.ts";
import { isInScopes, type LogoutMark, type LogoutScopes } from "./logouts.ts";
import { OwnerOnlyFolder } from "./owner_only_folder.ts";
import type { Removal } from "./port.ts";

/** The ports of the cache. */
export interface AwsCliCachePorts {
  readonly files: Files;
  readonly env: Environment;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
  /** True for what was logged out since the mark. */
  readonly isLoggedOut?:
    | ((mark: LogoutMark | undefined, owner: CacheOwner) => Promise<boolean>)
    | undefined;
  /** How far STS's clock is ahead, in milliseconds; 0 while unknown. */
  readonly skewMs?: (() => number) | undefined;
}

/** The AWS CLI's cache. An unreadable entry is a cache miss, and is logged. */
export interface AwsCliCache {
  /** The role's cached credentials with more than 15 minutes left, as the AWS CLI requires. */
  get(role: AwsCliEntry): Promise<Credentials | undefined>;
  /** Stores credentials of the role where the AWS CLI looks for them, unless they were logged out since the mark. */
  put(
    role: AwsCliEntry,
    credentials: Credentials,
    origin: { readonly profile: string; readonly mark: LogoutMark | undefined },
  ): Promise<void>;
  /** Removes what the logout concerns, of what stsaval stored. */
  logOut(scopes: LogoutScopes): Promise<Removal>;
}

const fileNames = /^[0-9a-f]{40}\.json$/;
const windowMs = 15 * 60_000;
/** The AWS CLI creates the folder with the user's umask: others may read it, but not write. */
const widestFolder = 0o755;

const emptyCache: AwsCliCache = {
  get: () => Promise.resolve(undefined),
  put: () => Promise.resolve(),
  logOut: () => Promise.resolve({ removed: 0, left: 0 }),
};

/** The AWS CLI's cache in the home folder; always empty if the home folder is unknown. */
export function createAwsCliCache(ports: AwsCliCachePorts): AwsCliCache {
  const { env, clock, skewMs } = ports;
  const path = pathInHome("~/.aws/cli/cache", env);
  if (path === undefined) return emptyCache;
  const folder = new OwnerOnlyFolder(path, widestFolder, ports);
  const fileName = async (role: AwsCliEntry) => `${await awsCliKey(role)}.json`;
  return {
    async get(role) {
      const name = await fileName(role);
      const text = await folder.read(name);
      if (text === undefined) return undefined;
      const found = parseResponse(text, await folder.modified(name) ?? 0);
      if (found === undefined) {
        folder.warn(folder.pathOf(name), "it holds no credentials of a role");
      }
      const now = clock.now() + (skewMs?.() ?? 0);
      return found !== undefined && found.Expiration.getTime() - now > windowMs ? found : undefined;
    },
    async put(role, credentials, { profile, mark }) {
      const owner = ownerOfEntry(role, profile);
      const isLoggedOut = async () => await ports.isLoggedOut?.(mark, owner) ?? false;
      if (await isLoggedOut()) return;
      const name = await fileName(role);
      await folder.write(name, formatResponse(role, credentials, profile));
      if (await isLoggedOut()) await folder.remove(name);
    },
    async logOut(scopes) {
      let [removed, left] = [0, 0];
      for (const name of (await folder.names() ?? []).filter((found) => fileNames.test(found))) {
        const owner = ownerOf(await folder.read(name));
        if (owner === undefined || !isInScopes(owner, scopes)) continue;
        if (await folder.remove(name)) removed++;
        else left++;
      }
      return { removed, left };
    },
  };
}

/** botocore's key: the SHA-1 digest of the call's arguments as Python serializes them. */
export async function awsCliKey(role: AwsCliEntry): Promise<string> {
  const text = "roleArn" in role ? assumeRoleText(role) : ssoText(role);
  return hex(await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text)));
}

/** Without blanks, unlike the other one. */
function ssoText({ accountId, roleName, sessionName, startUrl }: AwsCliSsoRole): string {
  const args = Object.entries({ accountId, roleName, sessionName, startUrl })
    .filter(([, value]) => value !== undefined);
  return `{${args.map(([name, value]) => `"${name}":${pythonJson(value)}`).join(",")}}`;
}

function assumeRoleText(role: AwsCliRole): string {
  const { durationSeconds, externalId, roleArn, roleSessionName, mfaSerial } = role;
  const args = Object.entries({
    DurationSeconds: durationSeconds,
    ExternalId: externalId,
    RoleArn: roleArn,
    RoleSessionName: roleSessionName,
    SerialNumber: mfaSerial,
  }).filter(([, value]) => value !== undefined);
  return `{${args.map(([name, value]) => `"${name}": ${pythonJson(value)}`).join(", ")}}`;
}

/** JSON in ASCII, as Python's `json.dumps` writes it. */
function pythonJson(value: string | number | undefined): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The AWS CLI reads `Credentials` alone; `stsaval` says who stored them, so that a logout removes no others. */
function formatResponse(role: AwsCliEntry, credentials: Credentials, profile: string): string {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials;
  const keys = { AccessKeyId, SecretAccessKey, SessionToken };
  const end = Expiration.toISOString();
  if ("roleArn" in role) {
    const { roleArn } = role;
    const AccountId = roleArn?.split(":")[4];
    return JSON.stringify({
      Credentials: { ...keys, Expiration: end.replace(/\.\d+Z$/, "UTC"), AccountId },
      stsaval: { profile, roleArn },
    });
  }
  return JSON.stringify({
    // `aws sso logout` removes what says so.
    ProviderType: "sso",
    Credentials: { ...keys, Expiration: end.replace(/\.\d+Z$/, "Z"), AccountId: role.accountId },
    stsaval: { profile },
  });
}

/** The file does not hold the issue time; the modification time stands in for it. */
function parseResponse(text: string, modified: number): Credentials | undefined {
  const found = asRecord(parseRecord(text)?.Credentials);
  const end = typeof found?.Expiration === "string" ? found.Expiration.replace(/UTC$/, "Z") : "";
  return readCredentials({
    ...found,
    StartTime: new Date(modified).toISOString(),
    Expiration: end,
  });
}

/** Whose credentials they are, if stsaval stored them. */
function ownerOf(text: string | undefined): CacheOwner | undefined {
  const record = parseRecord(text);
  const { profile, roleArn } = asRecord(record?.stsaval) ?? {};
  if (typeof profile !== "string") return undefined;
  if (typeof roleArn === "string") return { profile, operation: "AssumeRole", roleArn };
  return record?.ProviderType === "sso" ? { profile, operation: "sso" } : undefined;
}

function ownerOfEntry(role: AwsCliEntry, profile: string): CacheOwner {
  return "roleArn" in role
    ? { profile, operation: "AssumeRole", roleArn: role.roleArn }
    : { profile, operation: "sso" };
}
