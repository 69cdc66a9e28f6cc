/**
 * Bodies of the services that speak JSON.
 *
 * @module
 */

/** The object in the body; empty where there is none. */
export function parseBody(
  bytes: Uint8Array<ArrayBuffer> | undefined,
): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** A response; the type is the class of the SDKs for an error. */
export function json(status: number, body: unknown, type?: string): Response {
  const headers = new Headers({ "content-type": "application/json" });
  if (type !== undefined) headers.set("x-amzn-errortype", type);
  return new Response(JSON.stringify(body), { status, headers });
}
