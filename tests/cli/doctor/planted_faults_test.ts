/**
 * `stsaval doctor` finds each planted fault, at its file and line, and nothing in clean homes.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { commands } from "../../../src/cli/commands.ts";
import { main } from "../../../src/cli/main.ts";
import { checks } from "../../../src/cli/doctor/checks.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { FileError } from "../../../src/file_error.ts";
import {
  createStsEmulator,
  type EmulatorUser,
  formatSampleHome,
  sampleSsoWorld,
} from "../../../src/testing/mod.ts";
import {
  type FakeSystem,
  fakeSystem,
  type FakeSystemParts,
  VirtualClock,
} from "../../fake_system.ts";

const cache = "/home/kim/.aws/stsaval";
const ownFolder = "unset STSAVAL_CACHE_DIR, or name a folder of your own";
const configPath = "/home/kim/.aws/config";
const credentialsPath = "/home/kim/.aws/credentials";
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYa";
const keys = `aws_access_key_id = AKIAQWERTYUIOPASDFGH\naws_secret_access_key = ${secret}\n`;
const credentials = `[default]\n${keys}`;
const role = "role_arn = arn:aws:iam::123456789012:role/Dev\nsource_profile = default\n";
const config = `[default]\nregion = eu-west-1\n\n[profile dev]\n${role}`;

/** One home, and what is in it beside the clean files. */
interface Home {
  readonly config?: string | Error;
  readonly credentials?: string | Error;
  readonly files?: Readonly<Record<string, string | Error>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: NonNullable<FakeSystemParts["program"]>;
  /** Words behind the command's own. */
  readonly words?: readonly string[];
  /** What IAM knows of the user of the keys. */
  readonly user?: Partial<EmulatorUser>;
  /** How far the clock of STS is ahead, in milliseconds. */
  readonly skewMs?: number;
  readonly prepare?: (system: FakeSystem) => unknown;
}

/** What a fault is expected to give. */
interface Expected {
  readonly check: string;
  readonly severity: "error" | "warning" | "note";
  readonly says: RegExp;
  readonly file?: string;
  readonly line?: number;
  readonly cure?: string;
}

interface JsonFinding {
  readonly check: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly cure: string;
}

function systemOf(home: Home): FakeSystem {
  const clock = new VirtualClock();
  const user = {
    ...{ name: "kim", account: "123456789012", accessKeyId: "AKIAQWERTYUIOPASDFGH" },
    ...{ secretAccessKey: secret, ...home.user },
  };
  const sts = createStsEmulator({
    world: { users: [user], roles: [] },
    clock: { now: () => clock.now() + (home.skewMs ?? 0), sleep: () => Promise.resolve() },
  });
  const system = fakeSystem({
    clock,
    ...(home.program === undefined ? {} : { program: home.program }),
    env: { ...home.env },
    files: {
      [configPath]: home.config ?? config,
      [credentialsPath]: home.credentials ?? credentials,
      ...home.files,
    },
    fetch: sts.handle,
  });
  home.prepare?.(system);
  return system;
}

async function findingsIn(home: Home): Promise<readonly JsonFinding[]> {
  const system = systemOf(home);
  await system.clock.runUntil(main(["doctor", "--json", ...home.words ?? []], system));
  assertEquals(system.terminal.stdout.includes(secret), false, "a secret is shown");
  return JSON.parse(system.terminal.stdout).findings;
}

const ended = "2025-01-01T00:00:00Z";
const version1 = () => ({ stdout: "aws-cli/1.32.0 Python/3.11\n", exit: 0 });

