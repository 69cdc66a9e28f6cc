/**
 * Tells an answer of STS from whatever else answers in its place: a proxy's page, a captive portal, a load balancer, a
 * gateway. Only STS's own answers say what time it is.
 *
 * @module
 */

/** An HTTP answer, as far as it tells who wrote it. */
export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
  /** The body. */
  readonly text: string;
}

const namespace = /\sxmlns="https?:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"/;
/** The document's root and all that is in it, to its very end. */
const document = /^\s*(?:<\?xml[^>]*\?>\s*)?<(\w+)(\s[^>]*)?>([^]*)<\/\1>\s*$/;
const requestIdElement = /<RequestId>\s*([\w-]{1,128})\s*<\/RequestId>/;
const errorParts = [/<Error>/, /<Code>\s*[\w.:-]{1,100}\s*<\/Code>/, /<\/Error>/];
const httpDate = /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * True for a whole document in STS's own form, the error document included: its type, namespace, root, content and
 * request id, with a status that STS sends it with.
 */
export function isAnswerOfSts(answer: ReceivedAnswer): boolean {
  if (!/\bxml\b/i.test(answer.headers.get("content-type") ?? "")) return false;
  const [, root = "", attributes = "", content = ""] = document.exec(answer.text) ?? [];
  if (!namespace.test(attributes) || requestIdOf(answer) === undefined) return false;
  if (root === "ErrorResponse") {
    return answer.status >= 400 && errorParts.every((part) => part.test(content));
  }
  const operation = /^(\w+)Response$/.exec(root)?.[1];
  if (operation === undefined || answer.status !== 200) return false;
  return content.includes(`<${operation}Result>`) && content.includes(`</${operation}Result>`);
}

/** The request id. Where the header is missing, as behind some proxies, it is in the body still. */
export function requestIdOf({ headers, text }: ReceivedAnswer): string | undefined {
  const header = headers.get("x-amzn-requestid");
  return header !== null && /^[\w-]{1,128}$/.test(header)
    ? header
    : requestIdElement.exec(text)?.[1];
}

/**
 * The time in STS's answer, in milliseconds since 1970. Undefined without one, and for an answer that a cache kept for a
 * while.
 */
export function dateOf(headers: Pick<Headers, "get">): number | undefined {
  const date = headers.get("date") ?? "";
  if (!httpDate.test(date) || Number(headers.get("age") ?? 0) !== 0) return undefined;
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
}
