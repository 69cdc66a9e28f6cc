/**
 * What an emulator answers over HTTP when it says no.
 *
 * @module
 */

import type { StsEmulator } from "../../../src/testing/mod.ts";
import { bench, kim } from "../fixtures.ts";
import { type RequestParts, signedPost } from "../signing/signed_request.ts";

/** The parameters of GetCallerIdentity. */
export const whoAmI = { Action: "GetCallerIdentity", Version: "2011-06-15" };

/** The status, the code and the text of an answer. */
export type HttpRefusal = readonly [status: number, code: string, message: string];

/** Status, code and text of what the emulator answers. */
export async function refusal(emulator: StsEmulator, request: Request): Promise<HttpRefusal> {
  const response = await emulator.handle(request);
  const xml = await response.text();
  const read = (name: string) => xml.match(`<${name}>(.*)</${name}>`)?.[1] ?? "";
  return [response.status, read("Code"), read("Message").replaceAll("&apos;", "'")];
}

/** What the emulator answers to a GetCallerIdentity of kim's that has something wrong with it. */
export async function refusalOf(wrong: Partial<RequestParts>): Promise<HttpRefusal> {
  const { clock, emulator } = bench();
  const parts = { keys: kim, at: clock.now(), parameters: whoAmI, ...wrong };
  return await refusal(emulator, await signedPost(parts));
}
