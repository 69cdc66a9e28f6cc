import { assert, assertEquals, assertMatch } from "@std/assert";
import { answerShortly } from "../../../src/cli/shortcut/answer.ts";
import { shells } from "../../../src/output/shell.ts";
import { exitStatusOf, OutputClosedError, StsavalError, UsageError } from "../../../src/errors.ts";
import { importsOf } from "../../import_graph.ts";
import { Desk, role, user } from "../desk.ts";
import { cache, facts, knowingDesk, lookups, shortSystem, takeShortWay } from "./short_desk.ts";

const config = "/home/kim/.aws/config";
const hit = ["process", role];

/** What the program prints for the same words. */
async function wholeWay(desk: Desk, words: readonly string[]): Promise<string> {
  const before = desk.system.terminal.stdout.length;
  const { status, out, err } = await desk.run(...words);
  assertEquals([status, err], [0, ""]);
  return out.slice(before);
}

function pathOf(desk: Desk, folder: string): string {
  const found = [...desk.system.files.contents.keys()].find((path) =>
    new RegExp(`^${folder}/[0-9a-f]{64}\\.json$`).test(path)
  );
  assert(found !== undefined);
  return found;
}

Deno.test("process and env print what the program prints, however the profile is named", async () => {
  for (const profile of [role, user]) {
    const desk = await knowingDesk(profile);
    const named = [[profile], ["--profile", profile], ["-p", profile], [`--profiles=${profile}`]];
    for (const words of named) {
      for (const name of ["process", "env"]) {
        const whole = await wholeWay(desk, [name, ...words]);
        assertEquals(await takeShortWay(desk, [name, ...words]), [0, whole]);
        desk.system.permissions.grants.add("read").add("env");
      }
    }
    for (const format of Object.keys(shells)) {
      const words = ["env", profile, "--format", format];
      assertEquals(await takeShortWay(desk, words), [0, await wholeWay(desk, words)]);
    }
  }
});

Deno.test("exec runs the program as the command does, and ends as it ends", async () => {
  for (const profile of [role, user]) {
    const program = { program: () => ({ exit: 3 }) };
    const desk = await knowingDesk(profile, program);
    const words = ["exec", profile, "--", "make", "--profile", "x", "--"];
    assertEquals(await desk.run(...words).then(({ status }) => status), 3);
    assertEquals(await takeShortWay(desk, words), [3, ""]);
    const [whole, short] = desk.system.processes.started;
    assertEquals(short?.words, ["make", "--profile", "x", "--"]);
    assertEquals([short?.words, short?.env], [whole?.words, whole?.env]);
    assertMatch(short?.env.AWS_ACCESS_KEY_ID ?? "", /^ASIA/);
    assertEquals(short?.env.AWS_REGION, "us-east-1");
  }
});

Deno.test("what is printed is printed without any permission", async () => {
  const desk = await knowingDesk(role);
  const { permissions, terminal } = desk.system;
  permissions.grants.add("import");
  const print = terminal.out.bind(terminal);
  let grants: readonly string[] | undefined;
  terminal.out = (text) => {
    grants = [...permissions.grants];
    print(text);
  };
  assertEquals((await takeShortWay(desk, hit))[0], 0);
  assertEquals(grants, []);
});

Deno.test("while the program of exec runs, only programs may be run", async () => {
  const desk = await knowingDesk(role, { program: () => ({ exit: 0 }) });
  const { permissions } = desk.system;
  permissions.grants.add("run").add("import");
  assertEquals((await takeShortWay(desk, ["exec", role, "--", "make"]))[0], 0);
  assertEquals([...permissions.grants], ["run"]);
  const built = { ...facts, programs: ["make", "aws"] };
  const other = await knowingDesk(role, { program: () => ({ exit: 0 }) });
  other.system.permissions.grants.add("run:make").add("run:aws");
  assertEquals((await takeShortWay(other, ["exec", role, "--", "make"], {}, built))[0], 0);
  assertEquals([...other.system.permissions.grants], ["run:make"]);
});

Deno.test("a variable that is no text leaves the line to the program, which says so", async () => {
  for (const name of ["HOME", "STSAVAL_CACHE_DIR", "AWS_REGION"]) {
    const desk = await knowingDesk(role);
    const { env } = desk.system;
    const get = (asked: string) => {
      if (asked === name) throw new UsageError(`Cannot read the variable ${name}`);
      return env.get(asked);
    };
    assertEquals(await takeShortWay(desk, hit, { env: { get } }), [undefined, ""], name);
  }
});

Deno.test("a miss keeps every permission", async () => {
  const desk = await knowingDesk(role);
  const before = [...desk.system.permissions.grants];
  assertEquals(await takeShortWay(desk, ["process", "CodeDeployRole-qa"]), [undefined, ""]);
  assertEquals([...desk.system.permissions.grants], before);
});

