/**
 * An emulated IAM Identity Center over HTTP: JSON in, JSON out.
 *
 * @module
 */

import type { Random } from "../../system.ts";
import { readBody } from "../http/body.ts";
import { json, parseBody } from "../http/json_body.ts";
import { EmulatorError } from "../http/error.ts";
import { type Circumstances, receive, type RequestIntake } from "../http/request_intake.ts";
import type { StateMachine } from "../sts/state_machine.ts";
import type { EmulatorSso } from "../world/account_state.ts";
import { oauthError, SsoEmulatorError } from "./oauth_error.ts";
import { OidcService, type OidcSettings } from "./oidc.ts";
import { PortalService } from "./portal.ts";

/** How an emulated IAM Identity Center behaves. */
export interface SsoSettings extends OidcSettings {
  /** The portal's limit; calls beyond it get HTTP 429. */
  readonly callsPerSecond: number;
}

/** One call: who asks for what. */
interface Call {
  readonly url: URL;
  readonly body: Readonly<Record<string, unknown>>;
  readonly bearer: string | null;
  readonly now: number;
}

interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly operation: string;
  readonly run: (call: Call) => unknown | Promise<unknown>;
}

const bodyLimit = 65_536;

/** Serves the two services of an Identity Center, told apart by their paths. */
export class SsoHandler {
  /** The service that gives tokens. */
  readonly oidc: OidcService;
  readonly #intake: RequestIntake;
  readonly #routes: readonly Route[];

  /** Sessions of roles are those of the STS behind the machine. */
  constructor(
    sso: EmulatorSso,
    machine: StateMachine,
    intake: RequestIntake,
    random: Random,
    settings: SsoSettings,
  ) {
    this.oidc = new OidcService(sso, random, settings);
    this.#intake = intake;
    const portal = new PortalService(sso, this.oidc, machine, settings.callsPerSecond);
    this.#routes = [...oidcRoutes(this.oidc), ...portalRoutes(this.oidc, portal)];
  }

  /** Whether a request is one of this handler's. */
  serves({ method, url }: Request): boolean {
    return this.#route(method, new URL(url)) !== undefined;
  }

  /**
   * Handles a request; a rejection is a response too.
   *
   * @throws {ConnectionDroppedError} when a fault drops the connection
   */
  async handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const route = this.#route(request.method, url);
    if (route === undefined) return json(404, { message: "not found" });
    const body = parseBody(await readBody(request, bodyLimit));
    const bearer = request.headers.get("x-amz-sso_bearer_token");
    const arrival = { operation: route.operation, accessKeyId: "" };
    try {
      const result = await receive(
        this.#intake,
        arrival,
        ({ now }: Circumstances) => route.run({ url, body, bearer, now }),
      );
      if (result instanceof URL) return redirect(result);
      return json(200, result);
    } catch (error) {
      if (error instanceof SsoEmulatorError) return json(error.status, error.body, error.type);
      if (error instanceof EmulatorError) return json(error.status, { message: error.message });
      throw error;
    }
  }

  #route(method: string, { pathname }: URL): Route | undefined {
    return this.#routes.find((route) => route.method === method && route.path === pathname);
  }
}

function oidcRoutes(oidc: OidcService): readonly Route[] {
  return [
    {
      ...{ method: "POST", path: "/client/register", operation: "RegisterClient" } as const,
      run: ({ body, now }) => oidc.register(body, now),
    },
    {
      ...{ method: "POST", path: "/device_authorization" } as const,
      operation: "StartDeviceAuthorization",
      run: ({ body, now, url }) => oidc.startDevice(body, now, url.origin),
    },
    {
      ...{ method: "POST", path: "/token", operation: "CreateToken" } as const,
      run: ({ body, now }) => oidc.createToken(body, now),
    },
    {
      ...{ method: "GET", path: "/authorize", operation: "Authorize" } as const,
      run: ({ url, now }) => oidc.authorize(url.searchParams, now),
    },
    {
      ...{ method: "GET", path: "/device", operation: "ApproveDevice" } as const,
      run: ({ url }) => approve(oidc, url.searchParams.get("user_code")),
    },
  ];
}

function approve(oidc: OidcService, userCode: string | null): { readonly approved: string } {
  if (userCode === null) throw oauthError("invalid_request", "no user_code");
  oidc.decide(userCode, "approved");
  return { approved: userCode };
}

function portalRoutes(oidc: OidcService, portal: PortalService): readonly Route[] {
  const admitted = (run: Route["run"]): Route["run"] => (call) => {
    portal.admit(call.bearer, call.now);
    return run(call);
  };
  return [
    {
      ...{ method: "GET", path: "/federation/credentials" } as const,
      operation: "GetRoleCredentials",
      run: admitted(({ url, now }) => portal.credentials(url.searchParams, now)),
    },
    {
      ...{ method: "GET", path: "/assignment/accounts", operation: "ListAccounts" } as const,
      run: admitted(({ url }) => portal.accounts(url.searchParams)),
    },
    {
      ...{ method: "GET", path: "/assignment/roles", operation: "ListAccountRoles" } as const,
      run: admitted(({ url }) => portal.roles(url.searchParams)),
    },
    {
      ...{ method: "POST", path: "/logout", operation: "Logout" } as const,
      run: admitted(({ bearer }) => {
        oidc.end(bearer ?? "");
        return {};
      }),
    },
  ];
}

function redirect(to: URL): Response {
  return new Response(null, { status: 302, headers: { location: to.href } });
}
