/**
 * The OIDC service of an emulated IAM Identity Center: clients, device sign-ins, authorization codes, tokens.
 *
 * @module
 */

import type { Random } from "../../system.ts";
import type { EmulatorSso, EmulatorSsoToken } from "../world/account_state.ts";
import { oauthError } from "./oauth_error.ts";

/** How the OIDC service behaves. */
export interface OidcSettings {
  /** How long access tokens live, in seconds. */
  readonly tokenSeconds: number;
  /** True ends a sign-in when a refresh token is used twice. */
  readonly detectsReuse: boolean;
  /** What the person does with a sign-in: at once, or when `approve` or `refuse` is called. */
  readonly person: "approves" | "refuses" | "waits";
}

type Fields = Readonly<Record<string, unknown>>;

interface Client {
  readonly secret: string;
  readonly grantTypes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly expiresAt: number;
}

interface DeviceSignIn {
  readonly clientId: string;
  readonly userCode: string;
  readonly expiresAt: number;
  state: "waiting" | "approved" | "refused" | "used";
  lastPoll: number;
}

interface AuthorizationCode {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly expiresAt: number;
}

/** One sign-in: its access tokens end with it. */
export interface SignedIn {
  isOver: boolean;
}

interface AccessToken {
  readonly signIn: SignedIn;
  readonly expiresAt: number;
}

interface RefreshToken {
  readonly clientId: string;
  readonly signIn: SignedIn;
  isUsed: boolean;
}

const registrationSeconds = 90 * 86_400;
const deviceSeconds = 600;
const intervalSeconds = 5;
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

/** The state of the service. */
export class OidcService {
  readonly #sso: EmulatorSso;
  readonly #random: Random;
  readonly #settings: OidcSettings;
  readonly #clients = new Map<string, Client>();
  readonly #devices = new Map<string, DeviceSignIn>();
  readonly #codes = new Map<string, AuthorizationCode>();
  readonly #access = new Map<string, AccessToken>();
  readonly #refresh = new Map<string, RefreshToken>();

  /** There is no sign-in yet. */
  constructor(sso: EmulatorSso, random: Random, settings: OidcSettings) {
    this.#sso = sso;
    this.#random = random;
    this.#settings = settings;
  }

