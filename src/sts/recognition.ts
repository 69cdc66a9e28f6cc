/**
 * Recognizes responses of STS itself, as opposed to those of a proxy, a captive portal, a load balancer or a gateway.
 * Only responses of STS give its clock.
 *
 * @module
 */

/** The parts of an HTTP response that identify its sender. */
export interface ReceivedResponse {
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
  /** The body. */
  readonly text: string;
}

const namespace = /\sxmlns="https?:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"/;
/** The whole document: root element, attributes, content. */
const document = /^\s*(?:<\?xml[^>]*\?>\s*)?<(\w+)(\s[^>]*)?>([^]*)<\/\1>\s*$/;
const requestIdElement = /<RequestId>\s*([\w-]{1,128})\s*<\/RequestId>/;
const errorParts = [/<Error>/, /<Code>\s*[\w.:-]{1,100}\s*<\/Code>/, /<\/Error>/];
const httpDate = /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * True for a complete STS document, error documents included: content type, namespace, root, content and request id, with
 * a matching status.
 */
export function isStsResponse(response: ReceivedResponse): boolean {
  if (!/\bxml\b/i.test(response.headers.get("content-type") ?? "")) return false;
  const [, root = "", attributes = "", content = ""] = document.exec(response.text) ?? [];
  if (!namespace.test(attributes) || requestIdOf(response) === undefined) return false;
  if (root === "ErrorResponse") {
    return response.status >= 400 && errorParts.every((part) => part.test(content));
  }
  const operation = /^(\w+)Response$/.exec(root)?.[1];
  if (operation === undefined || response.status !== 200) return false;
  return content.includes(`<${operation}Result>`) && content.includes(`</${operation}Result>`);
}

/** The request id. If the header is missing, as behind some proxies, it is still in the body. */
export function requestIdOf({ headers, text }: ReceivedResponse): string | undefined {
  const header = headers.get("x-amzn-requestid");
  return header !== null && /^[\w-]{1,128}$/.test(header)
    ? header
    : requestIdElement.exec(text)?.[1];
}

/**
 * The date of a response, in milliseconds since 1970. Undefined without one, and for a response from an HTTP cache.
 */
export function dateOf(headers: Pick<Headers, "get">): number | undefined {
  const date = headers.get("date") ?? "";
  if (!httpDate.test(date) || Number(headers.get("age") ?? 0) !== 0) return undefined;
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
}
