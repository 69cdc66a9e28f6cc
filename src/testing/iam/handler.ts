/**
 * The operations of IAM that stsaval calls, over HTTP: a signed AWS Query request in, XML out.
 *
 * @module
 */

import { readBody } from "../http/body.ts";
import { accessDenied, EmulatorError, invalidAction } from "../http/error.ts";
import { type Arrival, receive, type RequestIntake } from "../http/request_intake.ts";
import { Signer } from "../signing/signature.ts";
import { checkClaim } from "../signing/signature_checks.ts";
import { parseClaim } from "../signing/signature_claim.ts";
import type { StateMachine } from "../sts/state_machine.ts";
import { readParameters } from "../sts/query.ts";
import { formatXml, type XmlContent } from "../sts/xml.ts";
import type { EmulatorUser } from "../world/account_state.ts";
import type { KeyRecord } from "../world/key_store.ts";

/** The API version of IAM. */
const version = "2010-05-08";
const namespace = `https://iam.amazonaws.com/doc/${version}/`;
const bodyLimit = 65_536;
/** When devices and keys were made, where the world does not say. */
const firstDay = "2026-01-01T00:00:00Z";

/** Serves the operations of the table. */
export class IamHandler {
  readonly #machine: StateMachine;
  readonly #intake: RequestIntake;
  readonly #signer = new Signer();

  /** Users and devices are the state machine's. */
  constructor(machine: StateMachine, intake: RequestIntake) {
    this.#machine = machine;
    this.#intake = intake;
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
        return perform(parameters, caller);
      });
      return respond(200, result);
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      const { code, message, status } = error;
      return respond(status, {
        ErrorResponse: { Error: { Type: "Sender", Code: code, Message: message } },
      });
    }
  }
}

/** An operation about the user that calls. */
interface UserOperation {
  /** True if the user's policies do not allow it. */
  readonly isDenied: (user: EmulatorUser) => boolean;
  readonly result: (user: EmulatorUser) => XmlContent;
}

const operations: ReadonlyMap<string, UserOperation> = new Map([
  ["ListMFADevices", {
    isDenied: ({ deniesListMfaDevices = false }) => deniesListMfaDevices,
    result: ({ name, mfa }) => ({
      IsTruncated: "false",
      MFADevices: mfa === undefined ? "" : {
        member: { UserName: name, SerialNumber: mfa.serial, EnableDate: firstDay },
      },
    }),
  }],
  ["ListAccessKeys", {
    isDenied: ({ deniesListAccessKeys = false }) => deniesListAccessKeys,
    result: ({ name, accessKeyId, keyCreated = firstDay }) => ({
      IsTruncated: "false",
      AccessKeyMetadata: {
        member: {
          UserName: name,
          AccessKeyId: accessKeyId,
          Status: "Active",
          CreateDate: keyCreated,
        },
      },
    }),
  }],
]);

function perform(parameters: URLSearchParams, { identity, user }: KeyRecord): XmlContent {
  const action = parameters.get("Action") ?? "";
  const operation = operations.get(action);
  if (operation === undefined || parameters.get("Version") !== version) {
    throw invalidAction(action, parameters.get("Version") ?? "NO_VERSION_SPECIFIED");
  }
  if (user === undefined || operation.isDenied(user)) {
    throw accessDenied(
      `User: ${identity.arn} is not authorized to perform: iam:${action} on resource: ` +
        `user ${user?.name ?? ""} because no identity-based policy allows the iam:${action} action`,
    );
  }
  return { [`${action}Response`]: { [`${action}Result`]: operation.result(user) } };
}

function respond(status: number, content: XmlContent): Response {
  const xml = formatXml(content).replace(/^<(\w+)>/, `<$1 xmlns="${namespace}">`);
  return new Response(xml, { status, headers: { "content-type": "text/xml" } });
}
