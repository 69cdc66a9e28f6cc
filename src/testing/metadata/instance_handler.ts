/**
 * The metadata service of an instance (IMDS), version 2 and 1.
 *
 * See https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 *
 * @module
 */

import { EmulatorError } from "../http/error.ts";
import { receive, type RequestIntake } from "../http/request_intake.ts";
import type { StateMachine } from "../sts/state_machine.ts";
import type { EmulatorMachine } from "../world/account_state.ts";
import { formatSeconds, MachineRole } from "./machine_role.ts";

/** How the service behaves; all of it may be changed while it runs. */
export interface InstanceMetadataSettings {
  /** Whether requests without a token are refused, as with `HttpTokens=required`. */
  requiresToken: boolean;
  /** Whether the service is turned off: each request is forbidden. */
  isDisabled: boolean;
  /** Whether responses to token requests are lost, as in a container where the instance allows one hop. */
  losesTokens: boolean;
  /** Whether the instance has no role. */
  hasNoRole: boolean;
  /** Whether the credentials are those of an hour ago and have ended, as when the service is out of order. */
  givesEnded: boolean;
}

const tokenPath = "/latest/api/token";
const rolesPath = "/latest/meta-data/iam/security-credentials";
const longestTtl = 21_600;

const operations = {
  token: "GetMetadataToken",
  roles: "ListMetadataRoles",
  credentials: "GetMetadataCredentials",
  other: "GetMetadata",
} as const;

/** Serves the token, the list of roles with its one role, and that role's credentials. */
export class InstanceHandler {
  readonly #role: MachineRole;
  readonly #intake: RequestIntake;
  readonly #settings: InstanceMetadataSettings;
  readonly #newToken: () => string;
  readonly #tokens = new Map<string, number>();

  /** `newToken` makes the text of a token. */
  constructor(
    machine: EmulatorMachine,
    state: StateMachine,
    intake: RequestIntake,
    settings: InstanceMetadataSettings,
    newToken: () => string,
  ) {
    this.#role = new MachineRole(machine, state, "i-0123456789abcdef0");
    this.#intake = intake;
    this.#settings = settings;
    this.#newToken = newToken;
  }

  /** Whether a request is one of this handler's. */
  serves({ url }: Request): boolean {
    return new URL(url).pathname.startsWith("/latest/");
  }

  /** Forgets every token that was given: requests with one are refused. */
  forgetTokens(): void {
    this.#tokens.clear();
  }

  /**
   * Handles a request; a rejection is a response too.
   *
   * @throws {ConnectionDroppedError} when a fault drops the connection
   */
  async handle(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname.replace(/\/$/, "");
    const call = {
      ...{ operation: operationOf(path), accessKeyId: "" },
      // Read only where a fault needs it: Deno warns of programs that do.
      get signal() {
        return request.signal;
      },
    };
    try {
      const text = await receive(
        this.#intake,
        call,
        ({ now }) => this.#respond(request, path, now),
      );
      return plain(200, text);
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      return plain(error.status, error.message);
    }
  }

  async #respond(request: Request, path: string, now: number): Promise<string> {
    if (this.#settings.isDisabled) throw new EmulatorError("Forbidden", 403, "Forbidden");
    if (path === tokenPath) return await this.#token(request, now);
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw new EmulatorError("MethodNotAllowed", 405, "Method Not Allowed");
    }
    this.#admit(request.headers.get("x-aws-ec2-metadata-token"), now);
    if (path === rolesPath && !this.#settings.hasNoRole) return this.#role.name;
    if (path === `${rolesPath}/${this.#role.name}` && !this.#settings.hasNoRole) {
      return this.#credentials(now);
    }
    throw new EmulatorError("NotFound", 404, "Not Found");
  }

  /** A request that came through a proxy gets none: the proxy may be open to others. */
  async #token(request: Request, now: number): Promise<string> {
    const { method, headers } = request;
    if (method !== "PUT") throw new EmulatorError("MethodNotAllowed", 405, "Method Not Allowed");
    if (headers.has("x-forwarded-for")) throw new EmulatorError("Forbidden", 403, "Forbidden");
    const ttl = Number(headers.get("x-aws-ec2-metadata-token-ttl-seconds") ?? NaN);
    if (!Number.isInteger(ttl) || ttl < 1 || ttl > longestTtl) {
      throw new EmulatorError("BadRequest", 400, "Bad Request");
    }
    if (this.#settings.losesTokens) await untilAborted(request.signal);
    const token = this.#newToken();
    this.#tokens.set(token, now + ttl * 1_000);
    return token;
  }

  #admit(token: string | null, now: number): void {
    if (token === null && !this.#settings.requiresToken) return;
    if ((this.#tokens.get(token ?? "") ?? 0) > now) return;
    throw new EmulatorError("Unauthorized", 401, "Unauthorized");
  }

  #credentials(now: number): string {
    const given = this.#role.credentials(now);
    const ended = this.#settings.givesEnded ? { Expiration: formatSeconds(now - 3_600_000) } : {};
    return JSON.stringify(
      {
        ...{ Code: "Success", LastUpdated: formatSeconds(now), Type: "AWS-HMAC" },
        ...given,
        ...ended,
      },
      undefined,
      2,
    );
  }
}

function operationOf(path: string): string {
  if (path === tokenPath) return operations.token;
  if (path === rolesPath) return operations.roles;
  return path.startsWith(`${rolesPath}/`) ? operations.credentials : operations.other;
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: { "content-type": "text/plain" } });
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
