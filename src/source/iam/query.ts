/**
 * One signed query of IAM, about a user.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import { SourceError } from "../../errors.ts";
import { checkScheme } from "../../sts/endpoint.ts";
import { callHttp, type CallPorts, type HttpResponse } from "../http_call.ts";
import type { IamEndpoint } from "./iam_hosts.ts";
import { signForm } from "./signature.ts";

/** What is asked. */
export interface IamQuery {
  /** Such as "ListMFADevices". */
  readonly action: string;
  /** What is sent beside the action; one without a value is left out. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
  /** How the message of a refusal begins. */
  readonly cannot: string;
  /** What helps where it is refused. */
  readonly hint: string;
  /** True where a second attempt would do it twice: without a response it is not known whether it was done. */
  readonly isOnce?: boolean;
}

/** IAM's own refusal. */
export class IamRefusal extends SourceError {
  /** IAM's code, such as "NoSuchEntity"; undefined where the response holds none. */
  readonly refusal: string | undefined;

  /** The message names the host and the code. */
  constructor(refusal: string | undefined, message: string, hint: string) {
    super("SOURCE_REFUSED", "iam", message, { hint });
    this.refusal = refusal;
  }
}

/** IAM turns calls away with 400; nothing was done then, so that every call may be tried again. */
const throttlings: readonly (string | undefined)[] = [
  ...["Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"],
];
const throttledAttempts = 6;
const longestPauseMs = 8_000;

/**
 * The XML of the response.
 *
 * @throws {IamRefusal} when the keys are wrong, or may not ask
 * @throws {SourceError} SOURCE_UNREACHABLE without a response, also where IAM fails (HTTP 500)
 */
export async function queryIam(
  ports: CallPorts,
  keys: AccessKeys,
  endpoint: IamEndpoint,
  query: IamQuery,
): Promise<string> {
  const { clock, random } = ports.system;
  for (let attempt = 1;; attempt++) {
    const { status, text, mask } = await callIam(ports, keys, endpoint, query);
    const isResult = [`<${query.action}Response`, `<${query.action}Result`].some((start) =>
      text.includes(start)
    );
    if (status === 200 && isResult) return text;
    const code = /<Code>\s*([\w.]{1,100})\s*<\/Code>/.exec(text)?.[1];
    if (throttlings.includes(code) && attempt < throttledAttempts) {
      const pauseMs = random.number() * Math.min(longestPauseMs, 500 * 2 ** attempt);
      await clock.sleep(pauseMs, { signal: ports.signal });
      continue;
    }
    const why = code === undefined ? `HTTP ${status}` : mask(code);
    const { host } = new URL(endpoint.url);
    throw new IamRefusal(code, `${query.cannot}: ${host} responded with ${why}`, query.hint);
  }
}

async function callIam(
  ports: CallPorts,
  keys: AccessKeys,
  { url, region }: IamEndpoint,
  { action, parameters = {}, isOnce = false }: IamQuery,
): Promise<HttpResponse> {
  checkScheme(new URL(url));
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]]
  );
  const body = new URLSearchParams([["Action", action], ...given, ["Version", "2010-05-08"]]);
  return await callHttp(ports, {
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
    ...(isOnce ? { attempts: 1, throttledAttempts: 3 } : {}),
  });
}
