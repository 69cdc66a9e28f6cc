/**
 * Command lines that ask for the credentials of a profile: resolved in place of run, and loops of them found before
 * anything is started.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { StsCore } from "../../../mod.ts";
import { ProfileError } from "../../../src/errors.ts";
import { askingLine } from "../../../src/source/process/asking_line.ts";
import { fakeSystem } from "../../fake_system.ts";

const path = "/home/kim/.aws/config";

function pure(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

const plain = (profile: string) => ({ profile, isPlain: true });
const other = (profile: string | undefined) => ({ profile, isPlain: false });

const lines: Readonly<Record<string, ReturnType<typeof askingLine>>> = {
  "stsaval process dev": plain("dev"),
  "stsaval process --profile dev": plain("dev"),
  "stsaval process --profile=dev --quiet": plain("dev"),
  "/usr/local/bin/stsaval process 'my dev'": plain("my dev"),
  '"/opt/my tools/stsaval" process -q dev': plain("dev"),
  "stsaval process --profile dev --keep-answer": plain("dev"),
  "stsaval-process dev": plain("dev"),
  "/usr/bin/stsaval-process 'my dev'": plain("my dev"),
  "stsaval-process": other(undefined),
  "stsaval-process process dev": other("process"),
  "stsaval-process --profile dev --lifetime 8h": other("dev"),
  "stsaval process --profile dev --lifetime 8h": other("dev"),
  "stsaval process --lifetime 8h dev": undefined,
  "stsaval process --profile dev --region eu-west-1": other("dev"),
  "stsaval process --no-cache --profile dev": other("dev"),
  "stsaval process --profile dev --config-file x": undefined,
  "stsaval process --profile dev --role-arn=x": undefined,
  "stsaval process": other(undefined),
  "stsaval process -": undefined,
  "stsaval process dev-*": undefined,
  "stsaval process 'dev-*'": other("dev-*"),
  "stsaval process a,b": other("a,b"),
  "stsaval process a b": other("a"),
  "stsaval creds dev": undefined,
  "stsaval": undefined,
  "my-stsaval process dev": undefined,
  "stsaval process dev | cat": undefined,
  "stsaval process $X": undefined,
  "sh -c 'stsaval process dev'": other("dev"),
  "/bin/sh -c 'exec stsaval process --profile dev'": other("dev"),
  "aws configure export-credentials --profile dev --format process": other("dev"),
  "/usr/bin/aws --profile=dev configure export-credentials": other("dev"),
  "aws configure export-credentials": other(undefined),
  "aws s3 ls --profile dev": undefined,
  "sh -c 'aws configure export-credentials --profile dev'": other("dev"),
};

pure(
  "askingLine() knows lines of stsaval that say nothing but the profile, and others that ask",
  () => {
    for (const [line, wanted] of Object.entries(lines)) {
      assertEquals(
        askingLine(line),
        wanted,
        line,
      );
    }
  },
);

/** What stsaval says of a profile, and how many programs it started. */
async function outcome(config: string, profile: string, env: Record<string, string> = {}) {
  const system = fakeSystem({
    files: { [path]: config },
    env,
    program: () => ({ stdout: "", exit: 0 }),
  });
  await using sts = new StsCore({ system });
  const error = await assertRejects(() => sts.generateCredentials([profile]), ProfileError);
  return { message: error.message, hint: error.hint, started: system.processes.started.length };
}

const names = ["a", "b", "c", "d", "e"];

/** A loop of so many profiles: each asks for the next. */
function loopOf(count: number, line: (next: string) => string): string {
  const profiles = names.slice(0, count);
  return profiles.map((name, index) =>
    `[profile ${name}]\ncredential_process = ${line(profiles[(index + 1) % count] ?? "")}\n`
  ).join("");
}

function chainOf(count: number): string {
  const links = names.slice(0, count).map((name, index) =>
    `"${name}" ("${path}", line ${2 * index + 2})`
  );
  return [...links, '"a"'].join(" -> ");
}

const ways: Readonly<Record<string, (next: string) => string>> = {
  "stsaval": (next) => `stsaval process --profile ${next}`,
  "stsaval-process": (next) => `stsaval-process ${next}`,
  "stsaval in a shell": (next) => `sh -c 'stsaval process ${next}'`,
  "the AWS CLI": (next) => `aws configure export-credentials --profile ${next} --format process`,
};

for (const [way, line] of Object.entries(ways)) {
  for (const count of [1, 2, 5]) {
    pure(`a loop of ${count} through ${way} is spelled out, and no program started`, async () => {
      const { message, hint, started } = await outcome(loopOf(count, line), "a");
      assertEquals(message.slice(message.indexOf('"a" (')), chainOf(count));
      assertEquals(message.startsWith('Cannot use profile "a": '), true);
      assertEquals(hint, "let one of these profiles have credentials of its own");
      assertEquals(started, 0);
    });
  }
}

