/**
 * The state of an emulated AWS Sign-In: who has signed in, with which key, and which refresh token is good.
 *
 * @module
 */

import type { Random } from "../../system.ts";
import type { StateMachine } from "../sts/state_machine.ts";
import type { EmulatorSignIn } from "../world/account_state.ts";
import { signInError } from "./sign_in_error.ts";
import { checkProof } from "./proof.ts";

/** How an emulated AWS Sign-In behaves. */
export interface SignInSettings {
  /** How long credentials live, in seconds. */
  readonly credentialSeconds: number;
  /** How long a sign-in can be refreshed, in seconds. */
  readonly sessionSeconds: number;
  /** True ends a sign-in when a refresh token is used twice. */
  readonly detectsReuse: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** One sign-in: its refresh tokens end with it. */
interface SignedIn {
  /** The thumbprint of its key; undefined until the first proof, which binds it. */
  thumbprint: string | undefined;
  readonly endsAt: number;
  /** Why it is over. */
  over?: "TOKEN_EXPIRED" | "USER_CREDENTIALS_CHANGED";
}

interface RefreshToken {
  readonly clientId: string;
  readonly signIn: SignedIn;
  isUsed: boolean;
}

/** One call of the token operation. */
export interface TokenCall {
  readonly body: Fields;
  readonly proof: string | null;
  readonly method: string;
  readonly url: string;
  readonly now: number;
}

/** What a person who signs in gets, as the AWS CLI keeps it but for the key. */
export interface IssuedLogin {
  /** The credentials, for 15 minutes. */
  readonly accessToken: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
  /** The kind of credentials. */
  readonly tokenType: "aws_sigv4";
  /** How long they live, in seconds. */
  readonly expiresIn: number;
  /** What gets the next ones, once. */
  readonly refreshToken: string;
}

/** The only client ids there are. */
const clientIds = [
  "arn:aws:signin:::devtools/same-device",
  "arn:aws:signin:::devtools/cross-device",
];

/** Serves refreshes. */
export class SignInService {
  readonly #signIn: EmulatorSignIn;
  readonly #machine: StateMachine;
  readonly #random: Random;
  readonly #settings: SignInSettings;
  readonly #refresh = new Map<string, RefreshToken>();
  readonly #proofs = new Set<string>();
  #current: SignedIn | undefined;

  /** Sessions are those of the STS behind the machine. */
  constructor(
    signIn: EmulatorSignIn,
    machine: StateMachine,
    random: Random,
    settings: SignInSettings,
  ) {
    this.#signIn = signIn;
    this.#machine = machine;
    this.#random = random;
    this.#settings = settings;
  }

  /** The person signs in, in a browser that nothing shows. */
  start(now: number, clientId = clientIds[0] ?? ""): IssuedLogin & { readonly clientId: string } {
    const { sessionSeconds } = this.#settings;
    const signIn = { thumbprint: undefined, endsAt: now + sessionSeconds * 1_000 };
    this.#current = signIn;
    return { ...this.#issue(clientId, signIn, now), clientId };
  }

  /** Ends the newest sign-in, as AWS does: the credentials that were given out stay good. */
  end(reason: "TOKEN_EXPIRED" | "USER_CREDENTIALS_CHANGED"): void {
    if (this.#current !== undefined) this.#current.over = reason;
  }

  /** `CreateOAuth2Token` with a refresh token. */
  async refresh({ body, proof, method, url, now }: TokenCall): Promise<IssuedLogin> {
    const { clientId, grantType, refreshToken } = body;
    if (typeof clientId !== "string" || !clientIds.includes(clientId)) {
      throw signInError("INVALID_REQUEST", "unknown client");
    }
    if (grantType !== "refresh_token" || typeof refreshToken !== "string") {
      throw signInError("INVALID_REQUEST", "wanted grantType refresh_token and a refreshToken");
    }
    const checked = await checkProof(proof, { method, url, now });
    if (typeof checked === "string") throw signInError("INVALID_REQUEST", `DPoP: ${checked}`);
    if (this.#proofs.has(checked.jti)) {
      throw signInError("INVALID_REQUEST", "DPoP: jti has been used");
    }
    this.#proofs.add(checked.jti);
    return this.#rotate(refreshToken, clientId, checked.thumbprint, now);
  }

  #rotate(refreshToken: string, clientId: string, thumbprint: string, now: number): IssuedLogin {
    const known = this.#refresh.get(refreshToken);
    if (known === undefined || known.clientId !== clientId) {
      throw signInError("INVALID_REQUEST", "unknown refresh token");
    }
    const { signIn } = known;
    signIn.thumbprint ??= thumbprint;
    if (signIn.thumbprint !== thumbprint) {
      throw signInError("INVALID_REQUEST", "DPoP: the key is another one than before");
    }
    if (signIn.over !== undefined) throw signInError(signIn.over, "the sign-in is over");
    if (signIn.endsAt <= now) throw signInError("TOKEN_EXPIRED", "the sign-in has ended");
    if (known.isUsed) {
      if (this.#settings.detectsReuse) signIn.over = "TOKEN_EXPIRED";
      throw signInError("TOKEN_EXPIRED", "the refresh token has been used");
    }
    known.isUsed = true;
    return this.#issue(clientId, signIn, now);
  }

  #issue(clientId: string, signIn: SignedIn, now: number): IssuedLogin {
    const { credentialSeconds: seconds } = this.#settings;
    const { roleArn, sessionName = "kim" } = this.#signIn;
    const { keys } = this.#machine.issueRoleSession(
      { arn: roleArn, trusts: [] },
      { sessionName, seconds, now },
    );
    const { accessKeyId, secretAccessKey, sessionToken = "" } = keys;
    const refreshToken = `refresh-${
      Array.from(this.#random.bytes(24), (byte) => byte.toString(16).padStart(2, "0")).join("")
    }`;
    this.#refresh.set(refreshToken, { clientId, signIn, isUsed: false });
    return {
      accessToken: { accessKeyId, secretAccessKey, sessionToken },
      tokenType: "aws_sigv4",
      expiresIn: seconds,
      refreshToken,
    };
  }
}
