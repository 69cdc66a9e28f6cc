/**
 * An emulated AWS Sign-In over HTTP: JSON in, JSON out.
 *
 * @module
 */

import { readBody } from "../http/body.ts";
import { json, parseBody } from "../http/json_body.ts";
import { EmulatorError } from "../http/error.ts";
import { type Circumstances, receive, type RequestIntake } from "../http/request_intake.ts";
import { SignInEmulatorError } from "./sign_in_error.ts";
import type { SignInService } from "./sign_in_service.ts";

const path = "/v1/token";
const bodyLimit = 65_536;

/** Serves the one operation. */
export class SignInHandler {
  readonly #service: SignInService;
  readonly #intake: RequestIntake;

  /** The state is the service's. */
  constructor(service: SignInService, intake: RequestIntake) {
    this.#service = service;
    this.#intake = intake;
  }

  /** Whether a request is one of this handler's. */
  serves({ method, url }: Request): boolean {
    return method === "POST" && new URL(url).pathname === path;
  }

  /**
   * Handles a request; a rejection is a response too.
   *
   * @throws {ConnectionDroppedError} when a fault drops the connection
   */
  async handle(request: Request): Promise<Response> {
    const { origin, pathname } = new URL(request.url);
    const body = parseBody(await readBody(request, bodyLimit));
    const call = {
      ...{ body, proof: request.headers.get("dpop") },
      ...{ method: request.method, url: `${origin}${pathname}` },
    };
    const arrival = { operation: "CreateOAuth2Token", accessKeyId: "" };
    try {
      const work = ({ now }: Circumstances) => this.#service.refresh({ ...call, now });
      return json(200, await receive(this.#intake, arrival, work));
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      const { code, message, status } = error;
      const type = error instanceof SignInEmulatorError ? error.type : code;
      return json(status, { error: code, message }, type);
    }
  }
}
