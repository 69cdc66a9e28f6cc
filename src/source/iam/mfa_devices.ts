/**
 * The MFA devices of the user that keys belong to, by one signed query of IAM.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import type { CallPorts } from "../http_call.ts";
import type { IamEndpoint } from "./iam_hosts.ts";
import { queryIam } from "./query.ts";

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
  endpoint: IamEndpoint,
): Promise<readonly string[]> {
  const text = await queryIam(ports, keys, endpoint, {
    action: "ListMFADevices",
    cannot: "Cannot list the MFA devices",
    hint: "allow iam:ListMFADevices, or give the ARN with --mfa-serial",
  });
  return serialsIn(text);
}

function serialsIn(xml: string): readonly string[] {
  const found = [...xml.matchAll(/<SerialNumber>\s*([\w+=/:,.@-]{9,256})\s*<\/SerialNumber>/g)];
  const serials = found.map(([, serial = ""]) => serial);
  return serials.filter((serial) => !/:u2f\//.test(serial)).slice(0, mostDevices);
}
