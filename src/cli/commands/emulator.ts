/**
 * `stsaval emulator`: an STS on this machine.
 *
 * @module
 */

import { abortable } from "../../abortable.ts";
import { parseDuration } from "../../duration.ts";
import { UsageError } from "../../errors.ts";
import {
  createStsEmulator,
  type FaultEffect,
  type FaultRule,
  formatSampleHome,
  formatSampleLogin,
  formatSampleToken,
  sampleSession,
  type SsoSettings,
  type StsEmulator,
} from "../../testing/mod.ts";
import type { Command, CommandOption, Invocation } from "../command.ts";
import { describeMachine, machineOptions, worldOf } from "./shared/emulator_world.ts";
import { wantedPort } from "../permissions/served.ts";
import { checkSampleHome, type SampleTokens, writeSampleHome } from "../files/sample_home.ts";
import { listen } from "./shared/listen.ts";

const codePath = "/mfa-code";

const persons = ["approves", "refuses", "waits"] as const;

/** What --sso alone gives a meaning. */
const ssoOptions: readonly CommandOption[] = [
  {
    name: "sso-person",
    value: "WHAT",
    choices: persons,
    summary: "What the person does with a sign-in on another device (approves)",
  },
  { name: "sso-token-seconds", value: "N", summary: "Sign-ins last N seconds (3600)" },
  { name: "sso-calls", value: "N", summary: "The portal takes N calls a second (20)" },
  { name: "sso-reuse", summary: "End a sign-in whose refresh token is used twice" },
];

/** The record. */
export const emulator: Command = {
  name: "emulator",
  topic: "setUp",
  summary: "Run an STS on this machine, to test programs against",
  description:
    "Serves an STS on 127.0.0.1 that checks signatures and MFA codes and issues credentials, until ctrl+c.\n" +
    `GET ${codePath} returns the current code of the sample user's MFA device.\n\n` +
    "With --sso the person of an IAM Identity Center has signed in, and with --aws-login by 'aws login':\n" +
    "--write-home writes the token too.\n" +
    "With --instance or --container it gives a machine's role, without a code; it prints the variable to set.",
  options: [
    { name: "port", value: "N", summary: "The port; default: any free one" },
    { name: "roles", value: "N", summary: "How many roles the sample user may assume (3)" },
    { name: "write-home", value: "DIR", summary: "Write a sample .aws folder into DIR" },
    { name: "minimum-seconds", value: "N", summary: "Accept durations from N seconds on (900)" },
    {
      name: "session-seconds",
      value: "N",
      summary: "Session tokens last N seconds, whatever is requested",
    },
    {
      name: "role-seconds",
      value: "N",
      summary: "Role sessions last N seconds, whatever is requested",
    },
    { name: "delay", value: "MS", summary: "Delay every response by MS milliseconds" },
    { name: "throttle", value: "SHARE", summary: "Throttle that share of the calls, 0 to 1" },
    { name: "fail", value: "SHARE", summary: "Fail that share of the calls with InternalFailure" },
    { name: "drop", value: "SHARE", summary: "Drop the connection of that share of the calls" },
    { name: "refuse-code", summary: "Reject every MFA code" },
    {
      name: "sso",
      summary: "Serve an IAM Identity Center too, with a role and three on top of it",
    },
    ...ssoOptions,
    { name: "aws-login", summary: "Serve an AWS Sign-In too, with a role and three on top of it" },
    ...machineOptions,
    { name: "skew", value: "DURATION", summary: "Set STS's clock ahead by DURATION, such as 10m" },
  ],
  examples: [
    {
      line: "stsaval emulator --write-home /tmp/home",
      summary: "then: HOME=/tmp/home stsaval creds --all",
    },
    {
      line: "stsaval emulator --sso --write-home /tmp/home",
      summary: "then: HOME=/tmp/home stsaval creds LambdaRole-dev",
    },
    {
      line: "stsaval emulator --instance --metadata-tokens",
      summary: "then set what it prints: stsaval creds",
    },
    { line: "stsaval emulator --roles 100 --delay 50 --throttle 0.3", summary: "a slow, busy STS" },
  ],
  environment: [],
  needs: ["listen", "write-home"],
  run: runEmulator,
};

async function runEmulator(invocation: Invocation): Promise<number> {
  const { arguments: given, signal, system } = invocation;
  const sts = createEmulator(invocation);
  const folder = given.text("write-home");
  if (folder !== undefined) await checkSampleHome(folder, invocation);
  const { port, finished } = await listen(system.network, (request) => respond(sts, request), {
    port: wantedPort(given),
    signal,
  });
  const url = `http://127.0.0.1:${port}`;
  const home = formatSampleHome(sts.world, { url });
  if (folder !== undefined) {
    const tokens = await tokensOf(sts, system.clock.now());
    await writeSampleHome(folder, { home, tokens }, system.files);
  }
  system.terminal.out(describe(sts, { url, folder, home }));
  await abortable(() => finished, signal);
  signal.throwIfAborted();
  return 0;
}