/** What makes the plan, the entry or what is said of them another one, and what the short way then says. */
const doubts: Readonly<Record<string, (desk: Desk) => unknown>> = {
  "an edited config": async ({ system: { files } }) =>
    files.contents.set(config, `${await files.readText(config)}\n`),
  "a config that is missing": ({ system: { files } }) => files.contents.delete(config),
  "edited credentials": async ({ system: { files } }) => {
    const path = "/home/kim/.aws/credentials";
    files.contents.set(path, `# kim\n${await files.readText(path)}`);
  },
  "a config that is a pipe": ({ system: { files } }) => files.said.set(config, { special: true }),
  "a config that cannot be read": ({ system: { files } }) =>
    files.contents.set(config, new Error("permission denied")),
  "a cache that others can read": ({ system: { files } }) => files.said.set(cache, { mode: 0o750 }),
  "a cache of another user": ({ system: { files } }) => files.said.set(cache, { foreign: true }),
  "a cache that is a link": ({ system: { files } }) => files.links.set(cache, "/elsewhere"),
  "lookups that others can read": ({ system: { files } }) =>
    files.said.set(lookups, { mode: 0o701 }),
  "lookups of another user": ({ system: { files } }) => files.said.set(lookups, { foreign: true }),
  "lookups that are a link": ({ system: { files } }) => files.links.set(lookups, "/elsewhere"),
  "a lookup that others can read": (desk) =>
    desk.system.files.said.set(pathOf(desk, lookups), { mode: 0o640 }),
  "a lookup of another user": (desk) =>
    desk.system.files.said.set(pathOf(desk, lookups), { foreign: true }),
  "a lookup that is a link": (desk) =>
    desk.system.files.links.set(pathOf(desk, lookups), "/elsewhere"),
  "a lookup that is half written": (desk) => {
    const path = pathOf(desk, lookups);
    desk.system.files.contents.set(path, String(desk.system.files.contents.get(path)).slice(0, 50));
  },
  "a lookup of another profile": (desk) => {
    const path = pathOf(desk, lookups);
    const text = String(desk.system.files.contents.get(path));
    desk.system.files.contents.set(path, text.replace(role, "CodeDeployRole-qa"));
  },
  "no lookup": (desk) => desk.system.files.contents.delete(pathOf(desk, lookups)),
};

for (const [what, make] of Object.entries(doubts)) {
  Deno.test(`the program runs for ${what}`, async () => {
    const desk = await knowingDesk(role);
    assertEquals((await takeShortWay(desk, hit))[0], 0);
    await make(desk);
    assertEquals(await takeShortWay(desk, hit), [undefined, ""]);
  });
}

/** The entry that the lookup leads to. */
function entryOf(desk: Desk): string {
  const { key } = JSON.parse(String(desk.system.files.contents.get(pathOf(desk, lookups))));
  return `${cache}/${key}.json`;
}

function editEntry(desk: Desk, change: (entry: Record<string, unknown>) => unknown): void {
  const { contents } = desk.system.files;
  const path = entryOf(desk);
  contents.set(path, JSON.stringify(change(JSON.parse(String(contents.get(path))))));
}

const misses: Readonly<Record<string, (desk: Desk) => unknown>> = {
  "no entry": (desk) => desk.system.files.contents.delete(entryOf(desk)),
  "an entry that others can read": (desk) =>
    desk.system.files.said.set(entryOf(desk), { mode: 0o644 }),
  "an entry of another user": (desk) =>
    desk.system.files.said.set(entryOf(desk), { foreign: true }),
  "an entry that is a link": (desk) => desk.system.files.links.set(entryOf(desk), "/elsewhere"),
  "an entry of a newer version": (desk) => editEntry(desk, (entry) => ({ ...entry, version: 2 })),
  "an entry that is none": (desk) => editEntry(desk, () => ({})),
  "an entry of a shorter duration": (desk) =>
    editEntry(desk, (entry) => ({ ...entry, durationSeconds: 3_599 })),
  "an entry that ends soon": ({ system: { clock } }) => clock.jump(45 * 60_000),
  "an entry that has ended": ({ system: { clock } }) => clock.jump(61 * 60_000),
  "a clock that was set back": ({ system: { clock } }) => clock.jump(-10 * 60_000),
  "an entry of a clock that was slow": (desk) =>
    editEntry(desk, (entry) => ({ ...entry, skewMs: 45 * 60_000 })),
};

for (const [what, make] of Object.entries(misses)) {
  Deno.test(`the program runs at once for ${what}`, async () => {
    const desk = await knowingDesk(role);
    assertEquals((await takeShortWay(desk, hit))[0], 0);
    await make(desk);
    assertEquals(await takeShortWay(desk, hit), ["cold", ""]);
  });
}

