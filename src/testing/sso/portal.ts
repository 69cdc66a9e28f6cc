/**
 * The portal of an emulated IAM Identity Center: accounts, roles, and their credentials for a token.
 *
 * @module
 */

import type { StateMachine } from "../sts/state_machine.ts";
import { type EmulatorSso, ssoRoleArn } from "../world/account_state.ts";
import { portalError } from "./oauth_error.ts";
import type { OidcService } from "./oidc.ts";

type Fields = Readonly<Record<string, unknown>>;

const defaultSeconds = 3_600;

/** Serves whoever has a good token. */
export class PortalService {
  readonly #sso: EmulatorSso;
  readonly #oidc: OidcService;
  readonly #machine: StateMachine;
  readonly #callsPerSecond: number;
  #second = -1;
  #calls = 0;

  /** `callsPerSecond` is the limit beyond which calls are throttled. */
  constructor(
    sso: EmulatorSso,
    oidc: OidcService,
    machine: StateMachine,
    callsPerSecond: number,
  ) {
    this.#sso = sso;
    this.#oidc = oidc;
    this.#machine = machine;
    this.#callsPerSecond = callsPerSecond;
  }

  /** Rejects calls beyond the limit, and those without a good token. */
  admit(accessToken: string | null, now: number): void {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) [this.#second, this.#calls] = [second, 0];
    if (++this.#calls > this.#callsPerSecond) {
      throw portalError(429, "TooManyRequestsException", "HTTP 429 Unknown Code");
    }
    if (accessToken === null || !this.#oidc.isGood(accessToken, now)) {
      throw portalError(401, "UnauthorizedException", "Session token not found or invalid");
    }
  }

  /** `ListAccounts` */
  accounts(query: URLSearchParams): Fields {
    const all = this.#sso.accounts.map(({ accountId, name }) => ({
      accountId,
      accountName: name,
      emailAddress: `${accountId}@example.com`,
    }));
    return page("accountList", all, query);
  }

  /** `ListAccountRoles` */
  roles(query: URLSearchParams): Fields {
    const account = this.#account(query.get("account_id"));
    const { accountId } = account;
    const all = account.roles.map(({ name }) => ({ roleName: name, accountId }));
    return page("roleList", all, query);
  }

  /** `GetRoleCredentials` */
  credentials(query: URLSearchParams, now: number): Fields {
    const { accountId, roles } = this.#account(query.get("account_id"));
    const role = roles.find(({ name }) => name === query.get("role_name"));
    if (role === undefined) throw portalError(403, "ForbiddenException", "No access");
    const arn = ssoRoleArn(accountId, role.name);
    const { keys, expiration } = this.#machine.issueRoleSession(
      { arn, trusts: [] },
      {
        sessionName: this.#sso.userName ?? "kim",
        seconds: role.sessionSeconds ?? defaultSeconds,
        now,
      },
    );
    return { roleCredentials: { ...keys, expiration } };
  }

  #account(accountId: string | null) {
    const found = this.#sso.accounts.find((account) => account.accountId === accountId);
    if (found !== undefined) return found;
    throw portalError(403, "ForbiddenException", "No access");
  }
}

/** A page of a list; the token of the next one is its offset. */
function page(name: string, all: readonly Fields[], query: URLSearchParams): Fields {
  const start = Number(query.get("next_token") ?? 0);
  const end = start + Number(query.get("max_result") ?? 20);
  const next = end < all.length ? { nextToken: String(end) } : {};
  return { [name]: all.slice(start, end), ...next };
}
