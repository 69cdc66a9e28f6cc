/**
 * One call over HTTP, with retries and a time-out for each attempt. What is sent is masked in whatever comes back.
 *
 * @module
 */

import { abortable } from "../abortable.ts";
import { SourceError, UsageError } from "../errors.ts";
import { maskSecrets } from "../masking.ts";
import type { Wait, WaitPort } from "../progress.ts";
import type { Clock, Network, Random } from "../system.ts";

/** What a call works with. */
export interface CallPorts {
  readonly system: {
    readonly clock: Clock;
    readonly network: Pick<Network, "fetch">;
    readonly random: Pick<Random, "bytes" | "number">;
  };
  readonly signal: AbortSignal;
  /** Milliseconds for one attempt, where the call says nothing else; default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Where waits for responses, and for the next attempt, are noted. */
  readonly waits?: WaitPort | undefined;
}

type Headers = Readonly<Record<string, string>>;

/** What is called. */
export interface HttpCall {
  /** The kind of source, for errors. */
  readonly source: string;
  /** The operation, for errors: "CreateToken". */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PUT";
  readonly url: string;
  /** A function makes those of each attempt. */
  readonly headers?: Headers | (() => Promise<Headers>);
  /** Sent as JSON, or as a form where it is `URLSearchParams`. */
  readonly body?: unknown;
  /** What is masked in errors. */
  readonly secrets: readonly (string | undefined)[];
  /** How often it is tried in all, apart from attempts that the service turned away as too many; default 3. */
  readonly attempts?: number;
  /** How often it is tried where the service turns it away as one of too many (429); default as often as `attempts`. */
  readonly throttledAttempts?: number;
  /** False where silence is an answer too: only a response is tried again. Default: true. */
  readonly retriesSilence?: boolean;
  /** Milliseconds for one attempt; default those of the ports. */
  readonly timeoutMs?: number;
  /**
   * True where the call uses up what it sends, such as a refresh token: an attempt that is given up may have done that,
   * and the next would be refused. One attempt waits as long as all those of another call.
   */
  readonly isSpending?: boolean;
  /** The longest pause between two attempts, in milliseconds; default 8,000. */
  readonly longestPauseMs?: number;
  /** True where the call never goes through a proxy: its host is on this machine, or on a link of its own. */
  readonly isDirect?: boolean;
}

/** What came back. */
export interface HttpResponse {
  readonly status: number;
  /** The body, up to a length that no service reaches. */
  readonly text: string;
  /** Masks what was sent in a text of the response. */
  readonly mask: (text: string) => string;
}

const defaultAttempts = 3;
const defaultTimeoutMs = 10_000;
const longestBody = 1_048_576;
const defaultPauseMs = 8_000;

/**
 * Calls until there is a response that another attempt would not change: any but 429 and 5xx.
 *
 * @throws {SourceError} SOURCE_UNREACHABLE when there is none after every attempt
 */
export async function callHttp(ports: CallPorts, call: HttpCall): Promise<HttpResponse> {
  const { clock, random } = ports.system;
  const attempts = call.attempts ?? defaultAttempts;
  const throttledAttempts = call.throttledAttempts ?? attempts;
  const usualMs = call.timeoutMs ?? ports.timeoutMs ?? defaultTimeoutMs;
  const timeoutMs = call.isSpending ? attempts * usualMs : usualMs;
  let failures = 0;
  for (let attempt = 1;; attempt++) {
    const outcome = await noted(
      ports,
      { kind: "call", host: new URL(call.url).host, since: clock.now() },
      () => tryOnce(ports, { ...call, timeoutMs }),
    );
    if (typeof outcome !== "string" && !isTransient(outcome)) return outcome;
    if (typeof outcome === "string" || outcome.status !== 429) failures++;
    const isLate = call.isSpending && outcome === lateBy(timeoutMs);
    const isFinal = isLate || (typeof outcome === "string" && call.retriesSilence === false);
    if (isFinal || failures >= attempts || attempt - failures >= throttledAttempts) {
      throw unreachable(call, attempt, outcome);
    }
    const longest = Math.min(call.longestPauseMs ?? defaultPauseMs, 250 * 2 ** attempt);
    const pauseMs = random.number() * longest;
    const status = typeof outcome === "string" ? undefined : outcome.status;
    const code = status === undefined ? "no response" : `HTTP ${status}`;
    await noted(
      ports,
      { kind: "retry", code, isThrottled: status === 429, until: clock.now() + pauseMs },
      () => clock.sleep(pauseMs, { signal: ports.signal }),
    );
  }
}

