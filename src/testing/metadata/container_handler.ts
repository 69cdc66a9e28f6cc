/**
 * The credentials endpoint of a container: GET with the container's token, JSON out.
 *
 * See https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 *
 * @module
 */

import { EmulatorError } from "../http/error.ts";
import { json } from "../http/json_body.ts";
import { receive, type RequestIntake } from "../http/request_intake.ts";
import type { StateMachine } from "../sts/state_machine.ts";
import type { EmulatorContainer } from "../world/account_state.ts";
import { MachineRole } from "./machine_role.ts";

/** The path of the emulated endpoint. */
export const containerPath = "/v2/credentials/0123abcd";

/** Serves the one operation. */
export class ContainerHandler {
  readonly #container: EmulatorContainer;
  readonly #role: MachineRole;
  readonly #intake: RequestIntake;

  /** The container's role is one of AWS's making: it need not be in the world. */
  constructor(container: EmulatorContainer, state: StateMachine, intake: RequestIntake) {
    this.#container = container;
    this.#role = new MachineRole(container, state, "0123abcd");
    this.#intake = intake;
  }

  /** Whether a request is one of this handler's. */
  serves({ url }: Request): boolean {
    return new URL(url).pathname === containerPath;
  }

  /**
   * Handles a request; a rejection is a response too.
   *
   * @throws {ConnectionDroppedError} when a fault drops the connection
   */
  async handle(request: Request): Promise<Response> {
    const { method, headers } = request;
    const call = {
      ...{ operation: "GetContainerCredentials", accessKeyId: "" },
      // Read only where a fault needs it: Deno warns of programs that do.
      get signal() {
        return request.signal;
      },
    };
    try {
      return json(
        200,
        await receive(this.#intake, call, ({ now }) => {
          if (method !== "GET") throw new EmulatorError("MethodNotAllowed", 405, "wanted GET");
          const { token } = this.#container;
          if (token !== undefined && headers.get("authorization") !== token) {
            throw new EmulatorError("AccessDenied", 401, "The authorization token is not valid");
          }
          return { RoleArn: this.#role.arn, ...this.#role.credentials(now) };
        }),
      );
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      const { status, code, message } = error;
      return json(status, { code, message });
    }
  }
}
