/**
 * The live view of a session token, which `generateSessionToken` returns.
 *
 * @module
 */

import { type Credentials, type CredentialsFields, maskCredentials } from "../credentials.ts";
import { ExpiredError } from "../errors.ts";

/**
 * A session token. Reading a field returns the newest value, and throws `ExpiredError` if the token has expired.
 * `JSON.stringify` gives it in full, `console.log` masks the secrets.
 */
export class LiveToken implements CredentialsFields {
  readonly #newest: () => Credentials;
  readonly #now: () => number;

  /** The profile of the user that it was issued to. */
  readonly profile: string;

  /** Created by `StsCore.generateSessionToken`. */
  constructor(profile: string, newest: () => Credentials, now: () => number) {
    this.profile = profile;
    this.#newest = newest;
    this.#now = now;
  }

  /** The access key id, ASIA…. */
  get AccessKeyId(): string {
    return this.#read().AccessKeyId;
  }

  /** The secret that requests are signed with. */
  get SecretAccessKey(): string {
    return this.#read().SecretAccessKey;
  }

  /** The token that is sent with every request. */
  get SessionToken(): string {
    return this.#read().SessionToken;
  }

  /** When stsaval received the token. */
  get StartTime(): Date {
    return this.#newest().StartTime;
  }

  /** When it expires, as reported by STS. */
  get Expiration(): Date {
    return this.#newest().Expiration;
  }

  /** All fields, in full. */
  toJSON(): CredentialsFields {
    return { ...this.#read() };
  }

  /** What `console.log` and `Deno.inspect` show under Deno. */
  [Symbol.for("Deno.customInspect")](
    inspect: (value: unknown, options?: unknown) => string,
    options?: unknown,
  ): string {
    return `LiveToken ${inspect(maskCredentials(this.#newest()), options)}`;
  }

  /** What `console.log` and `util.inspect` show under Node. */
  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: unknown,
    inspect: (value: unknown, options?: unknown) => string,
  ): string {
    return `LiveToken ${inspect(maskCredentials(this.#newest()), options)}`;
  }

  #read(): Credentials {
    const token = this.#newest();
    if (token.Expiration.getTime() > this.#now()) return token;
    throw new ExpiredError(
      `Cannot read the session token: it expired at ${token.Expiration.toISOString()}`,
      { hint: "call generateSessionToken again, with a new MFA code" },
    );
  }
}