/** Waits, and notes for what. */
async function noted<T>({ waits }: CallPorts, wait: Wait, work: () => Promise<T>): Promise<T> {
  using _wait = waits?.wait(wait);
  return await work();
}

function isTransient({ status }: HttpResponse): boolean {
  return status === 429 || status >= 500;
}

function lateBy(timeoutMs: number): string {
  return `no response within ${timeoutMs / 1_000} s`;
}

/** A call whose time-out is settled. */
interface Timed {
  readonly timeoutMs: number;
}

/** The response, or why there is none. */
async function tryOnce(
  { system: { clock, network }, signal }: CallPorts,
  call: HttpCall & Timed,
): Promise<HttpResponse | string> {
  const { method, url, headers, body, secrets, timeoutMs, isDirect } = call;
  const timeout = new AbortController();
  const both = AbortSignal.any([signal, timeout.signal]);
  const done = new AbortController();
  const own = typeof headers === "function" ? await headers() : headers ?? {};
  checkHeaders(own, call);
  clock.sleep(timeoutMs, { signal: done.signal, keepAlive: false })
    .then(() => timeout.abort(new DOMException("no response in time", "TimeoutError")))
    .catch(() => {});
  try {
    const request = new Request(url, {
      method,
      headers: { accept: "application/json", ...contentType(body), ...own },
      // A redirect would carry the token to another host.
      redirect: "manual",
      signal: both,
      ...(body === undefined ? {} : { body: bodyText(body) }),
    });
    const response = await abortable(() => network.fetch(request, { isDirect }), both);
    return await readResponse(response, secrets);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof Error && error.name === "NotCapable") throw closedHost(url);
    if (timeout.signal.aborted) return lateBy(timeoutMs);
    return maskSecrets(error instanceof Error ? error.message : String(error), { secrets });
  } finally {
    done.abort();
  }
}

/** A token with a line break would end its header, and begin another one. The value is not shown: it is a secret. */
function checkHeaders(headers: Headers, { source, operation, url }: HttpCall): void {
  const wrong = Object.entries(headers).find(([, value]) => !/^[\t\x20-\x7e]*$/.test(value));
  if (wrong === undefined) return;
  throw new SourceError(
    "SOURCE_REFUSED",
    source,
    `Cannot call ${operation} at ${new URL(url).host}: the value of its header "${
      wrong[0]
    }" holds a character ` +
      "that no header may hold, such as a line break",
  );
}

function contentType(body: unknown): Record<string, string> {
  if (body === undefined) return {};
  const isForm = body instanceof URLSearchParams;
  return { "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json" };
}

function bodyText(body: unknown): string {
  return body instanceof URLSearchParams ? String(body) : JSON.stringify(body);
}

async function readResponse(
  response: Response,
  secrets: readonly (string | undefined)[],
): Promise<HttpResponse> {
  const text = await readText(response);
  return {
    status: response.status,
    text,
    mask: (part) => maskSecrets(part, { secrets }),
  };
}

/** The body up to a length that no service reaches; the rest is not read. */
async function readText({ body }: Response): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > longestBody) break;
  }
  return text;
}

/** What a narrowed program may not call is no host of a source of its profiles. */
function closedHost(url: string): UsageError {
  const { host } = new URL(url);
  return new UsageError(
    `Cannot call "${host}": this program may not call it`,
    {
      hint:
        "with Deno it may call a host that you name with --allow-net; see 'stsaval help permissions'",
    },
  );
}

function unreachable(
  { source, operation, url }: HttpCall,
  attempts: number,
  last: HttpResponse | string,
): SourceError {
  const why = typeof last === "string" ? last : `it responded with HTTP ${last.status}`;
  return new SourceError(
    "SOURCE_UNREACHABLE",
    source,
    `Cannot call ${operation} at ${new URL(url).host}${
      attempts === 1 ? "" : `, after ${attempts} attempts`
    }: ${why}`,
    { hint: "check the network and the proxy settings, then try again" },
  );
}
