/**
 * The portal of IAM Identity Center: credentials, accounts and roles for a token. All calls are unsigned.
 *
 * See https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/welcome.html
 *
 * @module
 */

import { SourceError } from "../../errors.ts";
import { parseMoment } from "../instant.ts";
import { callJson, type CallPorts, type JsonResponse } from "../json_call.ts";
import type { SourceCredentials } from "../source.ts";

const source = "sso";

/** The service limits calls to about 20 a second; listing hundreds of accounts meets that limit again and again. */
const throttledAttempts = 50;
/** The limit is one of each second: whoever waits for longer leaves calls unused. */
const longestPauseMs = 1_500;
const pageSize = 100;

/** Who calls, and where. */
export interface PortalAccess {
  readonly portalUrl: string;
  readonly accessToken: string;
}

/** An account that the person may use. */
export interface SsoAccount {
  /** Twelve digits. */
  readonly accountId: string;
  /** Empty where it has none. */
  readonly accountName: string;
}

/** The portal refused: the token has ended, or the role is not assigned. */
export class PortalError extends SourceError {
  /** The name of the class. */
  override readonly name: string = "PortalError";
  /** The HTTP status: 401 where the token is over. */
  readonly status: number;

  /** Made of a response. */
  constructor(operation: string, { status, body, mask }: JsonResponse) {
    const message = typeof body.message === "string" ? `, ${mask(body.message)}` : "";
    super(
      "SOURCE_REFUSED",
      source,
      `IAM Identity Center refused ${operation}: HTTP ${status}${message}`,
    );
    this.status = status;
  }
}

/**
 * The credentials of a role (permission set) in an account; they live as long as the permission set says.
 *
 * @throws {PortalError} where the token has ended or the role is not assigned
 */
export async function getRoleCredentials(
  ports: CallPorts,
  access: PortalAccess,
  { accountId, roleName }: { readonly accountId: string; readonly roleName: string },
): Promise<SourceCredentials> {
  const operation = "GetRoleCredentials";
  const query = new URLSearchParams({ role_name: roleName, account_id: accountId });
  const body = await call(ports, access, operation, `/federation/credentials?${query}`);
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = asRecord(body.roleCredentials);
  const end = parseMoment(expiration);
  if (
    typeof accessKeyId !== "string" || typeof secretAccessKey !== "string" ||
    typeof sessionToken !== "string" || end === undefined
  ) throw unexpected(operation);
  const keys = { accessKeyId, secretAccessKey, sessionToken };
  return { keys, expiration: new Date(end) };
}

/** All accounts, in the order of the portal. */
export async function listAccounts(
  ports: CallPorts,
  access: PortalAccess,
): Promise<readonly SsoAccount[]> {
  const accounts = await listAll(ports, access, "ListAccounts", "/assignment/accounts", {});
  return accounts.flatMap(({ accountId, accountName }) =>
    typeof accountId === "string"
      ? [{ accountId, accountName: typeof accountName === "string" ? accountName : "" }]
      : []
  );
}

/** The names of the roles that the person has in an account. */
export async function listAccountRoles(
  ports: CallPorts,
  access: PortalAccess,
  accountId: string,
): Promise<readonly string[]> {
  const query = { "account_id": accountId };
  const roles = await listAll(ports, access, "ListAccountRoles", "/assignment/roles", query);
  return roles.flatMap(({ roleName }) => typeof roleName === "string" ? [roleName] : []);
}

/** Ends the portal session of the token. */
export async function logout(ports: CallPorts, access: PortalAccess): Promise<void> {
  await call(ports, access, "Logout", "/logout", "POST");
}

const lists = { ListAccounts: "accountList", ListAccountRoles: "roleList" } as const;

async function listAll(
  ports: CallPorts,
  access: PortalAccess,
  operation: keyof typeof lists,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const found: Readonly<Record<string, unknown>>[] = [];
  let next: string | undefined;
  do {
    const page = {
      "max_result": String(pageSize),
      ...(next === undefined ? {} : { "next_token": next }),
    };
    const parameters = new URLSearchParams({ ...query, ...page });
    const body = await call(ports, access, operation, `${path}?${parameters}`);
    const items = body[lists[operation]];
    if (!Array.isArray(items)) throw unexpected(operation);
    for (const item of items) found.push(asRecord(item));
    next = typeof body.nextToken === "string" && body.nextToken !== "" ? body.nextToken : undefined;
  } while (next !== undefined);
  return found;
}

async function call(
  ports: CallPorts,
  { portalUrl, accessToken }: PortalAccess,
  operation: string,
  path: string,
  method: "GET" | "POST" = "GET",
): Promise<Readonly<Record<string, unknown>>> {
  const response = await callJson(ports, {
    ...{ source, operation, method, throttledAttempts, longestPauseMs },
    url: `${portalUrl}${path}`,
    headers: { "x-amz-sso_bearer_token": accessToken },
    secrets: [accessToken],
  });
  if (response.status !== 200) throw new PortalError(operation, response);
  return response.body;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? value as Readonly<Record<string, unknown>> // a foreign format: each field is checked where it is read
    : {};
}

function unexpected(operation: string): SourceError {
  return new SourceError(
    "SOURCE_REFUSED",
    source,
    `Cannot use the response of ${operation}: a field is missing`,
  );
}
