/**
 * An IAM Identity Center with a person who has signed in, and the home folder of that person.
 *
 * @module
 */

import { formatToken, type SsoToken, tokenFileName } from "../../../src/source/sso/token_file.ts";
import { createStsEmulator, type SsoSettings, type StsEmulator } from "../../../src/testing/mod.ts";
import type { Network } from "../../../src/system.ts";
import { type FakeSystem, fakeSystem, seededRandom, VirtualClock } from "../../fake_system.ts";

/** The account of the roles. */
export const account = "123456789012";

/** Where everything is served. */
const url = "http://127.0.0.1:4566";

/** The sign-in's start URL. */
export const startUrl = "https://example.awsapps.com/start";

/** A profile of the sign-in, and three roles on top of it. */
export const config = `[sso-session corp]
sso_start_url = ${startUrl}
sso_region = eu-west-1
[profile admin]
sso_session = corp
sso_account_id = ${account}
sso_role_name = Admin
endpoint_url = ${url}
region = eu-west-1
${
  ["One", "Two", "Three"].map((name) =>
    `[profile ${name}]
role_arn = arn:aws:iam::${account}:role/${name}
source_profile = admin
endpoint_url = ${url}
region = eu-west-1
`
  ).join("")
}`;

/** The emulator and the system that is connected to it. */
export interface SsoWorld {
  readonly emulator: StsEmulator;
  readonly system: FakeSystem;
  /** The path of the token's file. */
  readonly tokenPath: string;
}

/** Starts it; `signedInSeconds` before now the person signed in, or never. */
export async function startSso(
  { settings, tokenSeconds }: {
    readonly settings?: Partial<SsoSettings>;
    readonly tokenSeconds?: number;
  } = {},
): Promise<SsoWorld> {
  const clock = new VirtualClock();
  const random = seededRandom();
  const emulator = createStsEmulator({
    clock,
    random,
    world: {
      users: [],
      roles: ["One", "Two", "Three"].map((name) => ({
        arn: `arn:aws:iam::${account}:role/${name}`,
        trusts: [account],
      })),
      sso: {
        startUrl,
        region: "eu-west-1",
        accounts: [{ accountId: account, name: "Example", roles: [{ name: "Admin" }] }],
      },
    },
    ...(settings === undefined ? {} : { sso: settings }),
  });
  const files = { "/home/kim/.aws/config": config };
  const system = fakeSystem({ clock, random, files, fetch: emulator.handle });
  const name = await tokenFileName({ session: "corp", startUrl });
  const tokenPath = `/home/kim/.aws/sso/cache/${name}`;
  if (tokenSeconds !== undefined) {
    const token = await signIn(emulator, system, tokenSeconds);
    system.files.contents.set(tokenPath, formatToken(token));
  }
  return { emulator, system, tokenPath };
}

/** The token of a person who signs in with a device code now. */
async function signIn(
  emulator: StsEmulator,
  system: FakeSystem,
  seconds: number,
): Promise<SsoToken> {
  const post = async (path: string, body: unknown) => {
    const request = new Request(`${url}${path}`, { method: "POST", body: JSON.stringify(body) });
    return await (await emulator.handle(request)).json();
  };
  const client = await post("/client/register", { clientName: "test", clientType: "public" });
  const { deviceCode } = await post("/device_authorization", { ...client, startUrl });
  const grantType = "urn:ietf:params:oauth:grant-type:device_code";
  const { accessToken, refreshToken } = await post("/token", { ...client, grantType, deviceCode });
  return {
    accessToken,
    refreshToken,
    startUrl,
    region: "eu-west-1",
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    expiresAt: system.clock.now() + seconds * 1_000,
    registrationExpiresAt: client.clientSecretExpiresAt * 1_000,
  };
}

/** A server that listens nowhere: requests are handed to it. */
export class FakeServer {
  #handler: ((request: Request) => Response | Promise<Response>) | undefined;

  /** Whether it would take a request. */
  get isListening(): boolean {
    return this.#handler !== undefined;
  }

  /** The port `Network.serve`. */
  readonly serve: Network["serve"] = (handler, { signal }) => {
    this.#handler = handler;
    const ended = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => {
      this.#handler = undefined;
      ended.resolve();
    }, { once: true });
    return Promise.resolve({ port: 50_123, finished: ended.promise });
  };

  /** Hands it a request. */
  async request(url: string, init?: RequestInit): Promise<Response> {
    if (this.#handler === undefined) throw new Error("nothing listens");
    return await this.#handler(new Request(url, init));
  }
}
