import { assert, assertEquals } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";
import type { CacheListing } from "../../../src/cache/port.ts";
import { formatPrompt } from "../../../src/cli/commands/shared/status_prompt.ts";
import { formatStatus } from "../../../src/cli/commands/shared/status_table.ts";
import { Credentials } from "../../../src/credentials.ts";
import { fakeSystem, ScriptedTerminal } from "../../fake_system.ts";

const now = Date.UTC(2026, 0, 1);
const minute = 60_000;

function entryOf(profile: string, leftMs: number, more: Partial<CacheListing> = {}): CacheListing {
  const credentials = new Credentials({
    ...{ AccessKeyId: "ASIAIOSFODNN7EXAMPLE", SecretAccessKey: "s", SessionToken: "t" },
    StartTime: new Date(now + leftMs - 60 * minute),
    Expiration: new Date(now + leftMs),
  });
  const roleArn = `arn:aws:iam::123456789012:role/path/${profile}-role`;
  const owner = { profile, operation: "AssumeRole", roleArn, key: "k" };
  return { ...owner, durationSeconds: 3_600, skewMs: 0, credentials, ...more };
}

const long = "a-profile-with-a-long-name-prod";
const entries = [
  entryOf("ended", -1),
  entryOf("soon", 10 * minute),
  entryOf(long, 40 * minute, {
    roleArn: "arn:aws:iam::123456789012:role/AWSReservedSSO_AdministratorAccess_0123456789abcdef",
  }),
  entryOf("kim", 60 * minute, {
    operation: "GetSessionToken",
    roleArn: undefined,
    mfaSerial: "arn:aws:iam::123456789012:mfa/kim",
  }),
];
const answers = [{ profile: "soon", freshUntil: (now + 5 * minute) / 1_000 }];

function statusAt(columns: number | undefined): string[] {
  return formatStatus({ entries, answers }, { now, columns, color: false }).trimEnd().split("\n");
}

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure(
  "status fits 30 to 200 columns; names are whole wherever they leave space for the time",
  () => {
    for (let columns = 30; columns <= 200; columns++) {
      const lines = statusAt(columns);
      for (const line of lines) assert(unicodeWidth(line) <= columns, `${columns}: ${line}`);
      assert(lines[2]?.includes("10m"), lines[2]);
      if (columns >= 31 + 2 + 12) {
        assert(
          lines[3]?.startsWith(`${long} `),
          `${columns}: ${lines[3]}`,
        );
      }
      assertEquals(lines.some((line) => line.includes("arn:")), false);
    }
  },
);

pure("status says account and role at 80 columns, and all of it at 120", () => {
  const [title, ended] = statusAt(80);
  assertEquals(title?.split(/ {2,}/), ["PROFILE", "ROLE", "ACCOUNT", "LEFT"]);
  assertEquals(ended?.split(/ {2,}/), [
    ...["ended", "ended-role", "123456789012", "░░░░░░░░░░ expired"],
  ]);
  assertEquals(statusAt(120)[0]?.split(/ {2,}/).at(-1), "EXPIRES AT");
  assertEquals(statusAt(undefined)[4]?.split(/ {2,}/), [
    ...["kim", "session token", "123456789012", "██████████ 1h", "2026-01-01 01:00:00Z"],
  ]);
});

pure("status has short bars on a narrow terminal, and no bar for an answer", () => {
  assertEquals(statusAt(40), [
    "PROFILE                     LEFT",
    "ended                       ░░░░ expired",
    "soon                        █░░░ 10m",
    "a-profile-with-a-long-nam…  ███░ 40m",
    "kim                         ████ 1h",
    "soon                             5m",
  ]);
});

pure("what ends soon, or has ended, stands out", () => {
  const lines = formatStatus({ entries, answers }, { now, columns: 200, color: true }).split("\n");
  const of = (line = "") => line.includes("\x1b[31m") ? 31 : line.includes("\x1b[33m") ? 33 : 32;
  assertEquals(lines.slice(1, 6).map(of), [31, 33, 32, 32, 33]);
});

const ofDev = { AWS_PROFILE: "soon" };
const prompts: readonly (readonly [
  why: string,
  env: Readonly<Record<string, string>>,
  expected: string,
])[] = [
  ["without a profile: how many, and what ends first", {}, "4 profiles expired\n"],
  ["the profile of the environment", ofDev, "soon 10m\n"],
  ["AWS_DEFAULT_PROFILE too", { AWS_DEFAULT_PROFILE: "kim" }, "kim 1h\n"],
  ["a profile without credentials has nothing to say", { AWS_PROFILE: "other" }, ""],
  ["credentials that have ended", { AWS_PROFILE: "ended" }, "ended expired\n"],
  [
    "the credentials of the shell come first",
    { ...ofDev, STSAVAL_PROFILE: "dev", AWS_CREDENTIAL_EXPIRATION: "2026-01-01T01:59:59Z" },
    "dev 1h59m\n",
  ],
  ["seconds below a minute", { AWS_CREDENTIAL_EXPIRATION: "2026-01-01T00:00:42Z" }, "aws 42s\n"],
  ["a date that is none is not read", { ...ofDev, AWS_CREDENTIAL_EXPIRATION: "x" }, "soon 10m\n"],
  ["a name cannot steer the terminal", {
    STSAVAL_PROFILE: "\x1b[2J",
    AWS_CREDENTIAL_EXPIRATION: "2026-01-01T00:00:42Z",
  }, "\\x1b[2J 42s\n"],
  ["colors where they are asked for", { ...ofDev, FORCE_COLOR: "1" }, "soon \x1b[33m10m\x1b[0m\n"],
];

for (const [why, env, expected] of prompts) {
  pure(`formatPrompt(): ${why}`, () => {
    const system = fakeSystem({ env, terminal: new ScriptedTerminal() });
    assertEquals(formatPrompt(entries, system), expected);
  });
}

pure("formatPrompt() says nothing where nothing is cached", () => {
  assertEquals(formatPrompt([], fakeSystem()), "");
});
