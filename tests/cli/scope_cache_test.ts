/**
 * No answer ever has another's policy: every pair of an unscoped role, two scopes and a session policy, in one home,
 * through all commands that hand credentials out.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { processFromCache } from "../../src/cli/cached_process.ts";
import { StsCore } from "../../src/session/core.ts";
import { FakePermissions } from "../fake_system.ts";
import { Desk, role } from "./desk.ts";

/** What is asked for, and what its session may then do. */
const variants = {
  none: { words: [], options: {}, layers: [], allowed: ["a", "b", "other"] },
  scopeA: {
    words: ["--scope", "s3-read:aaa"],
    options: { scope: "s3-read:aaa" },
    layers: ["GetScopedCredentials"],
    allowed: ["a"],
  },
  scopeB: {
    words: ["--scope", "s3-read:bbb"],
    options: { scope: "s3-read:bbb" },
    layers: ["GetScopedCredentials"],
    allowed: ["b"],
  },
  policyA: {
    words: ["--policy", "s3-read:aaa"],
    options: { policy: "s3-read:aaa" },
    layers: ["AssumeRole"],
    allowed: ["a"],
  },
} as const;

type Variant = keyof typeof variants;

const names = Object.keys(variants) as Variant[];

const questions = {
  a: { action: "s3:GetObject", resource: "arn:aws:s3:::aaa/x" },
  b: { action: "s3:GetObject", resource: "arn:aws:s3:::bbb/x" },
  other: { action: "sqs:ListQueues" },
} as const;

/** The access key id that a command hands out. */
type Hander = (desk: Desk, words: readonly string[]) => Promise<string>;

function keyIn(text: string): string {
  return /ASIA[A-Z0-9]+/.exec(text)?.[0] ?? "";
}

/** What a command line prints. */
function printed(...command: readonly string[]): Hander {
  return async (desk, words) => {
    const before = desk.system.terminal.stdout.length;
    const { status, err } = await desk.run(...command, role, ...words);
    assertEquals(status, 0, err);
    return keyIn(desk.system.terminal.stdout.slice(before));
  };
}

const commands: Readonly<Record<string, Hander>> = {
  creds: printed("creds"),
  process: printed("process"),
  env: printed("env"),
  async "process from the cache"(desk, words) {
    const before = desk.system.terminal.stdout.length;
    // A hit drops permissions, in a process of its own. A miss is for the command.
    const system = { ...desk.system, permissions: new FakePermissions() };
    if (await processFromCache([role, ...words], system) !== 0) {
      return await printed("process")(desk, words);
    }
    return keyIn(desk.system.terminal.stdout.slice(before));
  },
  async exec(desk, words) {
    const { status, err } = await desk.run("exec", role, ...words, "--", "job");
    assertEquals(status, 0, err);
    return desk.system.processes.started.at(-1)?.env["AWS_ACCESS_KEY_ID"] ?? "";
  },
  async write(desk, words) {
    const { status, err } = await desk.run("write", role, ...words);
    assertEquals(status, 0, err);
    const text = await desk.system.files.readText("/home/kim/.aws/credentials") ?? "";
    return keyIn(text);
  },
  async "watch --write"(desk, words) {
    const file = "/home/kim/keys.json";
    const { contents } = desk.system.files;
    contents.delete(file);
    const ended = desk.run("watch", role, "--write", file, ...words);
    for (let turn = 0; turn < 2_000 && !contents.has(file); turn++) {
      await desk.system.clock.advance(0);
    }
    const key = keyIn(String(contents.get(file) ?? ""));
    desk.system.signals.send("SIGTERM");
    assertEquals((await ended).status, 143);
    return key;
  },
  async serve(desk, words) {
    const before = desk.system.terminal.stdout.length;
    const ended = desk.run("serve", role, "--format", "json", ...words);
    const line = () => desk.system.terminal.stdout.slice(before);
    for (let turn = 0; turn < 2_000 && !line().includes("\n"); turn++) {
      await desk.system.clock.advance(0);
    }
    const { set } = JSON.parse(line()).servers[0];
    const response = await desk.system.servers.ask(set["AWS_CONTAINER_CREDENTIALS_FULL_URI"], {
      headers: { authorization: set["AWS_CONTAINER_AUTHORIZATION_TOKEN"] },
    });
    const { AccessKeyId } = await response.json();
    desk.system.signals.send("SIGTERM");
    assertEquals((await ended).status, 143);
    return AccessKeyId;
  },
  async "the module"(desk, words) {
    const { options } = Object.values(variants)
      .find((variant) => variant.words.join() === words.join()) ?? variants.none;
    const core = new StsCore({ system: desk.system, cache: "disk", ...options });
    await using _core = core;
    const set = await core.generateCredentials([role]);
    return set[`sts-${role}`].AccessKeyId;
  },
};

/** The policies of the session are those that were asked for, and no others. */
function check(desk: Desk, key: string, variant: Variant, where: string): void {
  const session = desk.emulator.identityOf(key)?.session;
  const allowed = Object.entries(questions)
    .filter(([, question]) => desk.emulator.isAllowed(key, question)).map(([name]) => name);
  const layers = session?.policies?.map(({ operation }) => operation) ?? [];
  assertEquals(
    { allowed, layers },
    { allowed: [...variants[variant].allowed], layers: [...variants[variant].layers] },
    where,
  );
}

for (const [first, hander] of Object.entries(commands)) {
  Deno.test(`what '${first}' has fetched is never given where another policy was asked for`, async () => {
    const desk = new Desk({ program: () => ({ exit: 0 }) });
    assertEquals((await desk.run("login", "--profile", role, "--mfa-code", desk.code)).status, 0);
    for (const before of names) {
      const found = await hander(desk, variants[before].words);
      check(desk, found, before, `${first} ${before}`);
      for (const [second, other] of Object.entries(commands)) {
        for (const after of names) {
          const key = await other(desk, variants[after].words);
          check(desk, key, after, `${first} ${before}, then ${second} ${after}`);
        }
      }
    }
    // Each was fetched once, and found in the cache by all others.
    assertEquals(desk.emulator.count("GetScopedCredentials"), 2);
    assertEquals(desk.emulator.count("AssumeRole"), 2);
  });
}
