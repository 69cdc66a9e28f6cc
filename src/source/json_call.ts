/**
 * One call of a service that speaks JSON over HTTP.
 *
 * AWS's clients for these services are not loaded: the calls are unsigned, and each client would cost a start as much as
 * STS's does.
 *
 * @module
 */

import { checkScheme } from "../sts/endpoint.ts";
import { callHttp, type CallPorts, type HttpCall, type HttpResponse } from "./http_call.ts";

export type { CallPorts };

/** What came back. */
export interface JsonResponse extends Omit<HttpResponse, "text"> {
  /** The object in the body; empty where there is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Calls until there is a response that another attempt would not change: any but 429 and 5xx.
 *
 * @throws {SourceError} SOURCE_UNREACHABLE when there is none after every attempt
 */
export async function callJson(ports: CallPorts, call: HttpCall): Promise<JsonResponse> {
  checkScheme(new URL(call.url));
  const { status, text, mask } = await callHttp(ports, call);
  return { status, body: parseObject(text), mask };
}

/** The object in a JSON text; empty where there is none. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
    return value as Readonly<Record<string, unknown>>; // a foreign format: each field is checked where it is read
  } catch {
    return {};
  }
}
