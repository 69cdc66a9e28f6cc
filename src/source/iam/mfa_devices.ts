/**
 * The MFA devices of the user that keys belong to, by one signed query of IAM.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import { SourceError } from "../../errors.ts";
import { checkScheme } from "../../sts/endpoint.ts";
import { callHttp, type CallPorts } from "../http_call.ts";
import type { IamEndpoint } from "./iam_hosts.ts";
import { signForm } from "./signature.ts";

/** AWS allows eight for a user. */
const mostDevices = 8;

/**
 * The serial numbers of the devices that show codes: those that are keys (FIDO) show none.
 *
 * @throws {SourceError} SOURCE_REFUSED when the keys are wrong, or may not ask; SOURCE_UNREACHABLE without a response
 */
export async function listMfaSerials(
  ports: CallPorts,
  keys: AccessKeys,
  { url, region }: IamEndpoint,
): Promise<readonly string[]> {
  checkScheme(new URL(url));
  const body = new URLSearchParams({ Action: "ListMFADevices", Version: "2010-05-08" });
  const response = await callHttp(ports, {
    source: "iam",
    operation: "ListMFADevices",
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
  const { status, text, mask } = response;
  if (status === 200 && /<ListMFADevicesResult>/.test(text)) return serialsIn(text);
  const code = /<Code>\s*([\w.]{1,100})\s*<\/Code>/.exec(text)?.[1];
  throw new SourceError(
    "SOURCE_REFUSED",
    "iam",
    `Cannot list the MFA devices: ${new URL(url).host} responded with ${
      code === undefined ? `HTTP ${status}` : mask(code)
    }`,
    { hint: "allow iam:ListMFADevices, or give the ARN with --mfa-serial" },
  );
}

function serialsIn(xml: string): readonly string[] {
  const found = [...xml.matchAll(/<SerialNumber>\s*([\w+=/:,.@-]{9,256})\s*<\/SerialNumber>/g)];
  const serials = found.map(([, serial = ""]) => serial);
  return serials.filter((serial) => !/:u2f\//.test(serial)).slice(0, mostDevices);
}