/** The person has signed in, so that the written home can be used at once. */
async function tokensOf(sts: StsEmulator, now: number): Promise<SampleTokens> {
  const { sso, signIn } = sts.world;
  return {
    sso: sso && await formatSampleToken(sts.signInToSso()),
    login: signIn && await formatSampleLogin(signIn, sts.startLogin(), now),
  };
}

function createEmulator({ arguments: given, system }: Invocation): StsEmulator {
  const roles = given.wholeNumber("roles") ?? 3;
  const sts = createStsEmulator({
    clock: system.clock,
    random: system.random,
    world: worldOf({ arguments: given }, roles),
    instance: {
      requiresToken: given.flag("metadata-tokens"),
      losesTokens: given.flag("metadata-far"),
    },
    sso: ssoSettings({ arguments: given }),
    minimumSeconds: given.wholeNumber("minimum-seconds") ?? 900,
    sessionSeconds: given.wholeNumber("session-seconds"),
    roleSeconds: given.wholeNumber("role-seconds"),
  });
  for (const rule of faultRules({ arguments: given })) sts.faults.push(rule);
  return sts;
}

/** @throws {UsageError} where one of them is given without --sso, or is not a value of its list */
function ssoSettings({ arguments: given }: Pick<Invocation, "arguments">): Partial<SsoSettings> {
  const lonely = ssoOptions.find(({ name }) => given.text(name) !== undefined || given.flag(name));
  if (lonely !== undefined && !given.flag("sso")) {
    throw new UsageError(`Cannot use --${lonely.name} without --sso: no sign-in is served`, {
      hint: "add --sso",
    });
  }
  const [tokenSeconds, callsPerSecond] = [
    given.wholeNumber("sso-token-seconds"),
    given.wholeNumber("sso-calls"),
  ];
  return {
    ...(tokenSeconds === undefined ? {} : { tokenSeconds }),
    ...(callsPerSecond === undefined ? {} : { callsPerSecond }),
    detectsReuse: given.flag("sso-reuse"),
    person: personOf(given.text("sso-person") ?? "approves"),
  };
}

function personOf(text: string): SsoSettings["person"] {
  const found = persons.find((person) => person === text);
  if (found !== undefined) return found;
  throw new UsageError(`Cannot use "${text}" for --sso-person: wanted ${persons.join(", ")}`);
}

function faultRules({ arguments: given }: Pick<Invocation, "arguments">): FaultRule[] {
  const rules: FaultRule[] = [];
  const delay = given.wholeNumber("delay");
  if (delay !== undefined) rules.push({ effect: { kind: "delay", ms: delay } });
  const skew = given.text("skew");
  if (skew !== undefined) {
    rules.push({ effect: { kind: "skew", ms: parseDuration(skew) * 1_000 } });
  }
  if (given.flag("refuse-code")) rules.push({ effect: { kind: "refuse-code" } });
  const shares: readonly (readonly [string, FaultEffect])[] = [
    ["throttle", { kind: "throttle" }],
    ["fail", { kind: "fail", code: "InternalFailure", status: 500 }],
    ["drop", { kind: "drop" }],
  ];
  for (const [name, effect] of shares) {
    const text = given.text(name);
    if (text !== undefined) rules.push({ when: { share: parseShare(name, text) }, effect });
  }
  return rules;
}

function parseShare(name: string, text: string): number {
  const share = Number(text);
  if (/^\d*\.?\d+$/.test(text) && share <= 1) return share;
  throw new UsageError(`Cannot use "${text}" for --${name}: wanted a share from 0 to 1`);
}

async function respond(sts: StsEmulator, request: Request): Promise<Response> {
  const serial = sts.world.users[0]?.mfa?.serial;
  const wantsCode = request.method === "GET" && new URL(request.url).pathname === codePath;
  if (wantsCode && serial !== undefined) return new Response(`${sts.mfaCode(serial)}\n`);
  return await sts.handle(request);
}

function describe(
  sts: StsEmulator,
  { url, folder, home }: {
    readonly url: string;
    readonly folder: string | undefined;
    readonly home: { readonly config: string; readonly credentials: string };
  },
): string {
  const device = sts.world.users[0]?.mfa;
  const files = folder === undefined
    ? `# ~/.aws/config\n${home.config}\n# ~/.aws/credentials\n${home.credentials}`
    : `HOME=${folder} holds a sample .aws\n`;
  return `STS at ${url}\n` +
    `MFA device ${device?.serial}, secret ${device?.secret}\n` +
    `MFA code: curl -s ${url}${codePath}\n${describeSignIn(sts)}${
      describeMachine(sts, url)
    }\n${files}`;
}

function describeSignIn({ world: { signIn, sso } }: StsEmulator): string {
  if (signIn !== undefined) {
    const profile = signIn.roleArn.slice(signIn.roleArn.lastIndexOf("/") + 1);
    return `AWS Sign-In, profile "${profile}": its person has run 'aws login'\n`;
  }
  if (sso === undefined) return "";
  const [account] = sso.accounts;
  const profile = `${account?.name}-${account?.roles[0]?.name}`;
  return `IAM Identity Center ${sso.startUrl}, section [sso-session ${sampleSession}]\n` +
    `Sign in: stsaval login ${profile}\n`;
}