Deno.test("the program runs at once where nothing was ever kept", async () => {
  assertEquals(await takeShortWay(new Desk(), hit), ["cold", ""]);
  assertEquals(await takeShortWay(new Desk(), ["env", role, "--verbose"]), ["cold", ""]);
  assertEquals(await takeShortWay(new Desk(), ["creds", role]), [undefined, ""]);
  const desk = new Desk();
  desk.system.files.contents.set(cache, new Error("permission denied"));
  assertEquals(await takeShortWay(desk, hit), [undefined, ""]);
  assertEquals(await takeShortWay(desk, ["env", role, "--verbose"]), [undefined, ""]);
});

Deno.test("the program runs at once for a code that is to be sent, whatever was kept", async () => {
  const desk = await knowingDesk(role);
  for (const words of [["--mfa-code", "123456"], ["--mfa-code=123456"]]) {
    assertEquals(await takeShortWay(desk, [...hit, ...words]), ["cold", ""]);
  }
  assertEquals(await takeShortWay(desk, [...hit, "--mfa-command", "totp"]), [undefined, ""]);
});

Deno.test("the program runs where the folder of the cache is unknown, and inside another exec", async () => {
  const desk = await knowingDesk(role, { program: () => ({ exit: 0 }) });
  const env = (change: Readonly<Record<string, string | undefined>>) => ({
    env: { get: (name: string) => name in change ? change[name] : desk.system.env.get(name) },
  });
  assertEquals(await takeShortWay(desk, hit, env({ HOME: undefined })), [undefined, ""]);
  const exec = ["exec", role, "--", "make"];
  const nested = env({ STSAVAL_PROFILE: "dev" });
  assertEquals(await takeShortWay(desk, exec, nested), [undefined, ""]);
  assertEquals(desk.system.processes.started.length, 0);
  assertEquals((await takeShortWay(desk, exec))[0], 0);
  assertEquals((await takeShortWay(await knowingDesk(role), hit, nested))[0], 0);
});

Deno.test("from source nothing is taken from lookups", async () => {
  assertEquals(await answerShortly(hit, shortSystem(await knowingDesk(role))), undefined);
});

Deno.test("the program says why another cannot be started", async () => {
  const desk = await knowingDesk(role);
  const before = [...desk.system.permissions.grants];
  assertEquals(await takeShortWay(desk, ["exec", role, "--", "none"]), [undefined, ""]);
  assertEquals([...desk.system.permissions.grants], before);
});

Deno.test("the program says that there is no such format", async () => {
  const desk = await knowingDesk(role);
  for (const format of ["json", "toString", ""]) {
    assertEquals(await takeShortWay(desk, ["env", role, "--format", format]), [undefined, ""]);
  }
});

Deno.test("a child that cannot be waited for is not started again", async () => {
  const desk = await knowingDesk(role, { program: () => ({}) });
  const { processes } = desk.system;
  const start = processes.start.bind(processes);
  const broken: typeof processes.start = (words, env) =>
    Object.assign(start(words, env), { exit: Promise.reject(new Error("no such child")) });
  const changes = { processes: { start: broken, startPiped: broken } };
  assertEquals(await takeShortWay(desk, ["exec", role, "--", "make"], changes as never), [1, ""]);
  assertEquals(desk.system.terminal.stderr, "stsaval: no such child\n");
});

Deno.test("an output that breaks off is not begun again, and the reason is told", async () => {
  const desk = await knowingDesk(role);
  const { terminal } = desk.system;
  terminal.failOutput(new StsavalError("FAILED", "Cannot write the result: no space left"));
  assertEquals((await takeShortWay(desk, hit))[0], 1);
  assertEquals(terminal.stderr, "stsaval: Cannot write the result: no space left\n");
});

Deno.test("a reader that has gone away is no error", async () => {
  const desk = await knowingDesk(role);
  desk.system.terminal.failOutput(new OutputClosedError());
  const [status] = await takeShortWay(desk, hit);
  assertEquals([status, desk.system.terminal.stderr], [exitStatusOf(new OutputClosedError()), ""]);
});

Deno.test("it loads neither the configuration nor the network", async () => {
  const loaded = new Set<string>();
  const load = async (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    if (!file.startsWith("src/")) return;
    for (const { to, typeOnly } of importsOf(file, await Deno.readTextFile(file))) {
      if (!typeOnly) await load(to);
    }
  };
  await load("src/cli/shortcut/answer.ts");
  const slow = ["src/config/load.ts", "src/cli/permissions/needs.ts", "src/cache/cache.ts"];
  assertEquals([...slow, "src/sts/client.ts", "@std/log"].filter((file) => loaded.has(file)), []);
  assert(loaded.has("src/cache/entry.ts"));
});
