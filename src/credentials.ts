/**
 * The Credentials value: what STS issues, under the names that the original program gave it.
 *
 * @module
 */

/** The access keys of a caller: long-term ones, or temporary ones with their session token. */
export interface AccessKeys {
  /** 16 to 128 letters, digits and underscores; AKIA… for long-term keys, ASIA… for temporary ones. */
  readonly accessKeyId: string;
  /** The secret that requests are signed with. */
  readonly secretAccessKey: string;
  /** Present for temporary keys only. */
  readonly sessionToken?: string;
}

/** The fields of {@linkcode Credentials}. */
export interface CredentialsFields {
  /** The access key id, ASIA…. */
  readonly AccessKeyId: string;
  /** The secret that requests are signed with. */
  readonly SecretAccessKey: string;
  /** The token that is sent with every request; empty for long-term keys, which a `credential_process` may print. */
  readonly SessionToken: string;
  /** When stsaval received the credentials. */
  readonly StartTime: Date;
  /** When they expire, as reported by STS; {@linkcode neverEnds} where they do not. */
  readonly Expiration: Date;
}

/** The expiration of credentials that have none: the last moment that a Date can hold. */
export const neverEnds: number = 8_640_000_000_000_000;

/** When credentials end; undefined where they do not. */
export function endOf({ Expiration }: Pick<CredentialsFields, "Expiration">): Date | undefined {
  return Expiration.getTime() === neverEnds ? undefined : Expiration;
}

/**
 * The last four characters of an access key id, for messages: `…7QRS`. Nothing of what does not look like one: a secret
 * may stand in its place.
 */
export function keyTail(accessKeyId: string): string {
  return `…${/^[A-Z0-9_]+$/.test(accessKeyId) ? accessKeyId.slice(-4) : ""}`;
}

/**
 * Temporary credentials. `JSON.stringify` gives every field in full; `console.log` masks the secret access key and
 * the session token, so that a log line is not a leak.
 *
 * @example
 * ```ts
 * import { Credentials } from "./credentials.ts";
 *
 * const credentials = new Credentials({
 *   AccessKeyId: "ASIAEXAMPLEEXAMPLE00",
 *   SecretAccessKey: "the secret",
 *   SessionToken: "the token",
 *   StartTime: new Date(0),
 *   Expiration: new Date(3_600_000),
 * });
 * if (Deno.inspect(credentials).includes("the secret")) throw new Error("leaked");
 * ```
 */
export class Credentials implements CredentialsFields {
  /** The access key id, ASIA…. */
  readonly AccessKeyId: string;
  /** The secret that requests are signed with. */
  readonly SecretAccessKey: string;
  /** The token that is sent with every request. */
  readonly SessionToken: string;
  /** When stsaval received the credentials; a new Date each time. */
  declare readonly StartTime: Date;
  /** When they expire, as reported by STS; a new Date each time. */
  declare readonly Expiration: Date;

  /** Takes the five fields as they are; the object is immutable. */
  constructor(fields: CredentialsFields) {
    this.AccessKeyId = fields.AccessKeyId;
    this.SecretAccessKey = fields.SecretAccessKey;
    this.SessionToken = fields.SessionToken;
    defineInstant(this, "StartTime", fields.StartTime);
    defineInstant(this, "Expiration", fields.Expiration);
    Object.freeze(this);
  }

  /** What `console.log` and `Deno.inspect` show under Deno. */
  [Symbol.for("Deno.customInspect")](
    inspect: (value: unknown, options?: unknown) => string,
    options?: unknown,
  ): string {
    return `Credentials ${inspect(maskCredentials(this), options)}`;
  }

  /** What `console.log` and `util.inspect` show under Node. */
  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: unknown,
    inspect: (value: unknown, options?: unknown) => string,
  ): string {
    return `Credentials ${inspect(maskCredentials(this), options)}`;
  }
}

/**
 * Returns a copy of the instant to each reader, since a Date cannot be frozen. It is an own property, so that JSON and
 * `Object.keys` include it.
 */
function defineInstant(
  credentials: Credentials,
  name: "StartTime" | "Expiration",
  value: Date,
): void {
  const instant = new Date(value);
  Object.defineProperty(credentials, name, { enumerable: true, get: () => new Date(instant) });
}

/** The same fields with the secret access key and the session token masked. */
export function maskCredentials(credentials: CredentialsFields): CredentialsFields {
  return {
    AccessKeyId: credentials.AccessKeyId,
    SecretAccessKey: "********",
    SessionToken: "********",
    StartTime: credentials.StartTime,
    Expiration: credentials.Expiration,
  };
}

/** The keys in the form that signs a further call. */
export function asAccessKeys(
  { AccessKeyId, SecretAccessKey, SessionToken }: CredentialsFields,
): AccessKeys {
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken === "" ? {} : { sessionToken: SessionToken }),
  };
}

/** The key of a profile's credentials in a set: `sts-` and the name of the profile. */
export function setKey<Name extends string>(profile: Name): `sts-${Name}` {
  return `sts-${profile}`;
}
