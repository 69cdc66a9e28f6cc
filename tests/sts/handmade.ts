/**
 * STS by hand: answers as STS writes them, and a client over a function that gives them.
 *
 * @module
 */

import { type AccessKeys, Credentials } from "../../src/credentials.ts";
import type { Logger } from "../../src/logger.ts";
import { createSts, type StsOptions } from "../../src/sts/client.ts";
import type { Sts } from "../../src/sts/sts.ts";
import { seededRandom, VirtualClock } from "../fake_system.ts";

/** Keys that look like those of a user. */
export const userKeys: AccessKeys = {
  accessKeyId: "AKIAEXAMPLEEXAMPLE7Q",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};

/** Where the calls of these tests go. */
export const endpoint = { region: "eu-west-1" } as const;

const namespace = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';
const metadata = "<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata>";

/** The XML of new credentials that end at 2026-01-01T01:00:00Z, for an operation. */
export function credentialsXml(
  operation: "AssumeRole" | "AssumeRoleWithWebIdentity" | "GetSessionToken",
  fields = [
    "<AccessKeyId>ASIAEXAMPLEEXAMPLE01</AccessKeyId>",
    "<SecretAccessKey>secret/one</SecretAccessKey>",
    "<SessionToken>token==</SessionToken>",
    "<Expiration>2026-01-01T01:00:00Z</Expiration>",
  ],
): string {
  return `<${operation}Response ${namespace}><${operation}Result><Credentials>${fields.join("")}` +
    `</Credentials></${operation}Result>${metadata}</${operation}Response>`;
}

/** What {@linkcode credentialsXml} is read as at the start of the virtual clock. */
export const readCredentials = new Credentials({
  AccessKeyId: "ASIAEXAMPLEEXAMPLE01",
  SecretAccessKey: "secret/one",
  SessionToken: "token==",
  StartTime: new Date("2026-01-01T00:00:00Z"),
  Expiration: new Date("2026-01-01T01:00:00Z"),
});

/** The XML of GetCallerIdentity's answer. */
export const identityXml = `<GetCallerIdentityResponse ${namespace}><GetCallerIdentityResult>` +
  "<Arn>arn:aws:iam::111122223333:user/kim</Arn><UserId>AIDAEXAMPLE</UserId>" +
  `<Account>111122223333</Account></GetCallerIdentityResult>${metadata}</GetCallerIdentityResponse>`;

/** An answer with the XML. */
export function xml(text: string, headers: Record<string, string> = {}, status = 200): Response {
  return new Response(text, { status, headers: { "content-type": "text/xml", ...headers } });
}

/** A refusal in STS's form. */
export function refusal(
  code: string,
  message: string,
  status = 400,
  headers: Record<string, string> = {},
): Response {
  const escaped = message.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return xml(
    `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>${code}</Code>` +
      `<Message>${escaped}</Message></Error><RequestId>id-of-body</RequestId></ErrorResponse>`,
    headers,
    status,
  );
}

/** A client over a function, and what it did. */
export interface Bench {
  readonly sts: Sts;
  readonly clock: VirtualClock;
  /** The bodies of the requests so far. */
  readonly bodies: URLSearchParams[];
  readonly requests: Request[];
  /** What was logged, with the level. */
  readonly lines: string[];
}

/** Makes a client whose network is `answer`. */
export function bench(
  answer: (request: Request, turn: number) => Response | Promise<Response>,
  options: StsOptions & { readonly clock?: VirtualClock } = {},
): Bench {
  const clock = options.clock ?? new VirtualClock();
  const [bodies, requests, lines]: [URLSearchParams[], Request[], string[]] = [[], [], []];
  const say = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const logger: Logger = {
    debug: say("debug"),
    info: say("info"),
    warn: say("warn"),
    error: say("error"),
  };
  const fetch = async (request: Request) => {
    requests.push(request.clone());
    bodies.push(new URLSearchParams(await request.clone().text()));
    return await answer(request, requests.length);
  };
  const ports = { clock, random: seededRandom(), network: { fetch }, logger };
  return { sts: createSts(ports, options), clock, bodies, requests, lines };
}
