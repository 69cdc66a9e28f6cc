/**
 * Holds the program to the table of layers (CONTRIBUTING.md, "Layers"): imports go down in rank or stay in their layer,
 * never up, never sideways, never in a circle; folders stay small; only the adapter touches the outside. Imports of
 * types count too, since a reader follows them all the same.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import plugin from "../lint/stsaval.ts";
import { settingNames } from "../src/config/file/setting_names.ts";
import { findCycle, type Import, importsOf, programFiles, programImports } from "./import_graph.ts";

/** How high each layer sits; a layer is a folder (with its slash) or a file. Some are still to come. */
const ranks: Readonly<Record<string, number>> = {
  "cli.ts": 10,
  "src/cli/": 9,
  "mod.ts": 8,
  "src/testing/": 8,
  "src/server/": 7,
  "src/session/": 6,
  "src/source/": 5,
  "src/store/": 4,
  "src/cache/": 4,
  "src/output/": 4,
  "src/config/": 3,
  "src/sts/": 3,
  "src/refresh/": 3,
  "src/schedule.ts": 2,
  "src/plan.ts": 2,
  "src/duration.ts": 2,
  "src/host.ts": 2,
  "src/deno/": 1,
  "src/node/": 1,
  "src/": 0,
};

/** The subfolders of a layer whose order counts, the lowest first; "" is what lies in the layer itself. */
const subfolders: Readonly<Record<string, readonly string[]>> = {
  "src/config/": ["file/", "", "names/", "plan/", "scope/"],
  "src/testing/": [
    "http/",
    "signing/",
    "world/",
    "policy/",
    "sts/",
    "sso/",
    "sign_in/",
    "github/",
    "metadata/",
    "console/",
    "iam/",
    "",
  ],
};

/** The files of rank 0. A new one is a decision, so it is written down here. */
const ground: readonly string[] = [
  "abortable",
  "build",
  "credentials",
  "decoded_text",
  "errors",
  "file_error",
  "logger",
  "masking",
  "nearest",
  "program_output",
  "progress",
  "system",
  "turns",
  "version",
  // What is the same in every runtime.
  "web/clock",
  "web/digests",
  "web/file_version",
  "web/link_target",
  "web/random",
].map((name) => `src/${name}.ts`);

/** Who may use which package. */
const packageUsers: Readonly<Record<string, readonly string[]>> = {
  "@aws-sdk/client-sts": ["src/sts/"],
  "@std/cli/parse-args": ["src/cli/"],
  "@std/cli/unicode-width": ["src/output/"],
  "@std/ini": ["src/config/"],
  "@std/log": ["src/cli/"],
  "age-encryption": ["src/store/"],
  // Digests in the same turn: a server that waits for WebCrypto at each request answers half as many.
  "node:crypto": ["src/testing/", "src/server/", "src/web/"],
  "node:child_process": ["src/node/"],
  "node:fs": ["src/node/"],
  "node:fs/promises": ["src/node/"],
  "node:http": ["src/node/"],
  "node:https": ["src/node/"],
  "node:os": ["src/node/"],
  "node:path": ["src/node/"],
  "node:process": ["src/node/"],
  "node:tls": ["src/node/"],
  "node:tty": ["src/node/"],
};

/** Where a real system is put in, by the adapter; all others are given ports. */
const wiring: Readonly<Record<string, readonly string[]>> = {
  "src/deno/": [
    "src/cli/cached_process.ts",
    "src/cli/main.ts",
    "src/cli/shortcut/answer.ts",
    "src/host.ts",
  ],
  "src/node/": ["src/host.ts"],
  "src/web/": [
    "src/deno/",
    "src/node/",
    "src/server/credential_server.ts",
    "src/testing/emulator.ts",
  ],
};

/** How many modules of its own a folder may have. */
const mostModules = 18;

function layerOf(file: string): string | undefined {
  const layer = Object.keys(ranks).find((name) => file === name || isIn(file, name));
  return layer === "src/" && !ground.includes(file) ? undefined : layer;
}

function isIn(file: string, folder: string): boolean {
  return folder.endsWith("/") && file.startsWith(folder);
}

function isPartOf(file: string, part: string): boolean {
  return file === part || isIn(file, part);
}

/** What is wrong with an import, in a sentence; undefined where nothing is. */
function objection({ from, to }: Import): string | undefined {
  const users = packageUsers[to];
  if (users !== undefined) {
    const allowed = users.some((layer) => isIn(from, layer));
    return allowed ? undefined : `${from} imports "${to}": only ${users.join(", ")} may`;
  }
  const [upper, lower] = [layerOf(from), layerOf(to)];
  if (upper === undefined) return `${from} has no rank: give it one in this test`;
  if (lower === undefined) return `${from} imports "${to}": it is in no layer and no known package`;
  const adapter = Object.keys(wiring).find((folder) => isIn(to, folder)) ?? "";
  const wirers = wiring[adapter];
  if (wirers !== undefined && ![adapter, ...wirers].some((part) => isPartOf(from, part))) {
    return `${from} imports "${to}": take a port of src/system.ts, only ${wirers.join(", ")} wire`;
  }
  if (upper === lower) return objectionInside(upper, from, to);
  const [high, low] = [ranks[upper] ?? NaN, ranks[lower] ?? NaN];
  if (low < high) return undefined;
  const way = low === high ? "sideways" : "up";
  return `${from} (rank ${high}) imports "${to}" (rank ${low}): imports go down, never ${way}`;
}

