/**
 * Holds the imports of the program to the table of rooms: down in rank, or within a room; never up, never sideways,
 * never in a circle. Imports of types count too, since a reader follows them all the same.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { settingNames } from "../src/config/profile.ts";
import { findCycle, type Import, importsOf, programFiles, programImports } from "./import_graph.ts";

/** How high each room sits; a room is a folder (with its slash) or a file. */
const ranks: Readonly<Record<string, number>> = {
  "cli.ts": 9,
  "src/cli/": 8,
  "mod.ts": 7,
  "src/testing/": 7,
  "src/session/": 5,
  "src/output/": 4,
  "src/config/": 3,
  "src/sts/": 3,
  "src/deno/system.ts": 1,
  "src/": 0,
};

/** The files of rank 0. A new one is a decision, so it is written down here. */
const ground: readonly string[] = [
  "abortable",
  "build",
  "credentials",
  "duration",
  "errors",
  "logger",
  "nearest",
  "plan",
  "system",
  "version",
].map((name) => `src/${name}.ts`);

/** Who may use which package. */
const packageRooms: Readonly<Record<string, readonly string[]>> = {
  "@aws-sdk/client-sts": ["src/sts/"],
  "@std/cli/parse-args": ["src/cli/"],
  "@std/cli/unicode-width": ["src/cli/", "src/output/"],
  "@std/ini": ["src/config/"],
  "@std/log": ["src/cli/"],
};

/** Where the real system is put in; everybody else is given ports. */
const wiring: readonly string[] = [
  "src/cli/cached_process.ts",
  "src/cli/main.ts",
  "mod.ts",
  "src/session/core.ts",
  "src/testing/emulator.ts",
];

function roomOf(file: string): string | undefined {
  const room = Object.keys(ranks).find((name) => file === name || isIn(file, name));
  return room === "src/" && !ground.includes(file) ? undefined : room;
}

function isIn(file: string, folder: string): boolean {
  return folder.endsWith("/") && file.startsWith(folder);
}

/** What is wrong with an import, in a sentence; undefined where nothing is. */
function objection({ from, to }: Import): string | undefined {
  const rooms = packageRooms[to];
  if (rooms !== undefined) {
    const allowed = rooms.some((room) => isIn(from, room));
    return allowed ? undefined : `${from} imports "${to}": only ${rooms.join(", ")} may`;
  }
  const [upper, lower] = [roomOf(from), roomOf(to)];
  if (upper === undefined) return `${from} has no rank: give it one in this test`;
  if (lower === undefined) return `${from} imports "${to}": it is in no room and no known package`;
  if (to === "src/deno/system.ts" && !wiring.includes(from)) {
    return `${from} imports "${to}": take a port of src/system.ts, only ${wiring.join(", ")} wire`;
  }
  const [high, low] = [ranks[upper] ?? NaN, ranks[lower] ?? NaN];
  if (upper === lower || low < high) return undefined;
  const way = low === high ? "sideways" : "up";
  return `${from} (rank ${high}) imports "${to}" (rank ${low}): imports go down, never ${way}`;
}

function imported(from: string, to: string, typeOnly = false): Import {
  return { from, to, typeOnly, dynamic: false };
}

Deno.test("the program's imports go down in rank or stay in their room", async () => {
  const objections = (await programImports()).map(objection);
  assertEquals(objections.filter((text) => text !== undefined), []);
});

Deno.test("every file of the program has a rank", async () => {
  const homeless = (await programFiles()).filter((file) => roomOf(file) === undefined);
  assertEquals(homeless, []);
});

Deno.test("the program's imports make no circle", async () => {
  assertEquals(findCycle(await programImports()), undefined);
});

Deno.test("the SDK is loaded only when a call is made: no static import leads to it", async () => {
  const eager = (await programImports()).filter(({ typeOnly, dynamic }) => !typeOnly && !dynamic);
  const users = eager.filter(({ to }) => to === "@aws-sdk/client-sts").map(({ from }) => from);
  const leading = eager.filter(({ to }) => users.includes(to));
  assertEquals(leading.map(({ from, to }) => `${from} imports "${to}" statically`), []);
});