pure("a loop that begins behind the profile that was asked for is spelled out too", async () => {
  const config = `${loopOf(2, (next) => `stsaval process ${next}`)}[profile top]
role_arn = arn:aws:iam::123456789012:role/Top
source_profile = a
`;
  const { message } = await outcome(config, "top");
  assertEquals(message, `Cannot use profile "top": its profiles form a loop: ${chainOf(2)}`);
});

pure("a loop through roles and both kinds of lines is spelled out", async () => {
  const { message, started } = await outcome(
    `[profile a]
credential_process = aws configure export-credentials --profile b
[profile b]
role_arn = arn:aws:iam::123456789012:role/B
source_profile = c
[profile c]
credential_process = stsaval process a
`,
    "a",
  );
  assertEquals(started, 0);
  assertEquals(
    message.slice(message.indexOf('"a" (')),
    `"a" ("${path}", line 2) -> "b" ("${path}", line 5) -> "c" ("${path}", line 7) -> "a"`,
  );
});

pure(
  "a program that asks for a profile that waits for it finds that in its environment",
  async () => {
    const config = loopOf(2, (next) => `vault get ${next}`);
    const waiting = (file: string) => ({
      STSAVAL_PROCESS_CHAIN: JSON.stringify([
        { profile: "outer", file: "/x", line: 1 },
        { profile: "a", file, line: 2 },
        { profile: "b", file, line: 4 },
      ]),
    });
    const { message, started } = await outcome(config, "a", waiting(path));
    assertEquals(started, 0);
    assertEquals(message.slice(message.indexOf('"a" (')), chainOf(2));
    const elsewhere = fakeSystem({
      files: { [path]: config },
      env: waiting("/home/lee/.aws/config"),
      program: () => ({
        stdout: '{"Version":1,"AccessKeyId":"AKIAEXAMPLEEXAMPLE00","SecretAccessKey":"s"}',
        exit: 0,
      }),
    });
    await using sts = new StsCore({ system: elsewhere });
    await sts.generateCredentials(["a"]);
  },
);

pure("a line that may name another profile, or one of other files, is no loop", async () => {
  for (
    const line of ["stsaval process --lifetime 8h dev", "stsaval process default --config-file x"]
  ) {
    const system = fakeSystem({
      files: { [path]: `[default]\ncredential_process = ${line}\n` },
      program: () => ({
        stdout: '{"Version":1,"AccessKeyId":"AKIAEXAMPLEEXAMPLE00","SecretAccessKey":"s"}',
        exit: 0,
      }),
    });
    await using sts = new StsCore({ system });
    await sts.generateCredentials(["default"]);
    assertEquals(system.processes.started.length, 1);
  }
});

for (const text of ["", "x", "[]", "{}", "[1]", '[{"profile":"a"}]', '"a"']) {
  pure(`a variable that holds ${JSON.stringify(text)} names no profile that waits`, async () => {
    const system = fakeSystem({
      files: { [path]: loopOf(1, () => "keys") },
      env: { STSAVAL_PROCESS_CHAIN: text },
      program: () => ({
        stdout: '{"Version":1,"AccessKeyId":"AKIAEXAMPLEEXAMPLE00","SecretAccessKey":"s"}',
        exit: 0,
      }),
    });
    await using sts = new StsCore({ system });
    await sts.generateCredentials(["a"]);
  });
}

pure(
  "a line of stsaval is resolved in place of run: roles on it have the plan of its profile",
  async () => {
    const system = fakeSystem({
      files: {
        [path]: `[profile user]
aws_access_key_id = AKIAEXAMPLEEXAMPLE00
aws_secret_access_key = s
mfa_serial = arn:aws:iam::123456789012:mfa/kim
[profile role]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = user
[profile line]
credential_process = stsaval process role
[profile top]
role_arn = arn:aws:iam::123456789012:role/Top
source_profile = line
[profile both]
aws_access_key_id = AKIAEXAMPLEEXAMPLE11
aws_secret_access_key = s
role_arn = arn:aws:iam::123456789012:role/Both
source_profile = both
[profile line-of-both]
credential_process = stsaval process both
[profile unknown]
credential_process = stsaval process nobody
`,
      },
    });
    await using sts = new StsCore({ system });
    const { plans } = await sts.explain(["top", "line-of-both"]);
    assertEquals(plans.map(({ steps }) => steps.map((step) => step.roleArn ?? step.kind)), [
      [
        ...["static-keys", "get-session-token"],
        ...["arn:aws:iam::123456789012:role/R", "arn:aws:iam::123456789012:role/Top"],
      ],
      ["static-keys", "arn:aws:iam::123456789012:role/Both"],
    ]);
    assertEquals(plans[0]?.notices, [
      `credential_process of profile "line" at "${path}", line 9 asks stsaval for profile "role", so no program ` +
      "is started for it",
    ]);
    const { message } = await assertRejects(() => sts.explain(["unknown"]), ProfileError);
    assertEquals(
      message,
      `Cannot use profile "unknown": credential_process of profile "unknown" at "${path}", line 21 asks for "nobody", ` +
        "which does not exist",
    );
  },
);