/** The same within a layer, where the order of its subfolders counts. */
function objectionInside(layer: string, from: string, to: string): string | undefined {
  const order = subfolders[layer];
  if (order === undefined) return undefined;
  const heightOf = (file: string) => {
    const height = order.findIndex((folder) => folder !== "" && isIn(file, layer + folder));
    return height < 0 ? order.indexOf("") : height;
  };
  if (heightOf(to) <= heightOf(from)) return undefined;
  const names = order.map((folder) => layer + folder).join(", ");
  return `${from} imports "${to}": imports go down in the order ${names}`;
}

/** The folders that hold too many modules of their own, each in a sentence. */
function crowded(files: readonly string[]): readonly string[] {
  const folders = Map.groupBy(files, (file) => file.slice(0, Math.max(0, file.lastIndexOf("/"))));
  return [...folders].flatMap(([folder, modules]) =>
    modules.length <= mostModules ? [] : [
      `${folder} holds ${modules.length} modules, at most ${mostModules} are allowed: group them`,
    ]
  );
}

function imported(from: string, to: string, typeOnly = false): Import {
  return { from, to, typeOnly, dynamic: false };
}

/** The files that are loaded with these, since static imports lead to them. */
function loadedWith(files: readonly string[], imports: readonly Import[]): ReadonlySet<string> {
  const loaded = new Set(files);
  for (const file of loaded) {
    for (const { from, to, typeOnly, dynamic } of imports) {
      if (from === file && !typeOnly && !dynamic) loaded.add(to);
    }
  }
  return loaded;
}

Deno.test("the program's imports go down in rank or stay in their layer", async () => {
  const objections = (await programImports()).map(objection);
  assertEquals(objections.filter((text) => text !== undefined), []);
});

Deno.test("every file of the program has a rank", async () => {
  const unranked = (await programFiles()).filter((file) => layerOf(file) === undefined);
  assertEquals(unranked, []);
});

Deno.test("the program's imports make no circle", async () => {
  assertEquals(findCycle(await programImports()), undefined);
});

Deno.test("no folder of the program is crowded", async () => {
  assertEquals(crowded(await programFiles()), []);
});

Deno.test("only the adapter touches the outside", async () => {
  const outside: string[] = [];
  for (const file of await programFiles()) {
    const found = Deno.lint.runPlugin(plugin, file, await Deno.readTextFile(file));
    const adapter = found.filter(({ id }) => id === "stsaval/one-adapter");
    outside.push(...adapter.map(({ message }) => `${file}: ${message}`));
  }
  assertEquals(outside, []);
});