Deno.test("no file but src/config/profile.ts spells the keys of AWS's files", async () => {
  // AWS calls the whole interface credential_process; the other two are not AWS's.
  const { credentialProcess: _, mfaProcess: __, shareAwsCache: ___, ...names } = settingNames;
  const keys = Object.values(names).filter((name) => name.includes("_"));
  const spelled: string[] = [];
  for (const file of await programFiles()) {
    if (file === "src/config/profile.ts") continue;
    const source = await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
    const code = source.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
    spelled.push(...keys.filter((key) => code.includes(key)).map((key) => `${file}: ${key}`));
  }
  assertEquals(spelled, []);
});

Deno.test({
  name: "objection() finds imports that go up or sideways, and says which",
  permissions: "none",
  fn() {
    const bad: readonly [string, string][] = [
      ["src/config/chain.ts", "src/session/core.ts"],
      ["src/config/chain.ts", "src/sts/sts.ts"],
      ["src/sts/client.ts", "src/config/profile.ts"],
      ["src/errors.ts", "src/config/profile.ts"],
      ["src/session/core.ts", "mod.ts"],
      ["mod.ts", "src/testing/mod.ts"],
      ["src/cli/main.ts", "cli.ts"],
      ["src/config/load.ts", "src/deno/system.ts"],
      ["src/config/load.ts", "@std/log"],
      ["src/session/core.ts", "@aws-sdk/client-sts"],
      ["src/session/core.ts", "npm:left-pad"],
      ["src/helper.ts", "src/errors.ts"],
      ["src/cli/main.ts", "vendor/std/ini/mod.ts"],
    ];
    for (const [from, to] of bad) {
      assertEquals(objection(imported(from, to, true))?.startsWith(from), true, `${from} → ${to}`);
    }
    assertEquals(
      objection(imported("src/config/chain.ts", "src/sts/sts.ts")),
      'src/config/chain.ts (rank 3) imports "src/sts/sts.ts" (rank 3): imports go down, never sideways',
    );
  },
});

Deno.test({
  name: "objection() leaves imports that go down or stay in their room alone",
  permissions: "none",
  fn() {
    assertEquals(objection(imported("src/session/core.ts", "src/config/load.ts")), undefined);
    assertEquals(objection(imported("src/config/chain.ts", "src/config/profile.ts")), undefined);
    assertEquals(objection(imported("src/duration.ts", "src/errors.ts")), undefined);
    assertEquals(objection(imported("src/sts/client.ts", "@aws-sdk/client-sts")), undefined);
  },
});

Deno.test({
  name: "importsOf() sees static, type, re-exported and dynamic imports",
  permissions: "none",
  fn() {
    const source = `
      import "./a.ts";
      import { b } from "./b.ts";
      import type { C } from "../c.ts";
      import { type D } from "@std/ini";
      export { e } from "./e.ts";
      export type { F } from "./f.ts";
      export * from "./g.ts";
      const h = await import("./h.ts");
      let i: import("./i.ts").I;
      // import "./comment.ts";
    `;
    const seen = importsOf("src/cli/main.ts", source).map(({ to, typeOnly, dynamic }) =>
      `${to}${typeOnly ? " type" : ""}${dynamic ? " dynamic" : ""}`
    );
    assertEquals(seen, [
      "src/cli/a.ts",
      "src/cli/b.ts",
      "src/c.ts type",
      "@std/ini type",
      "src/cli/e.ts",
      "src/cli/f.ts type",
      "src/cli/g.ts",
      "src/cli/h.ts dynamic",
      "src/cli/i.ts type",
    ]);
  },
});

Deno.test({
  name: "findCycle() names the files of a circle, types included",
  permissions: "none",
  fn() {
    const knot = [
      imported("a.ts", "b.ts"),
      imported("b.ts", "c.ts", true),
      imported("c.ts", "b.ts"),
    ];
    assertEquals(findCycle(knot), ["b.ts", "c.ts", "b.ts"]);
    assertEquals(findCycle(knot.slice(0, 2)), undefined);
  },
});
