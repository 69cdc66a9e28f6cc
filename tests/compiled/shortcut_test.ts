/**
 * The short way of the compiled program: over one matrix of states, `process`, `env` and `exec` do what the whole program
 * does, which runs for any option more.
 *
 * @module
 */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { createStsEmulator, formatSampleHome, sampleWorld } from "../../src/testing/mod.ts";
import { type Ended, type Home, makeHome, runIn } from "../peers/stsaval_process.ts";
import { makeProgram, programTest } from "./program.ts";

const made = await makeProgram();
const role = "DynamoDBRole-dev";
const cache = ".aws/stsaval";

/** A home that has credentials of the role and its session, fetched a while ago. */
async function signedIn(program: string) {
  const world = sampleWorld();
  const sts = createStsEmulator({ world });
  const home = await makeHome(sts.handle, (url) => {
    const { config, credentials } = formatSampleHome(world, { url });
    return { ".aws/config": config, ".aws/credentials": credentials };
  });
  const code = sts.mfaCode(world.users[0]?.mfa?.serial ?? "");
  const first = await runIn(home, [program, "process", role, "--mfa-code", code]);
  assertEquals([first.code, first.stderr], [0, ""]);
  await ageEntries(home);
  return { home, sts };
}

/** As if they had been fetched ten seconds earlier. */
async function ageEntries({ path }: Home): Promise<void> {
  for await (const { name } of Deno.readDir(`${path}/${cache}`)) {
    if (!name.endsWith(".json")) continue;
    const file = `${path}/${cache}/${name}`;
    const entry = JSON.parse(await Deno.readTextFile(file));
    entry.credentials.StartTime = new Date(Date.parse(entry.credentials.StartTime) - 10_000);
    await Deno.writeTextFile(file, JSON.stringify(entry));
  }
}

async function lookupsOf({ path }: Home): Promise<number> {
  const names = await Array.fromAsync(Deno.readDir(`${path}/${cache}/lookups`)).catch(() => []);
  return names.length;
}

const shown = 'env | grep -E "^(AWS_|STSAVAL_)" | sort; exit 7';
const lines: readonly (readonly string[])[] = [
  ["process", role],
  ["env", role, "--format", "fish"],
  ["exec", role, "--", "/bin/sh", "-c", shown],
];

/** The same line with an option that changes nothing, but is not for the short way. */
function wholeLine([name = "", ...words]: readonly string[]): readonly string[] {
  return [name, "--lock-timeout", "60", ...words];
}

async function compare(program: string, home: Home, env: Readonly<Record<string, string>>) {
  const results: Ended[] = [];
  for (const line of lines) {
    const whole = await runIn(home, [program, ...wholeLine(line)], { env });
    const short = await runIn(home, [program, ...line], { env });
    assertEquals(short, whole, `${line.join(" ")} with ${JSON.stringify(env)}`);
    results.push(short);
  }
  return results;
}

/** What may be otherwise, beside the environment; what it returns undoes it. */
type Change = (home: Home) => Promise<() => Promise<unknown>>;

function edited(name: string, edit: (text: string) => string): Change {
  return async ({ path }) => {
    const file = `${path}/.aws/${name}`;
    const text = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, edit(text));
    return () => Deno.writeTextFile(file, text);
  };
}

function withMode(name: string, mode: number): Change {
  return async ({ path }) => {
    const file = `${path}/${cache}${name}`;
    const { mode: before } = await Deno.stat(file);
    await Deno.chmod(file, mode);
    return () => Deno.chmod(file, (before ?? 0) & 0o777);
  };
}

const states: Readonly<Record<string, Change>> = {
  "nothing": () => Promise.resolve(() => Promise.resolve()),
  "a comment more": edited("config", (text) => `# of today\n${text}`),
  "another region": edited("config", (text) => text.replaceAll("us-east-1", "eu-west-1")),
  "another endpoint": edited("config", (text) => text.replaceAll("127.0.0.1", "127.0.0.2")),
  "a role that there is not": edited("config", (text) => text.replaceAll(role, "Other-dev")),
  "a broken line": edited("config", (text) => `${text}\nbroken\n`),
  "other keys": edited(
    "credentials",
    (text) => text.replaceAll(/AKIA\w+/g, "AKIAOTHEROTHEROTHER0"),
  ),
  "no keys": edited("credentials", () => ""),
  "a cache that others may read": withMode("", 0o755),
  "lookups that others may write": withMode("/lookups", 0o777),
};

