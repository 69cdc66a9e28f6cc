import { assertEquals } from "@std/assert";
import { AnswerFolder, isAnswerName } from "../../src/cache/answers.ts";
import { MemoryFiles } from "../fake_system.ts";

const cache = "/home/kim/.aws/stsaval";
const answers = `${cache}/answers`;

function setUp(contents: Record<string, string> = {}) {
  const files = new MemoryFiles(contents);
  const warnings: string[] = [];
  const logger = {
    debug() {},
    info() {},
    error() {},
    warn: (text: string) => void warnings.push(text),
  };
  const env = { get: () => undefined };
  const clock = { now: () => 3_600_000 };
  return { files, warnings, folder: new AnswerFolder(cache, { clock, files, env, logger }) };
}

const line = (key: string) =>
  `{"Version":1,"AccessKeyId":"${key}","Expiration":"2026-01-01T00:00:00.000Z"}`;
const madeOf = "65024:9978839:812:1767225000:1767225000.123 -";
const text = (key: string) => `1767225600\n${madeOf}\n${line(key)}\n`;
const always = () => Promise.resolve(true);

Deno.test("an answer is three lines: the second until which it is fresh, what it was made of, and the answer", async () => {
  const { files, folder } = setUp();
  await folder.keep("dev", { freshUntil: 1_767_225_600, madeOf, line: line("ASIA1") }, always);
  assertEquals(files.contents.get(`${answers}/dev`), text("ASIA1"));
  assertEquals(files.modes.get(`${answers}/dev`), 0o600);
  assertEquals(await folder.list(), [
    { profile: "dev", freshUntil: 1_767_225_600, madeOf, line: line("ASIA1") },
  ]);
  await folder.keep("dev", { freshUntil: 9, madeOf, line: "x" }, () => Promise.resolve(false));
  assertEquals(files.contents.get(`${answers}/dev`), text("ASIA1"));
});

Deno.test("answers are kept under names that make no odd file names", () => {
  for (
    const name of [
      "dev",
      "a.b-c_d",
      "AdministratorAccess-123456789012",
      "kim@example.com",
      "1",
      "a=b:c+d",
    ]
  ) {
    assertEquals(isAnswerName(name), true, name);
  }
  const odd = [
    "",
    ".",
    "..",
    ".a",
    "-a",
    "a/b",
    "a b",
    "a\n",
    "a'b",
    'a"b',
    "a,b",
    "größe",
    "a*",
    "a\\b",
    "$a",
  ];
  for (const name of [...odd, "a".repeat(201), `a.${crypto.randomUUID()}.tmp`]) {
    assertEquals(isAnswerName(name), false, name);
  }
});

Deno.test("what a writer left that was killed is removed by the next one, after a minute", async () => {
  const [old, young] = [crypto.randomUUID(), crypto.randomUUID()];
  const { files, folder } = setUp({
    [`${answers}/a.${old}.tmp`]: "",
    [`${answers}/a.${young}.tmp`]: "",
  });
  files.said.set(`${answers}/a.${old}.tmp`, { modified: 3_600_000 - 60_001 });
  files.said.set(`${answers}/a.${young}.tmp`, { modified: 3_600_000 - 60_000 });
  await folder.keep("dev", { freshUntil: 9, madeOf, line: line("ASIA1") }, always);
  assertEquals([...files.contents.keys()], [`${answers}/a.${young}.tmp`, `${answers}/dev`]);
  assertEquals(await folder.names(), ["dev"]);
});

Deno.test("what is no answer is not listed, nor what others could read", async () => {
  const { files, folder, warnings } = setUp({
    [`${answers}/half`]: text("ASIA1").slice(0, 20),
    [`${answers}/more`]: `${text("ASIA1")}more\n`,
    [`${answers}/odd`]: `x${text("ASIA1")}`,
    [`${answers}/old`]: `1767225600\n${line("ASIA1")}\n`,
    [`${answers}/open`]: text("ASIA1"),
    [`${answers}/right`]: text("ASIA1"),
  });
  files.modes.set(`${answers}/open`, 0o640);
  assertEquals((await folder.list()).map(({ profile }) => profile), ["right"]);
  assertEquals(await folder.names(), ["half", "more", "odd", "old", "open", "right"]);
  assertEquals(warnings.map((warning) => warning.replace(/:.*/, "")), ["cache"]);
});

Deno.test("a link is neither read nor written through", async () => {
  const { files, folder, warnings } = setUp({ "/home/kim/.ssh/config": "mine" });
  files.links.set(`${answers}/dev`, "/home/kim/.ssh/config");
  files.remove = (path) => Promise.resolve(void files.links.delete(path));
  await folder.keep("dev", { freshUntil: 9, madeOf, line: line("ASIA1") }, always);
  assertEquals(files.contents.get("/home/kim/.ssh/config"), "mine");
  assertEquals(files.contents.get(`${answers}/dev`), `9\n${madeOf}\n${line("ASIA1")}\n`);
  files.links.set(answers, "/home/kim/.ssh");
  await folder.keep("config", { freshUntil: 9, madeOf, line: line("ASIA1") }, always);
  assertEquals([...files.contents.keys()], ["/home/kim/.ssh/config", `${answers}/dev`]);
  assertEquals(await folder.list(), []);
  assertEquals(await folder.logOut("all", new Set()), { removed: 0, left: 0 });
  assertEquals(warnings, [`cache: "${answers}" is not used: it is a link`]);
});

Deno.test("a logout removes what it names, and what is of no entry that is left", async () => {
  const contents = {
    [`${answers}/a`]: text("ASIA1"),
    [`${answers}/b`]: text("ASIA2"),
    [`${answers}/c`]: text("ASIA3"),
    [`${answers}/d`]: "unreadable",
    [`${answers}/a.${crypto.randomUUID()}.tmp`]: text("ASIA1"),
    [`${answers}/.hidden`]: "not ours",
  };
  const scope = { named: ["a"], profiles: [], roleArns: [], users: [] };
  const { files, folder } = setUp(contents);
  assertEquals(await folder.logOut([scope], new Set(["ASIA1", "ASIA2"])), { removed: 3, left: 0 });
  assertEquals([...files.contents.keys()], [`${answers}/b`, `${answers}/.hidden`]);
  assertEquals(await folder.logOut("all", new Set(["ASIA2"])), { removed: 1, left: 0 });
  assertEquals([...files.contents.keys()], [`${answers}/.hidden`]);
});

Deno.test("what a logout cannot remove is counted, and the reason logged", async () => {
  const { files, folder, warnings } = setUp({ [`${answers}/a`]: text("ASIA1") });
  files.remove = () => Promise.reject(new Error("permission denied"));
  assertEquals(await folder.logOut("all", new Set()), { removed: 0, left: 1 });
  assertEquals(warnings, [`cache: "${answers}/a" is not used: permission denied`]);
});
