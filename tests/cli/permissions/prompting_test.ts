/**
 * The shells of a command: started right before the first call, once each, and ended with it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { BuildFacts } from "../../../src/build.ts";
import { withShells } from "../../../src/cli/permissions/shells.ts";
import { brokerScript } from "../../../src/cli/programs/broker_script.ts";
import type { CommandLine, Helper, Network } from "../../../src/system.ts";
import { FakePermissions, fakeSystem } from "../../fake_system.ts";
import { settle } from "../../settle.ts";

type CallOptions = NonNullable<Parameters<NonNullable<Network["callOnly"]>>[1]>;

interface Start {
  readonly programs?: readonly CommandLine[];
  readonly promptsElsewhere?: boolean;
  readonly opensPages?: boolean;
  readonly grants?: readonly string[];
  readonly facts?: BuildFacts;
  /** What the helper on the terminal prints first; nothing where there is no terminal. */
  readonly hello?: string;
}

const program: CommandLine = { words: ["/opt/a"], env: {} };

/** A command's system, and what happens to its shells. */
async function start({
  programs = [program],
  promptsElsewhere = false,
  opensPages = false,
  grants = ["run"],
  facts,
  hello = "\0",
}: Start) {
  const events: string[] = [];
  const helper = (script: string): Helper => {
    const others = script.includes("exec 3<>/dev/tty") ? "terminal" : "browser";
    const kind = script === brokerScript ? "broker" : others;
    const ends = Promise.withResolvers<number>();
    events.push(`start ${kind}`);
    return {
      exit: ends.promise,
      stdout: new Blob(kind === "broker" ? [] : [hello]).stream() as ReadableStream<Uint8Array>,
      kill: () => true,
      send: () => Promise.resolve(),
      async close() {
        // As long as a shell takes: what does not wait for it is over before.
        for (let turn = 0; turn < 20; turn++) await undefined;
        events.push(`end ${kind}`);
        ends.resolve(0);
      },
    };
  };
  const permissions = new FakePermissions(grants);
  const system = fakeSystem({ permissions, helper, program: () => ({ exit: 0 }) });
  const callOnly = (urls: readonly string[]) => void events.push(`call ${urls.join()}`);
  const drop = (hasBroker: boolean) => void events.push(`drop ${hasBroker}`);
  const shells = await withShells(
    { ...system, network: { ...system.network, callOnly } },
    system,
    { programs, promptsElsewhere, opensPages, drop },
    facts,
  );
  return {
    events,
    shells,
    system,
    call: (url: string, options?: CallOptions) => shells.network.callOnly?.([url], options),
  };
}

const everything: CallOptions = { mayPrompt: true, mayOpen: ["https://a.example"] };

Deno.test("each shell is started by the first call that may need it, once, and ends with the command", async () => {
  const all = { promptsElsewhere: true, opensPages: true };
  const { events, shells, call } = await start(all);
  assertEquals(events, []);
  call("u", everything);
  const started = ["call u", "start browser", "start terminal", "start broker", "drop true"];
  assertEquals(events, started);
  call("v", everything);
  assertEquals(events, [...started, "call v"]);
  await shells[Symbol.asyncDispose]();
  assertEquals(events.slice(6).sort(), ["end broker", "end browser", "end terminal"]);
  await shells[Symbol.asyncDispose]();
  assertEquals(events.filter((event) => event === "end terminal").length, 1);
});

Deno.test("shells that are not needed, or may not be run, are not started", async () => {
  const all = { promptsElsewhere: true, opensPages: true };
  const rows: readonly (readonly [Start, CallOptions | undefined, readonly string[]])[] = [
    [{}, everything, ["start broker", "drop true"]],
    [{ opensPages: true }, everything, ["start browser", "start broker", "drop true"]],
    [{ opensPages: true }, { mayOpen: [] }, ["start broker", "drop true"]],
    [{ opensPages: true }, undefined, ["start broker", "drop true"]],
    [{ promptsElsewhere: true }, { mayPrompt: false }, ["start broker", "drop true"]],
    [{ ...all, programs: [] }, everything, ["start browser", "start terminal", "drop false"]],
    [{ ...all, grants: [] }, everything, ["drop false"]],
  ];
  for (const [parts, options, wanted] of rows) {
    const { events, shells, call } = await start(parts);
    call("u", options);
    assertEquals(events, ["call u", ...wanted], JSON.stringify([parts, options]));
    await shells[Symbol.asyncDispose]();
    const ended = events.filter((event) => event.startsWith("end")).length;
    assertEquals(ended, wanted.filter((event) => event.startsWith("start")).length);
  }
});

Deno.test("a program of the plans is run by the broker, until another program is started", async () => {
  for (const parts of [{}, { promptsElsewhere: true }]) {
    const { events, shells, system, call } = await start(parts);
    call("u", everything);
    shells.processes.startPiped(program.words);
    assertEquals(system.processes.started.length, 0);
    shells.processes.startPiped(["/opt/other"]);
    assertEquals(system.processes.started.length, 1);
    shells.processes.start(["aws"], {});
    await settle();
    const ended = events.filter((event) => event.startsWith("end")).sort();
    assertEquals(ended, parts.promptsElsewhere ? ["end broker", "end terminal"] : ["end broker"]);
    shells.processes.startPiped(program.words);
    assertEquals(system.processes.started.map(({ words }) => words[0]), [
      ...["/opt/other", "aws", "/opt/a"],
    ]);
    await shells[Symbol.asyncDispose]();
  }
  const { shells, system } = await start({ grants: [] });
  shells.processes.startPiped(program.words);
  assertEquals(system.processes.started.length, 1);
});

Deno.test("without a shell for pages nothing is known of a browser, and no page is opened", async () => {
  const { shells, call } = await start({ opensPages: true, grants: [] });
  call("u", everything);
  assertEquals(await shells.browser?.isHere(), true);
  assertEquals(await shells.browser?.open("https://a.example/x"), false);
  const other = await start({});
  assertEquals(other.shells.browser, undefined);
});

Deno.test("where prompts are elsewhere, the place is the controlling terminal, or why there is none", async () => {
  const none =
    "standard input or standard error is no terminal, and this program cannot open another one, since ";
  const facts: BuildFacts = { commit: "", deno: "", lock: "", hosts: [] };
  const rows: readonly (readonly [Start, string])[] = [
    [{ grants: [] }, `${none}it may not run /bin/sh`],
    [{ grants: [], facts }, `${none}it may not run /bin/sh`],
    [
      { grants: [], facts: { ...facts, programs: ["op", "aws"] } },
      `${none}it was compiled to run nothing but op, aws`,
    ],
    [{ hello: "" }, "no terminal"],
  ];
  for (const [parts, why] of rows) {
    const { shells, call } = await start({ ...parts, promptsElsewhere: true });
    assertEquals(shells.terminal.canAsk, false);
    call("u", everything);
    assertEquals(await shells.terminal.controlling?.(), why);
    await shells[Symbol.asyncDispose]();
  }
  const { shells, call } = await start({ promptsElsewhere: true });
  call("u", everything);
  const place = await shells.terminal.controlling?.();
  assert(typeof place === "object");
  await shells[Symbol.asyncDispose]();
});
