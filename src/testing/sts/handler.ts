/**
 * The emulator over HTTP: a signed AWS Query request in, XML out.
 *
 * @module
 */

import type { Random } from "../../system.ts";
import { readBody } from "../http/body.ts";
import { requestId } from "../http/request_id.ts";
import { EmulatorError, entityTooLarge, invalidAction } from "../http/error.ts";
import type { KeyRecord } from "../world/key_store.ts";
import {
  readAssumeRoleInput,
  readOperation,
  readParameters,
  readScopedCredentialsInput,
  readSessionParameters,
  readSessionTokenInput,
  readWebIdentityInput,
  STS_VERSION,
} from "./query.ts";
import {
  type Arrival,
  type Circumstances,
  receive,
  type RequestIntake,
} from "../http/request_intake.ts";
import { Signer } from "../signing/signature.ts";
import { checkClaim } from "../signing/signature_checks.ts";
import {
  parseClaim,
  type SignatureClaim,
  type SignedRequest,
  useOf,
} from "../signing/signature_claim.ts";
import type { StateMachine } from "./state_machine.ts";
import {
  assumeRoleResult,
  callerIdentityResult,
  formatError,
  formatResponse,
  scopedCredentialsResult,
  sessionTokenResult,
  webIdentityResult,
  type XmlContent,
} from "./xml.ts";

/**
 * How many bytes of a body are read. The largest parameters of STS, a SAML assertion of 100,000 characters and the
 * session policies, fit in it with every character percent-encoded.
 */
const BODY_LIMIT = 1_048_576;

/** A parsed request. */
interface Received {
  readonly original: Request;
  readonly request: SignedRequest;
  readonly parameters: URLSearchParams;
  /** True if the body was larger than STS reads; it counts as empty then. */
  readonly isTooLarge: boolean;
}

/** Handles requests as STS does. */
export class RequestHandler {
  readonly #machine: StateMachine;
  readonly #intake: RequestIntake;
  readonly #random: Random;
  readonly #signer = new Signer();

  /** Serves a state machine; every call passes the intake. */
  constructor(machine: StateMachine, intake: RequestIntake, random: Random) {
    this.#machine = machine;
    this.#intake = intake;
    this.#random = random;
  }

  /**
   * Handles a request; a rejection is a response too.
   *
   * @throws {ConnectionDroppedError} when a fault drops the connection
   */
  async handle(request: Request): Promise<Response> {
    const received = await readRequest(request);
    const id = requestId(this.#random);
    let now = this.#intake.clock.now();
    try {
      const xml = await receive(this.#intake, arrivalOf(received), (at) => {
        now = at.now;
        return this.#perform(received, at, id);
      });
      return respond(200, xml, { now, requestId: id });
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      return respond(error.status, formatError(error, id), { now, requestId: id });
    }
  }

  async #perform(received: Received, at: Circumstances, requestId: string): Promise<string> {
    if (received.isTooLarge) throw entityTooLarge(BODY_LIMIT);
    rejectRegional(received);
    const result = await this.#performUnsigned(received.parameters, at) ??
      this.#dispatch(await this.#authenticate(received, at.now), received.parameters, at);
    return formatResponse(readOperation(received.parameters), result, requestId);
  }

  /** The operation that needs no signature, and looks at none; undefined for every other. */
  async #performUnsigned(
    parameters: URLSearchParams,
    at: Circumstances,
  ): Promise<XmlContent | undefined> {
    if (parameters.get("Action") !== "AssumeRoleWithWebIdentity") return undefined;
    readOperation(parameters);
    const input = readWebIdentityInput(parameters);
    return webIdentityResult(await this.#machine.assumeRoleWithWebIdentity(input, at));
  }

  async #authenticate({ request }: Received, now: number): Promise<KeyRecord> {
    const claim = parseClaim(request);
    const record = this.#machine.lookUp(claim.accessKeyId, claim.sessionToken, now);
    checkClaim(request, claim, now);
    await this.#signer.verify(request, claim, record.keys.secretAccessKey);
    this.#machine.userKeys.noteUse(claim.accessKeyId, useOf(claim, now));
    return record;
  }

  #dispatch(caller: KeyRecord, parameters: URLSearchParams, at: Circumstances): XmlContent {
    const operation = readOperation(parameters);
    switch (operation) {
      case "GetSessionToken": {
        const input = readSessionTokenInput(parameters);
        return sessionTokenResult(this.#machine.getSessionToken(caller, input, at));
      }
      case "AssumeRole": {
        const input = readAssumeRoleInput(parameters);
        return assumeRoleResult(this.#machine.assumeRole(caller, input, at));
      }
      case "GetScopedCredentials": {
        const input = readScopedCredentialsInput(parameters);
        return scopedCredentialsResult(this.#machine.getScopedCredentials(caller, input, at));
      }
      case "GetCallerIdentity":
        return callerIdentityResult(this.#machine.getCallerIdentity(caller));
      default:
        throw invalidAction(operation, STS_VERSION);
    }
  }
}

/**
 * Some operations are not known to the global endpoint (AWS STS API reference, GetScopedCredentials).
 *
 * @throws {EmulatorError} InvalidAction
 */
function rejectRegional({ request, parameters }: Received): void {
  const action = parameters.get("Action");
  if (request.url.hostname === "sts.amazonaws.com" && action === "GetScopedCredentials") {
    throw invalidAction(action, STS_VERSION);
  }
}

async function readRequest(original: Request): Promise<Received> {
  const { method, headers } = original;
  const url = new URL(original.url);
  const body = await readBody(original, BODY_LIMIT);
  const request = { method, headers, url, body: body ?? new Uint8Array() };
  return {
    original,
    request,
    parameters: readParameters(request),
    isTooLarge: body === undefined,
  };
}

function arrivalOf({ original, request, parameters }: Received): Arrival {
  return {
    operation: parameters.get("Action") ?? "",
    accessKeyId: claimOf(request)?.accessKeyId ?? "",
    roleArn: parameters.get("RoleArn") ?? undefined,
    serial: parameters.get("SerialNumber") ?? undefined,
    session: {
      ...readSessionParameters(parameters),
      description: parameters.get("ScopedSessionDescription") ?? undefined,
    },
    // Read only if a fault needs it: Deno warns on standard error as soon as a server reads it.
    get signal() {
      return original.signal;
    },
  };
}

/** The claimed signer; a request without a claim is rejected later, when it is authenticated. */
function claimOf(request: SignedRequest): SignatureClaim | undefined {
  try {
    return parseClaim(request);
  } catch {
    return undefined;
  }
}

function respond(
  status: number,
  xml: string,
  { now, requestId }: { readonly now: number; readonly requestId: string },
): Response {
  return new Response(xml, {
    status,
    headers: {
      "content-type": "text/xml",
      // SDKs correct their clock skew by this date.
      "date": new Date(now).toUTCString(),
      "x-amzn-requestid": requestId,
    },
  });
}
