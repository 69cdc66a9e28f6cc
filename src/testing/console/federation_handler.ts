/**
 * The federation endpoint of the AWS console: the keys of a role become a token, and the token a signed-in browser.
 *
 * @module
 */

import type { Random } from "../../system.ts";
import { readBody } from "../http/body.ts";
import { EmulatorError } from "../http/error.ts";
import { type Arrival, receive, type RequestIntake } from "../http/request_intake.ts";
import { encodeBase32 } from "../signing/totp.ts";
import type { StateMachine } from "../sts/state_machine.ts";

const path = "/federation";
const bodyLimit = 65_536;
/** As long as AWS's tokens are good for. */
const tokenMs = 15 * 60_000;

interface IssuedToken {
  readonly expires: number;
}

/** Serves the two actions. */
export class FederationHandler {
  readonly #machine: StateMachine;
  readonly #intake: RequestIntake;
  readonly #random: Random;
  readonly #tokens = new Map<string, IssuedToken>();

  /** The keys are the state machine's. */
  constructor(machine: StateMachine, intake: RequestIntake, random: Random) {
    this.#machine = machine;
    this.#intake = intake;
    this.#random = random;
  }

  /** Whether a request is one of this handler's. */
  serves({ url }: Request): boolean {
    return new URL(url).pathname === path;
  }

  /**
   * Handles a request; a rejection is a response too.
   *
   * @throws {ConnectionDroppedError} when a fault drops the connection
   */
  async handle(request: Request): Promise<Response> {
    const parameters = await parametersOf(request);
    const action = parameters.get("Action") ?? "";
    try {
      if (action === "getSigninToken") return await this.#getToken(parameters);
      if (action === "login" && request.method === "GET") return this.#signIn(parameters);
      throw refused("Invalid Action");
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      return new Response(error.message, { status: error.status, headers: plain });
    }
  }

  async #getToken(parameters: URLSearchParams): Promise<Response> {
    const session = readSession(parameters.get("Session"));
    const arrival: Arrival = { operation: "getSigninToken", accessKeyId: session.accessKeyId };
    const token = await receive(this.#intake, arrival, ({ now }) => {
      this.#check(session, parameters.get("SessionDuration"), now);
      const issued = encodeBase32(this.#random.bytes(40));
      this.#tokens.set(issued, { expires: now + tokenMs });
      return issued;
    });
    return Response.json({ SigninToken: token });
  }

  /** AWS says of keys of any kind that it does not take only that they are invalid. */
  #check(session: Session, duration: string | null, now: number): void {
    const { accessKeyId, secretAccessKey, sessionToken } = session;
    const { identity } = authenticated(() =>
      this.#machine.authenticate({ accessKeyId, secretAccessKey, sessionToken }, now)
    );
    if (identity.kind !== "role-session") throw refused();
    if (duration === null) return;
    const seconds = Number(duration);
    const isInRange = /^\d+$/.test(duration) && seconds >= 900 && seconds <= 43_200;
    if (!isInRange || identity.isChained === true) throw refused();
  }

  #signIn(parameters: URLSearchParams): Response {
    const token = this.#tokens.get(parameters.get("SigninToken") ?? "");
    if (token === undefined || this.#intake.clock.now() >= token.expires) {
      throw refused("The sign-in token is invalid or has expired");
    }
    const destination = URL.parse(parameters.get("Destination") ?? "");
    if (destination?.protocol !== "https:") throw refused("Invalid Destination");
    return new Response(null, { status: 302, headers: { location: destination.href } });
  }
}

const plain = { "content-type": "text/plain" };

interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

function readSession(text: string | null): Session {
  try {
    const { sessionId, sessionKey, sessionToken } = JSON.parse(text ?? "");
    const parts = [sessionId, sessionKey, sessionToken];
    if (parts.some((part) => typeof part !== "string" || part === "")) throw refused();
    return { accessKeyId: sessionId, secretAccessKey: sessionKey, sessionToken };
  } catch {
    throw refused();
  }
}

function authenticated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof EmulatorError ? refused() : error;
  }
}

function refused(message = "Invalid Credentials Parameter"): EmulatorError {
  return new EmulatorError("InvalidCredentials", 400, message);
}

async function parametersOf(request: Request): Promise<URLSearchParams> {
  const query = new URL(request.url).searchParams;
  if (request.method !== "POST") return query;
  const body = await readBody(request, bodyLimit);
  const form = new URLSearchParams(new TextDecoder().decode(body));
  return new URLSearchParams([...query, ...form]);
}