  /** `RegisterClient` */
  register(body: Fields, now: number): Fields {
    if (typeof body.clientName !== "string" || body.clientType !== "public") {
      throw oauthError("invalid_request", "clientName and clientType=public are required");
    }
    const clientId = this.#token("client");
    const secret = this.#token("secret");
    const expiresAt = now + registrationSeconds * 1_000;
    const { grantTypes, redirectUris } = body;
    this.#clients.set(clientId, {
      ...{ secret, expiresAt },
      grantTypes: textsOf(grantTypes, [deviceGrant, "refresh_token"]),
      redirectUris: textsOf(redirectUris, []),
    });
    return {
      clientId,
      clientSecret: secret,
      clientIdIssuedAt: Math.floor(now / 1_000),
      clientSecretExpiresAt: Math.floor(expiresAt / 1_000),
    };
  }

  /** `StartDeviceAuthorization` */
  startDevice(body: Fields, now: number, origin: string): Fields {
    const clientId = this.#client(body, now);
    if (body.startUrl !== this.#sso.startUrl) {
      throw oauthError("invalid_request", "unknown start URL");
    }
    const deviceCode = this.#token("device");
    const userCode = this.#userCode();
    const { person } = this.#settings;
    this.#devices.set(deviceCode, {
      clientId,
      userCode,
      expiresAt: now + deviceSeconds * 1_000,
      state: person === "approves" ? "approved" : person === "refuses" ? "refused" : "waiting",
      lastPoll: -Infinity,
    });
    const verificationUri = `${origin}/device`;
    return {
      ...{ deviceCode, userCode, verificationUri },
      verificationUriComplete: `${verificationUri}?user_code=${userCode}`,
      expiresIn: deviceSeconds,
      interval: intervalSeconds,
    };
  }

  /** Where the browser of a person who signs in is sent: back to the client, with a code or an error. */
  authorize(query: URLSearchParams, now: number): URL {
    const clientId = query.get("client_id") ?? "";
    const client = this.#clients.get(clientId);
    const redirectUri = query.get("redirect_uri") ?? "";
    const challenge = query.get("code_challenge") ?? "";
    if (client === undefined) throw oauthError("invalid_client", "unknown client");
    if (!client.redirectUris.some((known) => isSameRedirect(known, redirectUri))) {
      throw oauthError("invalid_redirect_uri", "the redirect URI is not registered");
    }
    if (query.get("code_challenge_method") !== "S256" || challenge === "") {
      throw oauthError("invalid_request", "a code challenge by S256 is required");
    }
    const back = new URL(redirectUri);
    back.searchParams.set("state", query.get("state") ?? "");
    if (this.#settings.person === "refuses") {
      back.searchParams.set("error", "access_denied");
      back.searchParams.set("error_description", "the person refused");
      return back;
    }
    const code = this.#token("code");
    this.#codes.set(code, { clientId, redirectUri, challenge, expiresAt: now + 600_000 });
    back.searchParams.set("code", code);
    return back;
  }

  /** `CreateToken` */
  async createToken(body: Fields, now: number): Promise<Fields> {
    const clientId = this.#client(body, now);
    const { grantTypes = [] } = this.#clients.get(clientId) ?? {};
    const { grantType } = body;
    if (typeof grantType !== "string") throw oauthError("invalid_request", "no grantType");
    if (!grantTypes.includes(grantType)) {
      throw oauthError("unauthorized_client", `the client is not registered for ${grantType}`);
    }
    if (grantType === deviceGrant) return this.#fromDevice(clientId, body, now);
    if (grantType === "authorization_code") return await this.#fromCode(clientId, body, now);
    if (grantType === "refresh_token") return this.#fromRefresh(clientId, body, now);
    throw oauthError("unsupported_grant_type", grantType);
  }

  /** The person has signed in, in whatever way. */
  signIn(now: number): EmulatorSsoToken {
    const client = this.register({ clientName: "emulator", clientType: "public" }, now);
    const clientId = String(client.clientId);
    const { accessToken, refreshToken } = this.#issue(clientId, { isOver: false }, now);
    const { startUrl, region } = this.#sso;
    return {
      accessToken: String(accessToken),
      expiresAt: isoTime(now + this.#settings.tokenSeconds * 1_000),
      refreshToken: String(refreshToken),
      clientId,
      clientSecret: String(client.clientSecret),
      registrationExpiresAt: isoTime(now + registrationSeconds * 1_000),
      ...{ startUrl, region },
    };
  }

  /** Whether an access token is good now. */
  isGood(accessToken: string, now: number): boolean {
    const known = this.#access.get(accessToken);
    return known !== undefined && !known.signIn.isOver && known.expiresAt > now;
  }

  /** `Logout`: ends the sign-in of the token. */
  end(accessToken: string): void {
    const known = this.#access.get(accessToken);
    if (known !== undefined) known.signIn.isOver = true;
  }

  /** The person approves or refuses a sign-in on another device. */
  decide(userCode: string, state: "approved" | "refused"): void {
    for (const device of this.#devices.values()) {
      if (device.userCode === userCode && device.state === "waiting") device.state = state;
    }
  }

  #fromDevice(clientId: string, { deviceCode }: Fields, now: number): Fields {
    const device = this.#devices.get(String(deviceCode));
    if (device === undefined || device.clientId !== clientId || device.state === "used") {
      throw oauthError("invalid_grant", "unknown device code");
    }
    if (device.expiresAt <= now) throw oauthError("expired_token", "the device code has expired");
    const early = now - device.lastPoll < intervalSeconds * 1_000;
    device.lastPoll = now;
    if (device.state === "refused") throw oauthError("access_denied", "the person refused");
    if (device.state === "waiting") {
      throw early
        ? oauthError("slow_down", "the client asks too often")
        : oauthError("authorization_pending", "the person has not decided");
    }
    device.state = "used";
    return this.#issue(clientId, { isOver: false }, now);
  }

  async #fromCode(clientId: string, body: Fields, now: number): Promise<Fields> {
    const code = String(body.code);
    const known = this.#codes.get(code);
    this.#codes.delete(code);
    if (known === undefined || known.clientId !== clientId) {
      throw oauthError("invalid_grant", "unknown or used code");
    }
    if (known.expiresAt <= now) throw oauthError("expired_token", "the code has expired");
    const isProven = await challengeOf(String(body.codeVerifier)) === known.challenge;
    if (!isProven || body.redirectUri !== known.redirectUri) {
      throw oauthError("invalid_grant", "the verifier or the redirect URI does not match");
    }
    return this.#issue(clientId, { isOver: false }, now);
  }

  #fromRefresh(clientId: string, { refreshToken }: Fields, now: number): Fields {
    const known = this.#refresh.get(String(refreshToken));
    if (known === undefined || known.clientId !== clientId || known.signIn.isOver) {
      throw oauthError("invalid_grant", "unknown refresh token");
    }
    if (known.isUsed) {
      if (this.#settings.detectsReuse) known.signIn.isOver = true;
      throw oauthError("invalid_grant", "the refresh token has been used");
    }
    known.isUsed = true;
    return this.#issue(clientId, known.signIn, now);
  }

  #issue(clientId: string, signIn: SignedIn, now: number): Fields {
    const { tokenSeconds } = this.#settings;
    const accessToken = this.#token("access");
    const refreshToken = this.#token("refresh");
    this.#access.set(accessToken, { signIn, expiresAt: now + tokenSeconds * 1_000 });
    this.#refresh.set(refreshToken, { clientId, signIn, isUsed: false });
    return { accessToken, tokenType: "Bearer", expiresIn: tokenSeconds, refreshToken };
  }

  /** The client that calls, checked. */
  #client({ clientId, clientSecret }: Fields, now: number): string {
    const id = String(clientId);
    const client = this.#clients.get(id);
    if (client === undefined || client.secret !== clientSecret || client.expiresAt <= now) {
      throw oauthError("invalid_client", "unknown client, wrong secret, or registration over");
    }
    return id;
  }

  #token(kind: string): string {
    const bytes = this.#random.bytes(24);
    return `${kind}-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  }

  /** Eight letters, as people type them. */
  #userCode(): string {
    const letters = Array.from(this.#random.bytes(8), (byte) => "BCDFGHJKLMNPQRST"[byte & 15]);
    return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
  }
}

/** To the second, as the AWS CLI writes it. */
function isoTime(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

/** On loopback any port will do (RFC 8252, section 7.3). */
function isSameRedirect(known: string, found: string): boolean {
  const [registered, used] = [URL.parse(known), URL.parse(found)];
  return registered !== null && used !== null && registered.hostname === used.hostname &&
    registered.pathname === used.pathname && registered.protocol === used.protocol;
}

async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function textsOf(value: unknown, missing: readonly string[]): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : missing;
}
