/**
 * One signed query of IAM, about the user that the keys belong to.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import { SourceError } from "../../errors.ts";
import { checkScheme } from "../../sts/endpoint.ts";
import { callHttp, type CallPorts } from "../http_call.ts";
import type { IamEndpoint } from "./iam_hosts.ts";
import { signForm } from "./signature.ts";

/** What is asked. */
export interface IamQuery {
  /** Such as "ListMFADevices". */
  readonly action: string;
  /** How the message of a refusal begins. */
  readonly cannot: string;
  /** What helps where it is refused. */
  readonly hint: string;
}

/**
 * The XML of the response.
 *
 * @throws {SourceError} SOURCE_REFUSED when the keys are wrong, or may not ask; SOURCE_UNREACHABLE without a response
 */
export async function queryIam(
  ports: CallPorts,
  keys: AccessKeys,
  { url, region }: IamEndpoint,
  { action, cannot, hint }: IamQuery,
): Promise<string> {
  checkScheme(new URL(url));
  const body = new URLSearchParams({ Action: action, Version: "2010-05-08" });
  const { status, text, mask } = await callHttp(ports, {
    source: "iam",
    operation: action,
    method: "POST",
    url,
    body,
    headers: async () => ({
      accept: "text/xml",
      ...await signForm({
        ...{ url: new URL(url), body: String(body), service: "iam", region, keys },
        now: ports.system.clock.now(),
      }),
    }),
    secrets: [keys.secretAccessKey, keys.sessionToken],
  });
  if (status === 200 && text.includes(`<${action}Result>`)) return text;
  const code = /<Code>\s*([\w.]{1,100})\s*<\/Code>/.exec(text)?.[1];
  const why = code === undefined ? `HTTP ${status}` : mask(code);
  const message = `${cannot}: ${new URL(url).host} responded with ${why}`;
  throw new SourceError("SOURCE_REFUSED", "iam", message, { hint });
}
