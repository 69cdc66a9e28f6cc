/**
 * A session with an instance's metadata service: version 2, whose token stands in each request, else version 1.
 *
 * See https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-tokens-how-it-works.html
 *
 * @module
 */

import { SourceError, UsageError } from "../../errors.ts";
import { sourceName, type SourceStep } from "../../plan.ts";
import { callHttp, type HttpCall, type HttpResponse } from "../http_call.ts";
import type { SourceContext } from "../source.ts";
import { instanceVariables } from "./instance_variables.ts";

const tokenPath = "latest/api/token";
const tokenHeader = "x-aws-ec2-metadata-token";
const ttlHeader = "x-aws-ec2-metadata-token-ttl-seconds";
/** Six hours, the most. */
const ttlSeconds = "21600";

/** One second, as the AWS SDKs have it. */
const usualTimeoutMs = 1_000;
/** How long is waited for a first response where no instance may be there: a service on the link answers in a millisecond. */
const probeMs = 250;
/** Where the AWS SDKs have none, a service that is throttled for a moment would fail the whole command. */
const usualAttempts = 3;

/** What the token request came to: a token, or why version 1 is used. */
type Token = { readonly token: string } | { readonly why: string };

/** The requests of one fetch. */
export class InstanceSession {
  readonly #step: SourceStep;
  readonly #context: SourceContext;
  readonly #url: URL;
  readonly #limits: { readonly timeoutMs: number; readonly attempts: number };
  #token: Token | undefined;

  /** @throws {UsageError} where a variable is no number */
  constructor(step: SourceStep, context: SourceContext, url: URL) {
    this.#step = step;
    this.#context = context;
    this.#url = url;
    const { timeoutSeconds, attempts } = step.settings;
    this.#limits = {
      timeoutMs: numberOf(instanceVariables.timeout, timeoutSeconds, usualTimeoutMs / 1_000) *
        1_000,
      attempts: numberOf(instanceVariables.attempts, attempts, usualAttempts),
    };
  }

  /** Whether anything answers. The hops of a response to GET are not limited, as those of the token are. */
  async isThere(): Promise<boolean> {
    try {
      await this.#call({ path: "", operation: "the probe", attempts: 1, timeoutMs: probeMs });
      return true;
    } catch (error) {
      // A service that is out of order is one.
      return !(error instanceof SourceError) || error.message.includes("HTTP ");
    }
  }

  /**
   * The response to GET, with a new token where the service has forgotten the first.
   *
   * @throws {SourceError} where there is none, or no token, and version 1 is disabled
   */
  async get(path: string): Promise<HttpResponse> {
    const known = this.#token;
    const response = await this.#get(path, known ?? await this.#newToken());
    if (response.status !== 401) return response;
    return await this.#get(path, await this.#newToken());
  }

  /** What a response says that is no success. */
  describe({ status, text, mask }: HttpResponse): string {
    const said = text.trim().startsWith("<") ? "" : mask(text.trim().slice(0, 200));
    const words = `it responded with HTTP ${status}${said === "" ? "" : ` (${said})`}`;
    return this.#token !== undefined && "why" in this.#token
      ? `${words} to version 1, which was tried because of the token: ${this.#token.why}`
      : words;
  }

  async #get(path: string, token: Token): Promise<HttpResponse> {
    this.#token = token;
    return await this.#call({
      path,
      operation: "the instance metadata service",
      ...("token" in token ? { headers: { [tokenHeader]: token.token } } : {}),
      // Where no token was to be had, the service may be out of reach altogether.
      ...("token" in token ? {} : { attempts: 1 }),
      secrets: "token" in token ? [token.token] : [],
    });
  }

  async #newToken(): Promise<Token> {
    const found = await this.#requestToken();
    if ("token" in found || this.#step.settings.v1Disabled === undefined) return found;
    throw this.#refused(`no token, and version 1 is disabled: ${found.why}`);
  }

  /** In a container the response is lost where the instance allows it one hop alone. */
  async #requestToken(): Promise<Token> {
    const call = {
      ...{ path: tokenPath, operation: "the token request", method: "PUT" as const },
      retriesSilence: false,
      headers: { [ttlHeader]: ttlSeconds },
    };
    const response = await this.#call(call).catch((error: unknown) => {
      if (error instanceof SourceError) return { why: error.message.replace(/^.*?: /, "") };
      throw error;
    });
    if ("why" in response) return response;
    const { status, text } = response;
    if (status === 400) throw this.#refused(this.describe(response));
    const token = text.trim();
    if (status !== 200) return { why: `it responded with HTTP ${status}` };
    if (/^[\x21-\x7e]+$/.test(token)) return { token };
    return { why: token === "" ? "it was empty" : "it was no text that a header can hold" };
  }

  async #call(
    { path, ...call }:
      & { readonly path: string; readonly operation: string }
      & Partial<HttpCall>,
  ): Promise<HttpResponse> {
    const response = await callHttp(this.#context, {
      source: this.#step.source,
      method: "GET",
      secrets: [],
      ...this.#limits,
      longestPauseMs: 1_000,
      isDirect: this.#url.protocol === "http:",
      ...call,
      url: new URL(path, this.#url).href,
    });
    if (response.status < 300 || response.status >= 400) return response;
    throw this.#refused(`it redirects (HTTP ${response.status}), which is not followed`);
  }

  #refused(why: string): SourceError {
    return new SourceError(
      "SOURCE_REFUSED",
      this.#step.source,
      `Cannot get credentials from ${sourceName(this.#step)} (${this.#step.detail}): ${why}`,
      { hint: "in a container, the instance's hop limit for metadata must be 2 or more" },
    );
  }
}

function numberOf(variable: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(`Cannot use "${text}" for ${variable}: wanted a whole number above 0`);
}
