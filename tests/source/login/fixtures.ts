/**
 * An AWS Sign-In with a person who has run `aws login`, and the home folder of that person.
 *
 * @module
 */

import { loginFileName } from "../../../src/source/login/token_file.ts";
import {
  createStsEmulator,
  type EmulatorWorld,
  type SignInSettings,
  type StsEmulator,
} from "../../../src/testing/mod.ts";
import { type FakeSystem, fakeSystem, seededRandom, VirtualClock } from "../../fake_system.ts";

/** The account of the roles. */
export const account = "123456789012";

/** The value of `login_session`, with the name of its file as the SDKs have it. */
export const loginSession = "arn:aws:sts::012345678910:assumed-role/Admin/admin";
export const fileName = "4b0ba8f99f075c0633e122fd73346ce203a3faf18ea0310eb2d29df1bab2e255.json";

/** A key as the AWS CLI keeps it, made for these tests. */
export const dpopKey = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIOKwNaJ5xKsaqWu0iHofhie6EwD3dRFMt+ghah4cCW0CoAoGCCqGSM49
AwEHoUQDQgAE5sCVyViScbEAdCJhSrpTBw3RiLqNygvUPRT6KfcYCG3Gx6GFaBVi
3M+efOZWfHjfbGeoeTdNy/jyKKuhTxpJig==
-----END EC PRIVATE KEY-----
`;

/** The roles on top of the sign-in. */
export const names = ["One", "Two", "Three"] as const;

/** What the emulator knows. */
export const world: EmulatorWorld = {
  users: [],
  roles: names.map((name) => ({ arn: `arn:aws:iam::${account}:role/${name}`, trusts: [account] })),
  signIn: { roleArn: `arn:aws:iam::${account}:role/Admin`, sessionName: "admin" },
};

/** A profile of the sign-in, and three roles on top of it. */
export function configFor(url: string): string {
  const where = `endpoint_url = ${url}\nregion = eu-west-1\n`;
  const roles = names.map((name) =>
    `[profile ${name}]\nrole_arn = arn:aws:iam::${account}:role/${name}\nsource_profile = admin\n${where}`
  );
  return `[profile admin]\nlogin_session = ${loginSession}\n${where}${roles.join("")}`;
}

/** The emulator and the system that is connected to it. */
export interface LoginWorld {
  readonly emulator: StsEmulator;
  readonly system: FakeSystem;
  /** The path of the sign-in's file. */
  readonly path: string;
  /** What the file holds. */
  read(): KeptLogin;
}

/** A file, as the AWS CLI writes it. */
export interface KeptLogin {
  readonly accessToken: Readonly<Record<string, string>>;
  readonly refreshToken: string;
  readonly [field: string]: unknown;
}

/** The text of the file of a person who has just signed in; `seconds` of the credentials are left. */
export function loginFile(emulator: StsEmulator, end: number): KeptLogin {
  const { accessToken, refreshToken, clientId, tokenType } = emulator.startLogin();
  const expiresAt = new Date(end).toISOString().replace(/\.\d+Z$/, "Z");
  return {
    accessToken: { ...accessToken, accountId: account, expiresAt },
    ...{ tokenType, clientId, refreshToken },
    idToken: "id-token-of-the-person",
    identityToken: "identity-token-of-the-person",
    dpopKey,
  };
}

/** Starts it; with `seconds` the person has signed in, and that much of the credentials is left. */
export async function startLogin(
  { settings, seconds, config = configFor("http://127.0.0.1:4566"), env }: {
    readonly settings?: Partial<SignInSettings>;
    readonly seconds?: number;
    readonly config?: string;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<LoginWorld> {
  const clock = new VirtualClock();
  const random = seededRandom();
  const emulator = createStsEmulator({
    ...{ clock, random, world },
    ...(settings === undefined ? {} : { signIn: settings }),
  });
  const files = { "/home/kim/.aws/config": config };
  const system = fakeSystem({
    ...{ clock, random, files, fetch: emulator.handle },
    ...(env === undefined ? {} : { env }),
  });
  const folder = env?.AWS_LOGIN_CACHE_DIRECTORY ?? "/home/kim/.aws/login/cache";
  const path = `${folder}/${await loginFileName(loginSession)}`;
  if (seconds !== undefined) {
    const kept = loginFile(emulator, clock.now() + seconds * 1_000);
    system.files.contents.set(path, JSON.stringify(kept));
  }
  return {
    ...{ emulator, system, path },
    read: () => JSON.parse(String(system.files.contents.get(path))),
  };
}