Deno.test("an adapter is loaded only under its own runtime: no static import of the module leads to one", async () => {
  const files = await programImports();
  const reached = loadedWith(["mod.ts", "src/testing/mod.ts"], files);
  assert(reached.has("src/session/core.ts") && reached.has("src/testing/emulator.ts"));
  assertEquals([...reached].filter((file) => /^src\/(?:deno|node)\//.test(file)), []);
  const chosen = files.filter(({ from, typeOnly }) => from === "src/host.ts" && !typeOnly);
  assertEquals(chosen.filter(({ dynamic }) => dynamic).map(({ to }) => to), [
    "src/deno/system.ts",
    "src/node/system.ts",
  ]);
});

Deno.test("each adapter knows the globals of its own runtime alone", async () => {
  const foreign: Readonly<Record<string, RegExp>> = {
    "src/node/": /\bDeno\./,
    "src/web/": /\bDeno\.|\bprocess\b/,
  };
  for (const file of await programFiles()) {
    const wrong = Object.entries(foreign).find(([folder]) => isIn(file, folder))?.[1];
    if (wrong === undefined) continue;
    const source = await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
    assertEquals(wrong.exec(source)?.[0], undefined, file);
  }
});

Deno.test("a hit of the cache loads nothing that calls, goes through the whole cache or keeps a lookup", async () => {
  const loaded = loadedWith(["src/cli/cached_process.ts"], await programImports());
  assert(loaded.has("src/cli/permissions/sandbox.ts") && loaded.has("src/cache/cache.ts"));
  const late = [
    ...[
      "src/cache/answers",
      "src/cache/lookups/",
      "src/cache/upkeep/",
    ],
    ...[
      "src/cli/commands.ts",
      "src/cli/permissions/network",
      "src/cli/permissions/resolve_sources",
    ],
    ...["src/cli/shortcut/", "src/config/role_json", "src/source/metadata/container_credentials"],
    ...["src/sts/client", "src/sts/sdk"],
  ];
  assertEquals([...loaded].filter((file) => late.some((start) => file.startsWith(start))), []);
});

Deno.test("the SDK is loaded only when a call is made: no static import leads to it", async () => {
  const eager = (await programImports()).filter(({ typeOnly, dynamic }) => !typeOnly && !dynamic);
  const users = eager.filter(({ to }) => to === "@aws-sdk/client-sts").map(({ from }) => from);
  const leading = eager.filter(({ to }) => users.includes(to));
  assertEquals(leading.map(({ from, to }) => `${from} imports "${to}" statically`), []);
});

Deno.test("what seals is loaded only where something is sealed or opened: no static import leads to it", async () => {
  const eager = (await programImports()).filter(({ typeOnly, dynamic }) => !typeOnly && !dynamic);
  assertEquals(eager.filter(({ to }) => to === "age-encryption"), []);
  const opening = ["src/store/sealed_store.ts", "src/store/openers/openers.ts"];
  const leading = eager.filter(({ from, to }) => opening.includes(to) && !opening.includes(from));
  assertEquals(leading.map(({ from }) => from), ["src/source/sealed/open.ts"]);
  assertEquals(eager.filter(({ to }) => to === "src/source/sealed/open.ts"), []);
});

Deno.test("no file but src/config/file/setting_names.ts spells the keys of AWS's files", async () => {
  // AWS calls the whole interface credential_process; the others are not AWS's.
  const { credentialProcess: _, mfaProcess: __, shareAwsCache: ___, ...others } = settingNames;
  const { sealedKeys: ____, ...names } = others;
  const keys = Object.values(names).filter((name) => name.includes("_"));
  const spelled: string[] = [];
  for (const file of await programFiles()) {
    if (file === "src/config/file/setting_names.ts") continue;
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
      ["src/config/plan/chain.ts", "src/session/core.ts"],
      ["src/config/plan/chain.ts", "src/sts/sts.ts"],
      ["src/sts/client.ts", "src/config/profile.ts"],
      ["src/errors.ts", "src/config/profile.ts"],
      ["src/session/core.ts", "mod.ts"],
      ["mod.ts", "src/testing/mod.ts"],
      ["src/cli/main.ts", "cli.ts"],
      ["src/config/load.ts", "src/deno/system.ts"],
      ["src/cache/cache.ts", "src/session/core.ts"],
      ["src/cache/cache.ts", "src/output/table.ts"],
      ["src/store/file.ts", "src/cache/cache.ts"],
      ["src/source/sso.ts", "src/session/core.ts"],
      ["src/server/guard.ts", "src/cli/main.ts"],
      ["src/session/core.ts", "src/server/guard.ts"],
      ["src/node/files.ts", "src/deno/files.ts"],
      ["src/session/core.ts", "src/node/system.ts"],
      ["src/cli/main.ts", "src/node/system.ts"],
      ["src/deno/files.ts", "src/host.ts"],
      ["src/cache/lock.ts", "src/web/clock.ts"],
      ["src/deno/files.ts", "node:fs"],
      ["src/session/core.ts", "node:process"],
      ["src/plan.ts", "src/schedule.ts"],
      ["src/errors.ts", "src/duration.ts"],
      ["src/config/file/ini.ts", "src/config/profile.ts"],
      ["src/config/profile.ts", "src/config/plan/chain.ts"],
      ["src/testing/http/error.ts", "src/testing/world/identity.ts"],
      ["src/testing/world/identity.ts", "src/testing/mod.ts"],
      ["src/session/core.ts", "node:crypto"],
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
      objection(imported("src/config/plan/chain.ts", "src/sts/sts.ts")),
      'src/config/plan/chain.ts (rank 3) imports "src/sts/sts.ts" (rank 3): imports go down, never sideways',
    );
  },
});

Deno.test({
  name: "objection() leaves imports that go down or stay in their layer alone",
  permissions: "none",
  fn() {
    assertEquals(objection(imported("src/session/core.ts", "src/config/load.ts")), undefined);
    assertEquals(
      objection(imported("src/config/plan/chain.ts", "src/config/profile.ts")),
      undefined,
    );
    assertEquals(objection(imported("src/duration.ts", "src/errors.ts")), undefined);
    assertEquals(objection(imported("src/source/sso.ts", "src/store/file.ts")), undefined);
    assertEquals(objection(imported("src/server/guard.ts", "src/session/core.ts")), undefined);
    assertEquals(objection(imported("src/config/profile.ts", "src/config/file/ini.ts")), undefined);
    assertEquals(objection(imported("src/deno/files.ts", "src/deno/links.ts")), undefined);
    assertEquals(objection(imported("src/sts/client.ts", "@aws-sdk/client-sts")), undefined);
  },
});

Deno.test({
  name: "crowded() names the folder and the number",
  permissions: "none",
  fn() {
    const modules = (folder: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${folder}/m${index}.ts`);
    assertEquals(crowded(modules("src/cache", 18)), []);
    assertEquals(crowded(modules("src/cache", 19)), [
      "src/cache holds 19 modules, at most 18 are allowed: group them",
    ]);
    assertEquals(crowded([...modules("src/cache", 18), ...modules("src/cache/disk", 2)]), []);
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
