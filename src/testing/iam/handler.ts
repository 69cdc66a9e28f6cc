/**
 * The operations of IAM that stsaval calls, over HTTP: a signed AWS Query request in, XML out.
 *
 * @module
 */

import type { Random } from "../../system.ts";
import { readBody } from "../http/body.ts";
import {
  accessDenied,
  EmulatorError,
  invalidAction,
  invalidClientTokenId,
  validationError,
} from "../http/error.ts";
import { requestId } from "../http/request_id.ts";
import { type Arrival, receive, type RequestIntake } from "../http/request_intake.ts";
import { parsePolicy } from "../policy/document.ts";
import { isAllowedBy } from "../policy/evaluate.ts";
import { Signer } from "../signing/signature.ts";
import { checkClaim } from "../signing/signature_checks.ts";
import { parseClaim, useOf } from "../signing/signature_claim.ts";
import { readParameters } from "../sts/query.ts";
import type { StateMachine } from "../sts/state_machine.ts";
import { checkText, rejectViolations } from "../sts/validate.ts";
import { formatXml, type XmlContent } from "../sts/xml.ts";
import { type EmulatorUser, userArn } from "../world/account_state.ts";
import type { KeyRecord } from "../world/key_store.ts";
import { friendlyName } from "../world/user_keys.ts";
import { type IamOperation, iamOperations, userNameRule } from "./operations.ts";

/** The API version of IAM. */
const version = "2010-05-08";
const namespace = `https://iam.amazonaws.com/doc/${version}/`;
const bodyLimit = 65_536;

/** Serves the operations of the table. */
export class IamHandler {
  readonly #machine: StateMachine;
  readonly #intake: RequestIntake;
  readonly #random: Random;
  readonly #signer = new Signer();

  /** Users, keys and devices are the state machine's. */
  constructor(machine: StateMachine, intake: RequestIntake, random: Random) {
    this.#machine = machine;
    this.#intake = intake;
    this.#random = random;
  }

  /** Whether a request is one of this handler's: its signature names the service. */
  serves({ headers }: Request): boolean {
    return /\/iam\/aws4_request[,\s]/.test(headers.get("authorization") ?? "");
  }

  /**
   * Handles a request; a rejection is a response too.
   *
   * @throws {ConnectionDroppedError} when a fault drops the connection
   */
  async handle(original: Request): Promise<Response> {
    const { method, headers } = original;
    const body = await readBody(original, bodyLimit) ?? new Uint8Array();
    const request = { method, headers, url: new URL(original.url), body };
    const parameters = readParameters(request);
    const id = requestId(this.#random);
    try {
      const claim = parseClaim(request);
      const arrival: Arrival = {
        operation: parameters.get("Action") ?? "",
        accessKeyId: claim.accessKeyId,
      };
      const result = await receive(this.#intake, arrival, async ({ now }) => {
        const caller = this.#machine.lookUp(claim.accessKeyId, claim.sessionToken, now);
        checkClaim(request, claim, now, "iam");
        await this.#signer.verify(request, claim, caller.keys.secretAccessKey);
        this.#machine.userKeys.noteUse(claim.accessKeyId, useOf(claim, now));
        return perform(this.#machine, parameters, caller, now);
      });
      const { operation } = arrival;
      return respond(200, {
        [`${operation}Response`]: {
          [`${operation}Result`]: result,
          ResponseMetadata: { RequestId: id },
        },
      });
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      const { code, message, status } = error;
      const type = status < 500 ? "Sender" : "Receiver";
      return respond(status, {
        ErrorResponse: { Error: { Type: type, Code: code, Message: message }, RequestId: id },
      });
    }
  }
}

/** The user that an operation is about: the named one, or who calls. */
function userOf(machine: StateMachine, parameters: URLSearchParams, caller: KeyRecord) {
  const name = parameters.get("UserName");
  if (name === null) return caller.user;
  const found = machine.userKeys.userNamed(name, caller.identity.account);
  if (found !== undefined) return found;
  throw new EmulatorError("NoSuchEntity", 404, `The user with name ${name} cannot be found.`);
}

/** Whether the policies of the caller allow it; who has no user has no policies here. */
function checkAllowed(
  action: string,
  operation: IamOperation,
  { identity, user: caller }: KeyRecord,
  target: EmulatorUser | undefined,
): void {
  const resource = `user ${target === undefined ? "" : friendlyName(target)}`;
  const begin =
    `User: ${identity.arn} is not authorized to perform: iam:${action} on resource: ${resource}`;
  if (caller === undefined || target === undefined || operation.isDenied?.(caller)) {
    throw accessDenied(`${begin} because no identity-based policy allows the iam:${action} action`);
  }
  if (caller.policies === undefined) return;
  const context: Record<string, string> = { "aws:username": friendlyName(caller) };
  // Requests that long-term keys sign do not have the key at all.
  if (identity.kind === "user-session") {
    context["aws:MultiFactorAuthPresent"] = String(identity.mfaPresent);
  }
  const question = { action: `iam:${action}`, resource: userArn(target), context };
  if (isAllowedBy([caller.policies.map(parsePolicy)], question)) return;
  throw accessDenied(`${begin} because no identity-based policy allows the iam:${action} action`);
}

function perform(
  machine: StateMachine,
  parameters: URLSearchParams,
  caller: KeyRecord,
  now: number,
): XmlContent | undefined {
  const action = parameters.get("Action") ?? "";
  const operation = iamOperations.get(action);
  if (operation === undefined || parameters.get("Version") !== version) {
    throw invalidAction(action, parameters.get("Version") ?? "NO_VERSION_SPECIFIED");
  }
  const { kind, mfaPresent, expiration } = caller.identity;
  // The session of a user calls IAM only with MFA (AWS STS API reference, GetSessionToken).
  if (kind === "user-session" && !mfaPresent) throw invalidClientTokenId();
  rejectViolations([
    ...checkText(parameters.get("UserName") ?? undefined, userNameRule),
    ...operation.violations?.(parameters) ?? [],
  ]);
  if (operation.isOfKeys && expiration !== undefined && !parameters.has("UserName")) {
    throw validationError("Must specify userName when calling with non-User credentials");
  }
  const user = userOf(machine, parameters, caller);
  checkAllowed(action, operation, caller, user);
  return user && operation.perform({ machine, user, parameters, now });
}

function respond(status: number, content: XmlContent): Response {
  const xml = formatXml(content).replace(/^<(\w+)>/, `<$1 xmlns="${namespace}">`);
  return new Response(xml, { status, headers: { "content-type": "text/xml" } });
}