const faults: readonly (readonly [name: string, home: Home, expected: Expected])[] = [
  ["credentials that others may read", {
    prepare: ({ files }) => files.modes.set(credentialsPath, 0o644),
  }, { check: "file-mode", severity: "warning", says: /0644/, file: credentialsPath }],
  ["a config file that others may change", {
    prepare: ({ files }) => files.modes.set(configPath, 0o666),
  }, { check: "file-mode", severity: "error", says: /0666/, file: configPath }],
  ["a folder in which others may create files", {
    prepare: ({ files }) => files.said.set("/home/kim/.aws", { mode: 0o777 }),
  }, { check: "folder-mode", severity: "error", says: /0777/ }],
  ["a file of another user", {
    prepare: ({ files }) => files.said.set(credentialsPath, { foreign: true }),
  }, { check: "file-owner", severity: "warning", says: /another user/, file: credentialsPath }],
  ["what a killed process left", {
    files: { [`${credentialsPath}.0f8fad5b-d9cb-469f-a165-70867728950e.tmp`]: secret },
  }, { check: "leftover", severity: "warning", says: /temporary file/ }],
  ["a file that cannot be read", { credentials: new Error("permission denied") }, {
    check: "configuration",
    severity: "error",
    says: /permission denied/,
    file: credentialsPath,
  }],
  ["a setting before any section", { config: `region = eu-west-1\n${config}` }, {
    check: "configuration",
    severity: "error",
    says: /before any section/,
    file: configPath,
    line: 1,
  }],
  ["UTF-16", { config: "[\0d\0e\0f\0" }, {
    check: "configuration",
    severity: "error",
    says: /UTF-16/,
    file: configPath,
  }],
  ["a section without the word profile", { config: `${config}[qa]\nregion = eu-west-1\n` }, {
    check: "parser",
    severity: "warning",
    says: /\[profile name\]/,
    line: 7,
  }],
  ["a setting that is no setting", { config: `${config}rolearn\n` }, {
    check: "parser",
    severity: "warning",
    says: /without "="/,
    line: 7,
  }],
  ["a byte order mark", { config: `\ufeff${config}` }, {
    check: "read-differently",
    severity: "error",
    says: /byte order mark/,
    line: 1,
  }],
  ["a comment behind a value", { config: config.replace("eu-west-1", "eu-west-1 # home") }, {
    check: "read-differently",
    severity: "warning",
    says: /a comment behind the value of "region"/i,
    line: 2,
  }],
  ["a section that is there twice", { config: `${config}[profile dev]\nregion = us-east-1\n` }, {
    check: "read-differently",
    severity: "error",
    says: /already, at line 4/,
    line: 7,
  }],
  ["a key that is there twice", { config: `${config}source_profile = default\n` }, {
    check: "read-differently",
    severity: "error",
    says: /"source_profile" is set already, at line 6/,
    line: 7,
  }],
  ["a key in upper case", { config: config.replace("region", "Region") }, {
    check: "read-differently",
    severity: "warning",
    says: /lower case/,
    line: 2,
  }],
  ["a name that JavaScript has not", { config: config.replace("dev]", "dev!]") }, {
    check: "read-differently",
    severity: "warning",
    says: /JavaScript has no profile "dev!"/,
    line: 4,
  }],
  ["settings that every profile inherits", { config: `${config}[DEFAULT]\noutput = json\n` }, {
    check: "read-differently",
    severity: "warning",
    says: /every profile/,
    line: 7,
  }],
  ["blanks in a header", { credentials: credentials.replace("[default]", "[ default ]") }, {
    check: "read-differently",
    severity: "warning",
    says: /blanks beside the brackets/i,
    file: credentialsPath,
    line: 1,
  }],
  ["credentials that say that they have expired", {
    credentials: `${credentials}[old]\nexpiration = ${ended}\n`,
  }, { check: "ended-keys", severity: "warning", says: /expired/, line: 5 }],
  ["a role whose source is not there", {
    config: config.replace("source_profile = default", "source_profile = defualt"),
  }, { check: "profile", severity: "error", says: /defualt/ }],
  ["half a pair of keys", {
    credentials: credentials.replace(/aws_secret.*\n/, ""),
  }, { check: "profile", severity: "error", says: /aws_secret_access_key/ }],
  ["keys that were swapped", {
    credentials: `[default]\naws_access_key_id = ${secret}\n` +
      "aws_secret_access_key = AKIAQWERTYUIOPASDFGH\n",
  }, { check: "profile", severity: "error", says: /holds a secret access key/ }],
  ["a chain in a circle", {
    config: "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/A\nsource_profile = b\n" +
      "[profile b]\nrole_arn = arn:aws:iam::123456789012:role/B\nsource_profile = a\n",
  }, { check: "profile", severity: "error", says: /loop|circle|itself/ }],
  ["a policy in a file that is no JSON", {
    config: `${config}policy = agent.json\n`,
    files: { "/home/kim/.aws/agent.json": "{" },
  }, { check: "profile", severity: "error", says: /not valid JSON at line 1, column 2/ }],
  ["a program that is not there", {
    config: `${config}[profile tool]\ncredential_process = /opt/gone/keys --json\n`,
  }, { check: "profile-program", severity: "error", says: /\/opt\/gone\/keys/, line: 8 }],
  ["the keys of AWS's documentation", {
    credentials: credentials.replace(/AKIA\w+/, "AKIAIOSFODNN7EXAMPLE"),
  }, { check: "sample-keys", severity: "warning", says: /documentation/, line: 2 }],
  ["one key in two profiles", { credentials: `${credentials}[again]\n${keys}` }, {
    check: "shared-keys",
    severity: "note",
    says: /"again" holds the same/,
    line: 5,
  }],
  ["keys beside a role", {
    credentials: `${credentials}[dev]\n${keys.replace("QWERTY", "ASDFGH")}`,
  }, { check: "keys-beside-role", severity: "warning", says: /"dev" has keys/, line: 5 }],
  ["a role that AWS gives for an hour alone", {
    config: `${config}mfa_serial = arn:aws:iam::123456789012:mfa/kim\nduration_seconds = 7200\n`,
  }, { check: "profile-notice", severity: "note", says: /capped at one hour for "dev"/ }],
  ["AWS_PROFILE that names nothing", { env: { AWS_PROFILE: "prod" } }, {
    check: "variable-profile",
    severity: "error",
    says: /"prod"/,
  }],
  ["half a pair of keys in the environment", { env: { AWS_ACCESS_KEY_ID: "AKIAX" } }, {
    check: "variable-keys",
    severity: "error",
    says: /without AWS_SECRET_ACCESS_KEY/,
  }],
  ["keys that shadow AWS_PROFILE", {
    env: { AWS_PROFILE: "dev", AWS_ACCESS_KEY_ID: "AKIAX", AWS_SECRET_ACCESS_KEY: secret },
  }, { check: "variable-shadow", severity: "warning", says: /shadows AWS_PROFILE/ }],
  ["expired keys in the environment", {
    env: {
      AWS_ACCESS_KEY_ID: "AKIAX",
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_CREDENTIAL_EXPIRATION: ended,
    },
  }, { check: "variable-ended", severity: "error", says: /expired/ }],
  ["a variable of other times", { env: { AWS_SECRET_KEY: secret } }, {
    check: "variable-outdated",
    severity: "warning",
    says: /wanted AWS_SECRET_ACCESS_KEY/,
  }],
  ["two regions", { env: { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "us-east-1" } }, {
    check: "variable-contradiction",
    severity: "warning",
    says: /AWS_REGION and AWS_DEFAULT_REGION differ/,
  }],
  ["an endpoint for everything", { env: { AWS_ENDPOINT_URL: "http://127.0.0.1:4566" } }, {
    check: "variable-endpoint",
    severity: "warning",
    says: /every service/,
  }],
  ["web identity without a role", { env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/run/token" } }, {
    check: "variable-web-identity",
    severity: "warning",
    says: /without AWS_ROLE_ARN/,
  }],
  ["a shell of aws-vault", { env: { AWS_VAULT: "dev" } }, {
    check: "shell-of-another",
    severity: "note",
    says: /aws-vault/,
  }],
  ["a file that a variable names and that is not there", {
    env: { AWS_CONFIG_FILE: "/home/kim/gone" },
  }, { check: "parser", severity: "warning", says: /does not exist/, file: "/home/kim/gone" }],
  ["a proxy that is none", { env: { HTTPS_PROXY: "http://" } }, {
    check: "proxy",
    severity: "error",
    says: /HTTPS_PROXY/,
  }],
  ["two proxies", { env: { HTTPS_PROXY: "http://a:1", https_proxy: "http://b:1" } }, {
    check: "proxy-contradiction",
    severity: "warning",
    says: /differ/,
  }],
  ["certificates that are not there", { env: { AWS_CA_BUNDLE: "/etc/gone.pem" } }, {
    check: "certificates",
    severity: "error",
    says: /gone\.pem/,
  }],
  ["a clock that is an hour slow", { skewMs: 3_600_000 }, {
    check: "clock",
    severity: "error",
    says: /1h behind/,
  }],
  ["a clock that is a minute fast", { skewMs: -60_000 }, {
    check: "clock",
    severity: "warning",
    says: /1m ahead/,
  }],
  ["an unreadable entry of the cache", {
    files: { [`/home/kim/.aws/stsaval/${"a".repeat(64)}.json`]: "{}" },
  }, {
    check: "cache",
    severity: "warning",
    says: /not used/,
    cure: "'stsaval logout' removes what is cached; the next code fills it again",
  }],
  ["a cache that others can enter", {
    files: { [`${cache}/seal`]: "" },
    prepare: ({ files }) => files.said.set(cache, { mode: 0o755 }),
  }, { check: "cache", severity: "warning", says: /0755/, cure: `chmod 700 ${cache}` }],
  ["answers that others can enter", {
    files: { [`${cache}/answers/dev`]: "" },
    prepare: ({ files }) => files.said.set(`${cache}/answers`, { mode: 0o750 }),
  }, { check: "cache", severity: "warning", says: /0750/, cure: `chmod 700 ${cache}/answers` }],
  ["lookups of another user", {
    files: { [`${cache}/lookups/a`]: "" },
    prepare: ({ files }) => files.said.set(`${cache}/lookups`, { foreign: true }),
  }, {
    ...{ check: "cache", severity: "warning", says: /lookups" is not used: .*another user/ },
    cure: `sudo chown -R "$(id -un)" ${cache}/lookups`,
  }],
  ["a cache of another user", {
    files: { [`${cache}/seal`]: "" },
    prepare: ({ files }) => files.said.set(cache, { foreign: true }),
  }, {
    ...{ check: "cache", severity: "warning", says: /another user, so that nothing is cached/ },
    cure: `sudo chown -R "$(id -un)" ${cache}`,
  }],
  ["lookups that are a link", {
    files: { [`${cache}/seal`]: "" },
    prepare: ({ files }) => files.links.set(`${cache}/lookups`, "/home/kim/.ssh"),
  }, { check: "cache", severity: "warning", says: /a link/, cure: `rm ${cache}/lookups` }],
  ["answers that are a file", {
    files: { [`${cache}/answers`]: "" },
    prepare: ({ files }) => {
      const list = files.list.bind(files);
      files.list = (path) =>
        path === `${cache}/answers`
          ? Promise.reject(new FileError("not a folder", { code: "ENOTDIR" }))
          : list(path);
    },
  }, { check: "cache", severity: "warning", says: /no folder/, cure: `rm ${cache}/answers` }],
  ["a cache for everybody, of whoever runs it", {
    env: { STSAVAL_CACHE_DIR: "/tmp" },
    files: { "/tmp/a": "" },
    prepare: ({ files }) => files.said.set("/tmp", { mode: 0o777 }),
  }, { check: "cache", severity: "warning", says: /0777/, cure: ownFolder }],
  ["a cache for everybody", { env: { STSAVAL_CACHE_DIR: "/tmp" } }, {
    check: "cache-folder",
    severity: "warning",
    says: /all users share/,
  }],
  ["a lock that is held", {
    prepare: ({ files }) => files.lock(`${credentialsPath}.lock`, "prompts for a code"),
  }, { check: "lock", severity: "warning", says: /Process 4711, which prompts for a code/ }],
  ["an AWS CLI that does not share its cache", {
    config: `${config}share_aws_cache = true\n`,
    program: version1,
  }, { check: "aws-cli", severity: "warning", says: /version 1\.32/, line: 7 }],
  ["a key that is 90 days old", {
    words: ["--ask-iam"],
    user: { keyCreated: "2025-10-03T00:00:00Z" },
  }, { check: "old-keys", severity: "warning", says: /\(…DFGH\) is 90 days old/, line: 2 }],
  ["a key whose age IAM does not tell", {
    words: ["--ask-iam"],
    user: { deniesListAccessKeys: true },
  }, { check: "old-keys", severity: "note", says: /not known: .* AccessDenied/, line: 2 }],
];

/** Holds the lines of stsaval in a text to what its parser reads. */
async function assertReadable(text: string): Promise<number> {
  const lines = [...text.matchAll(/(?:^|[ '"`])stsaval ([a-z][^'"`\n]*)/g)];
  for (const [, words = ""] of lines) {
    const { command, rest } = await commands.resolve(words.trim().split(" "));
    if (command === undefined) assert(rest.length === 0, `stsaval ${words}`);
    else parseArguments(command, rest);
  }
  return lines.length;
}

Deno.test("doctor: every line of stsaval that a cure may name can be typed", async () => {
  let read = 0;
  const folder = new URL("../../../src/cli/doctor/checks/", import.meta.url);
  for await (const { name } of Deno.readDir(folder)) {
    const source = await Deno.readTextFile(new URL(name, folder));
    const texts = source.split("\n").filter((line) => !/^ *(?:\*|\/)/.test(line));
    for (const text of texts) read += await assertReadable(text.replace(/\$\{.*?\}/g, "dev"));
  }
  assert(read >= 5, `${read} lines`);
});

for (const [name, home, expected] of faults) {
  Deno.test(`doctor: finds ${name}`, async () => {
    const findings = await findingsIn(home);
    const found = findings.find(({ check, severity, message, file, line }) =>
      check === expected.check && severity === expected.severity && expected.says.test(message) &&
      (expected.file === undefined || file === expected.file) &&
      (expected.line === undefined || line === expected.line)
    );
    assert(found !== undefined, JSON.stringify(findings, null, 2));
    assert(found.cure !== "", "it has a cure");
    assertEquals(found.cure, expected.cure ?? found.cure);
    for (const { cure } of findings) await assertReadable(cure);
  });
}

const sso = createStsEmulator({ world: sampleSsoWorld(3) });
const user = createStsEmulator();

const clean: readonly (readonly [name: string, home: Home])[] = [
  ["a user with a role", {}],
  ["keys alone, without a config file", { config: "" }],
  ["keys alone, with a region", { config: "[default]\nregion = eu-west-1\noutput = json\n" }],
  ["a device and comments on lines of their own", {
    config: "# mine\n[default]\nregion = eu-west-1\n\n; roles\n[profile dev] # development\n" +
      `${role}mfa_serial = arn:aws:iam::123456789012:mfa/kim\n`,
  }],
  ["CRLF", { config: config.replaceAll("\n", "\r\n") }],
  ["nested settings", {
    config: `${config}s3 =\n  max_concurrent_requests = 20\n  addressing_style = path\n`,
  }],
  ["the emulator's own home", {
    ...formatSampleHome(user.world, { url: "http://127.0.0.1:4566" }),
  }],
  ["IAM Identity Center", { ...formatSampleHome(sso.world, { url: "http://127.0.0.1:4566" }) }],
  ["AWS_PROFILE and a region in the environment", {
    env: { AWS_PROFILE: "dev", AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1" },
  }],
  ["a program in PATH, and one that is there", {
    config: `${config}[profile a]\ncredential_process = keys --json\n` +
      '[profile b]\ncredential_process = "/opt/a tool" --json\n',
    files: { "/opt/a tool": "" },
  }],
  ["modes as the AWS CLI leaves them", {
    prepare: ({ files }) => {
      files.modes.set(configPath, 0o644);
      files.said.set("/home/kim/.aws", { mode: 0o755 });
    },
  }],
  ["a key that is one day younger than old", {
    words: ["--ask-iam"],
    user: { keyCreated: "2025-10-03T00:00:01Z" },
  }],
  ["an old key that IAM is not asked about", { user: { keyCreated: "2020-01-01T00:00:00Z" } }],
  ["an old key, offline", {
    words: ["--ask-iam", "--offline"],
    user: { keyCreated: "2020-01-01T00:00:00Z" },
  }],
  ["a shared cache and the AWS CLI 2", {
    config: `${config}share_aws_cache = true\n`,
    program: () => ({ stdout: "aws-cli/2.32.6 Python/3.13\n", exit: 0 }),
  }],
];

for (const [name, home] of clean) {
  Deno.test(`doctor: finds nothing in a clean home: ${name}`, async () => {
    assertEquals(await findingsIn(home), []);
  });
}

Deno.test("doctor: there are thirty planted faults, ten clean homes, and a fault for each check", () => {
  assert(faults.length >= 30);
  assert(clean.length >= 10);
  const planted = new Set(faults.map(([, , { check }]) => check));
  assertEquals(checks.map(({ name }) => name).filter((name) => !planted.has(name)), []);
});

Deno.test("docs/doctor.md has a row for each check", async () => {
  const text = await Deno.readTextFile(new URL("../../../docs/doctor.md", import.meta.url));
  const rows = checks.map(({ name, summary }) => `| \`${name}\` | ${summary} |`);
  // The formatter aligns the columns.
  const unaligned = text.replaceAll(/ +\|/g, " |");
  assertEquals(rows.filter((row) => !unaligned.includes(row)), []);
});