const environments: readonly Readonly<Record<string, string>>[] = [
  {},
  { AWS_REGION: "eu-west-3" },
  { AWS_DEFAULT_REGION: "eu-west-2", AWS_PROFILE: "IAM_USER1" },
  { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPL2", AWS_SECRET_ACCESS_KEY: "other" },
  { AWS_CONFIG_FILE: "/dev/null" },
  { HTTPS_PROXY: "no proxy" },
  { AWS_CA_BUNDLE: "/none" },
  { STSAVAL_CACHE_DIR: "/tmp/none" },
  { STSAVAL_PROFILE: "outer", AWS_SESSION_TOKEN: "of another" },
  { NO_COLOR: "1", TERM: "dumb" },
];

programTest(
  made,
  "the short way says what the program says, whatever has changed",
  async (program) => {
    const { home, sts } = await signedIn(program);
    await using _home = home;
    // The first remembers, the second is short.
    const [first] = await compare(program, home, {});
    assertEquals(await lookupsOf(home), 1);
    assertEquals((await compare(program, home, {}))[0], first);
    assertEquals(sts.calls.length, 2);
    for (const [what, change] of Object.entries(states)) {
      const undo = await change(home);
      for (const env of what === "nothing" ? environments : [{}]) await compare(program, home, env);
      await undo();
    }
    assertEquals((await compare(program, home, {}))[0], first);
  },
);

programTest(
  made,
  "an answer is short only if the lookup decides it, and ends with the cache",
  async (program) => {
    const { home } = await signedIn(program);
    await using _home = home;
    await compare(program, home, {});
    // A file that the whole program needs and the short way does not: whoever prints all the same took the short way.
    const config = `${home.path}/${cache}/lookups`;
    assert((await Deno.stat(config)).isDirectory);
    const [found] = await Array.fromAsync(Deno.readDir(config));
    const file = `${config}/${found?.name}`;
    const lookup = JSON.parse(await Deno.readTextFile(file));
    await Deno.writeTextFile(file, JSON.stringify({ ...lookup, region: "eu-south-9" }));
    const { stdout } = await runIn(home, [program, "env", role]);
    assertEquals(stdout.includes("AWS_REGION='eu-south-9'"), true);
    await Deno.writeTextFile(file, JSON.stringify(lookup));
    const out = await runIn(home, [program, "logout"]);
    assertEquals([out.code, await lookupsOf(home)], [0, 0]);
    for (const line of lines) {
      assertNotEquals((await runIn(home, [program, ...line])).code, 0, line.join(" "));
    }
  },
);

programTest(
  made,
  "a short exec passes signals on, stops with its program and ends with it",
  async (program) => {
    const { home } = await signedIn(program);
    await using _home = home;
    await compare(program, home, {});
    const script = 'trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done';
    const child = new Deno.Command(program, {
      args: ["exec", role, "--", "/bin/sh", "-c", script],
      ...{ clearEnv: true, env: { ...home.env }, cwd: home.path },
      ...{ stdin: "null", stdout: "piped", stderr: "inherit" },
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    child.kill("SIGTERM");
    assertEquals((await child.status).code, 9);
    await reader.cancel();
    const stopped = `"$0" exec ${role} -- sh -c 'kill -STOP $$; echo resumed; exit 6' &
      until grep -q '^State:.T' /proc/$!/status; do sleep 0.05; done
      echo stopped; kill -CONT $!; wait $!; echo $?`;
    const shell = await runIn(home, ["bash", "-c", stopped, program]);
    assertEquals([shell.stdout, shell.stderr], ["stopped\nresumed\n6\n", ""]);
    const missing = ["exec", role, "--", "/none/such"];
    const whole = await runIn(home, [program, ...wholeLine(missing)]);
    assertEquals(await runIn(home, [program, ...missing]), whole);
    assertEquals(whole.code, 127);
  },
);

programTest(
  made,
  "a variable whose value is not UTF-8 is named, with what helps, and its value is not shown",
  async (program) => {
    const { home } = await signedIn(program);
    await using _home = home;
    const names = ["HOME", "STSAVAL_CACHE_DIR", "AWS_REGION", "AWS_SECRET_ACCESS_KEY"];
    // Deno starts no program with such a value.
    const odd = 'name=$1; shift; export "$name=$(printf "/hidden\\377")"; exec "$@"';
    for (const line of [...lines, ["status"], ["doctor"]]) {
      for (const name of names) {
        const ended = await runIn(home, ["/bin/sh", "-c", odd, "sh", name, program, ...line]);
        const isRead = name.startsWith("AWS_") ? line[0] !== "status" : true;
        if (!isRead) continue;
        assertEquals([ended.code, ended.stdout.includes("hidden")], [2, false], `${name}: ${line}`);
        const hint =
          `unset ${name}, or set it to text in UTF-8; a path with other bytes can be given by a link`;
        const message = `Cannot read the variable ${name}: its value is not valid UTF-8`;
        assertEquals(ended.stderr, `stsaval: ${message}\nhint: ${hint}\n`);
      }
    }
    const { code, stderr } = await runIn(home, [
      "/bin/sh",
      "-c",
      odd,
      "sh",
      "NO_COLOR",
      program,
      "status",
    ]);
    assertEquals([code, stderr], [0, ""]);
  },
);
