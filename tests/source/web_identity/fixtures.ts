/**
 * A cluster that writes tokens into a file, a job of GitHub Actions, and the home folder of a program in either.
 *
 * @module
 */

import {
  createStsEmulator,
  type EmulatorWorld,
  githubIssuer,
  githubTokenPath,
  type StsEmulator,
} from "../../../src/testing/mod.ts";
import {
  type FakeProgram,
  type FakeSystem,
  fakeSystem,
  seededRandom,
  VirtualClock,
} from "../../fake_system.ts";

/** The account of the roles. */
export const account = "123456789012";

/** Whom the tokens are about. */
export const subject = "system:serviceaccount:prod:app";
export const jobSubject = "repo:example/app:ref:refs/heads/main";
export const requestToken = "request-token-of-the-job-1f7c";

/** The token file. */
export const tokenFile = "/var/run/secrets/token";

const issuer = "https://oidc.example.com";
const url = "http://127.0.0.1:4566";

/** The roles on top of the first one, and the roles that a job may assume itself. */
export const names = ["One", "Two", "Three"] as const;

/** The ARN of a role. */
export function roleArn(name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

const job = { issuer: githubIssuer, subject: jobSubject };

/** What the emulator knows. */
export const world: EmulatorWorld = {
  users: [],
  roles: [
    {
      ...{ arn: roleArn("App"), trusts: [], maxSessionDuration: 43_200 },
      trustsTokens: [{ issuer, subject }, job],
    },
    ...names.map((name) => ({ arn: roleArn(name), trusts: [roleArn("App")], trustsTokens: [job] })),
  ],
  identityProviders: [
    { issuer, audiences: ["sts.amazonaws.com"] },
    { issuer: githubIssuer, audiences: ["sts.amazonaws.com", "other"] },
  ],
  github: { subject: jobSubject, requestToken },
};

/** The variables of a job that may have a token. */
export const jobVariables = {
  HOME: "/home/kim",
  ACTIONS_ID_TOKEN_REQUEST_URL: `${url}${githubTokenPath}`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
};

/** A profile with a token file, and three roles on top of it. */
export function configFor(more = ""): string {
  const where = `endpoint_url = ${url}\nregion = eu-west-1\n`;
  const roles = names.map((name) =>
    `[profile ${name}]\nrole_arn = ${roleArn(name)}\nsource_profile = app\n${where}`
  );
  return `[profile app]\nrole_arn = ${roleArn("App")}\nweb_identity_token_file = ${tokenFile}\n` +
    `${more}${where}${roles.join("")}`;
}

/** The same roles without a source. */
export function jobConfig(): string {
  return ["App", ...names].map((name) =>
    `[profile ${name}]\nrole_arn = ${roleArn(name)}\nendpoint_url = ${url}\n`
  ).join("");
}

/** The emulator and the system that is connected to it. */
export interface Cluster {
  readonly emulator: StsEmulator;
  readonly system: FakeSystem;
  /** Writes a new token into the file, which it gives. */
  rotate(seconds?: number): Promise<string>;
}

/** Starts it, with a token in the file. */
export async function startCluster(
  { config = configFor(), env, seconds = 3_600, program }: {
    readonly config?: string;
    readonly program?: (words: readonly string[], token: string) => FakeProgram;
    readonly env?: Readonly<Record<string, string>>;
    readonly seconds?: number;
  } = {},
): Promise<Cluster> {
  const clock = new VirtualClock();
  const random = seededRandom();
  const emulator = createStsEmulator({ clock, random, world });
  const system: FakeSystem = fakeSystem({
    ...{ clock, random, fetch: emulator.handle },
    files: { "/home/kim/.aws/config": config },
    ...(env === undefined ? {} : { env }),
    program: (words) =>
      program?.(words, String(system.files.contents.get(tokenFile))) ?? { exit: 127 },
  });
  const rotate = async (lasting = 3_600) => {
    const token = await emulator.webIdentityToken({ subject, seconds: lasting });
    system.files.contents.set(tokenFile, token);
    return token;
  };
  await rotate(seconds);
  return { emulator, system, rotate };
}
