/**
 * The broker with real shells and real programs, and what its protocol refuses.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { ProgramBroker } from "../../src/cli/programs/broker.ts";
import { brokerScript, formatTable } from "../../src/cli/programs/broker_script.ts";
import { denoSystem } from "../../src/deno/system.ts";
import { ProgramError } from "../../src/errors.ts";
import { ProgramFault, programOutput } from "../../src/program_output.ts";
import type { CommandLine, Helpers, PipedProcess, SleepOptions } from "../../src/system.ts";

const { helpers, clock } = denoSystem;

function line(...words: readonly string[]): CommandLine {
  return { words, env: {} };
}

async function outcome(
  run: PipedProcess | undefined,
): Promise<{ readonly text: string; readonly exit: number }> {
  if (run === undefined) throw new Error("the program is not in the table");
  const text = await new Response(run.stdout).text();
  return { text, exit: await run.exit };
}

async function withBroker<T>(
  lines: readonly CommandLine[],
  use: (broker: ProgramBroker) => Promise<T>,
  shells: Helpers = helpers,
): Promise<T> {
  const broker = new ProgramBroker(shells, lines, false);
  try {
    return await use(broker);
  } finally {
    await broker.close(clock);
  }
}

Deno.test("ProgramBroker passes words on as they are, and what the program prints, byte for byte", async () => {
  const words = [
    "printf",
    "%s|",
    "a b",
    "",
    "it's",
    '"$HOME" `x` \\n',
    "two\nlines",
    "=ready\nready",
    "ready",
    "é\u{1f511}",
    "*",
  ];
  const found = await withBroker([line(...words)], (broker) => outcome(broker.startPiped(words)));
  assertEquals(found, { text: `${words.slice(2).join("|")}|`, exit: 0 });
});

Deno.test("ProgramBroker gives the exit code, and 128 plus the signal", async () => {
  const lines = ["exit 7", "kill -9 $$", "exit 0"].map((text) => line("/bin/sh", "-c", text));
  const exits = await withBroker(lines, (broker) =>
    Promise.all(
      lines.map(async ({ words }) => (await outcome(broker.startPiped(words))).exit),
    ));
  assertEquals(exits, [7, 137, 0]);
});

Deno.test("ProgramBroker sets the variables of a row for its program alone", async () => {
  const words = ["/bin/sh", "-c", 'echo "${STSAVAL_TEST-none}"'];
  const env = { STSAVAL_TEST: "it's\nhere" };
  const found = await withBroker([{ words, env }, line(...words)], async (broker) => [
    (await outcome(broker.startPiped(words, env))).text,
    (await outcome(broker.startPiped(words))).text,
  ]);
  assertEquals(found, ["it's\nhere\n", "none\n"]);
});

Deno.test("ProgramBroker tells a program that is missing from one that may not be executed", async () => {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-broker-" });
  const file = `${folder}/text`;
  await Deno.writeTextFile(file, "text");
  const programs = ["/no/such/program", "no-such-program", folder, file];
  const found = await withBroker(
    programs.map((program) => line(program)),
    (broker) =>
      Promise.all(programs.map(async (program) => {
        const run = broker.startPiped([program]);
        const error = await assertRejects(() => outcome(run), ProgramError);
        return `${error.code}: ${error.message}`;
      })),
  );
  assertEquals(found, [
    'PROGRAM_NOT_FOUND: Cannot run "/no/such/program": there is no such program',
    'PROGRAM_NOT_FOUND: Cannot run "no-such-program": there is no such program',
    `PROGRAM_NOT_EXECUTABLE: Cannot run "${folder}": it is a folder`,
    `PROGRAM_NOT_EXECUTABLE: Cannot run "${file}": permission denied`,
  ]);
});

Deno.test("ProgramBroker runs a program, never a command of the shell or of its own script", async () => {
  const lines = [
    line("stop", "1"),
    line("launch", "x"),
    line("exit", "3"),
    line("echo", "-n", "x"),
  ];
  const found = await withBroker(
    lines,
    (broker) =>
      Promise.all(
        lines.map(({ words }) =>
          outcome(broker.startPiped(words)).then(({ text }) => text, (error) => error.code)
        ),
      ),
  );
  assertEquals(found.slice(0, 3), Array(3).fill("PROGRAM_NOT_FOUND"));
  assertEquals(found[3], "x");
});

Deno.test("ProgramBroker runs nothing that is not in its table", async () => {
  await withBroker([line("true")], (broker) => {
    assertEquals(broker.startPiped(["true", "too"]), undefined);
    assertEquals(broker.startPiped(["true"], { A: "b" }), undefined);
    assertEquals(broker.startPiped(["false"]), undefined);
    return Promise.resolve();
  });
});

Deno.test("the script of the broker takes no program after its table, and no request but a number", async () => {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-broker-" });
  const reached = `${folder}/reached`;
  const helper = helpers.start(brokerScript, ["null"]);
  const evil = `touch ${reached}`;
  await helper.send(formatTable([line("echo", "first")]));
  for (
    const request of [
      `=1) launch ${evil} ;;`,
      "ready",
      evil,
      `run 1 $(${evil})`,
      `run 2;${evil} 0`,
      `run 3 0;${evil}`,
      `run $(${evil}) 0`,
      `stop $(${evil})`,
      `over 1;${evil}`,
      `eval ${evil}`,
      `run 4 1`,
      `run 5 99`,
      `RUN 6 0`,
      `run 7 0 ${evil}`,
      "run 8 0",
    ]
  ) await helper.send(`${request}\n`);
  const text = await new Response(helper.stdout.pipeThrough(untilEnd("8", () => helper.close())))
    .text();
  await helper.exit;
  assertEquals(text.split("\n").filter((one) => one !== "").sort(), [
    "4 end missing",
    "5 end missing",
    "8 66 69 72 73 74 0a",
    "8 end 0",
  ]);
  await assertRejects(() => Deno.stat(reached), Deno.errors.NotFound);
});

/** Calls `then` once the run has ended. */
function untilEnd(run: string, then: () => void): TransformStream<Uint8Array, Uint8Array> {
  let text = "";
  return new TransformStream({
    transform(part, controller) {
      text += new TextDecoder().decode(part);
      controller.enqueue(part);
      if (text.includes(`${run} end`) && text.includes("5 end") && text.includes("4 end")) then();
    },
  });
}

Deno.test("ProgramBroker ends a program and all that it has started", async () => {
  const pids = await Deno.makeTempFile({ prefix: "stsaval-broker-" });
  const words = ["/bin/sh", "-c", `sleep 600 & echo $! >>${pids}; (sleep 600; echo) & wait`];
  await withBroker([line(...words)], async (broker) => {
    const run = broker.startPiped(words);
    const [pid = ""] = await linesOf(pids, 1);
    run?.kill("SIGKILL");
    assertEquals(await outcome(run), { text: "", exit: 143 });
    await ended(pid);
  });
});

Deno.test("ProgramBroker ends what runs when this program dies: its standard input closes", async () => {
  const pids = await Deno.makeTempFile({ prefix: "stsaval-broker-" });
  const words = ["/bin/sh", "-c", `trap '' TERM; echo $$ >>${pids}; while :; do sleep 1; done`];
  const broker = new ProgramBroker(helpers, [line(...words)], false);
  broker.startPiped(words);
  const [pid = ""] = await linesOf(pids, 1);
  await broker.close(clock);
  await ended(pid);
});

/** The lines of a file, once there are so many. */
async function linesOf(path: string, count: number): Promise<readonly string[]> {
  for (;;) {
    const lines = (await Deno.readTextFile(path)).split("\n").slice(0, -1);
    if (lines.length >= count) return lines;
  }
}

/** Waits for the end of the process; the test runner notices where it never ends. */
async function ended(pid: string): Promise<void> {
  while ((await new Deno.Command("kill", { args: ["-0", pid], stderr: "null" }).output()).success) {
    const state = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", pid] }).output();
    if (new TextDecoder().decode(state.stdout).startsWith("Z")) return;
  }
}

Deno.test("ProgramBroker keeps the output of programs that run at once apart", async () => {
  const lines = Array.from(
    { length: 8 },
    (_, index) =>
      line("/bin/sh", "-c", `i=0; while [ $i -lt 200 ]; do echo ${index}; i=$((i+1)); done`),
  );
  const texts = await withBroker(
    lines,
    (broker) =>
      Promise.all(lines.map(async ({ words }) => (await outcome(broker.startPiped(words))).text)),
  );
  assertEquals(texts, lines.map((_, index) => `${index}\n`.repeat(200)));
});

Deno.test("ProgramBroker passes on one byte more than 64 KiB, and no more", async () => {
  const words = ["/bin/sh", "-c", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx || exit; done"];
  const { text } = await withBroker(
    [line(...words)],
    (broker) => outcome(broker.startPiped(words)),
  );
  assertEquals(text.length, 65_537);
});

Deno.test("ProgramBroker says so when its shell is killed", async () => {
  const killed: Helpers = {
    ...helpers,
    start(...words) {
      const helper = helpers.start(...words);
      return {
        ...helper,
        send: async (text) => {
          await helper.send(text);
          if (text.startsWith("run")) helper.kill("SIGKILL");
        },
      };
    },
  };
  const words = ["sleep", "600"];
  await withBroker([line(...words)], async (broker) => {
    const error = await assertRejects(() => outcome(broker.startPiped(words)));
    assertEquals((error as Error).message, 'Cannot run "sleep": the shell that runs it was ended');
  }, killed);
});

Deno.test("programOutput() by a broker ends what prints too much or too long, and the broker goes on", async () => {
  const endless = [
    "/bin/sh",
    "-c",
    "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx || exit; done",
  ];
  const slow = ["sleep", "600"];
  const fine = ["echo", "fine"];
  await withBroker([line(...endless), line(...slow), line(...fine)], async (broker) => {
    const limit = new AbortController();
    const ports = {
      processes: {
        startPiped: (words: readonly string[]) => broker.startPiped(words) ?? unknown(),
        start: unknown,
      },
      clock: {
        sleep: (ms: number, options?: SleepOptions) =>
          ms === 7_000 ? Promise.resolve(limit.abort()) : clock.sleep(ms, options),
      },
    };
    const run = (words: readonly string[], seconds = 60) =>
      programOutput(
        ports,
        line(...words),
        { seconds, bytes: 65_536 },
        new AbortController().signal,
      );
    await assertRejects(() => run(endless), ProgramFault, "printed more than 65,536 bytes");
    await assertRejects(() => run(slow, 7), ProgramFault, "took more than 7 seconds");
    assertEquals(new TextDecoder().decode(await run(fine)), "fine\n");
  });
});

Deno.test("ProgramBroker goes on where a reader has left before the program ended", async () => {
  const output = new TransformStream<Uint8Array, Uint8Array>();
  const writer = output.writable.getWriter();
  const print = (text: string) => writer.write(new TextEncoder().encode(text));
  const scripted: Helpers = {
    ...helpers,
    start: () => ({
      exit: Promise.resolve(0),
      stdout: output.readable,
      kill: () => true,
      send: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }),
  };
  const broker = new ProgramBroker(scripted, [line("a"), line("b")], false);
  const first = broker.startPiped(["a"]);
  const second = broker.startPiped(["b"]);
  await first?.stdout.cancel();
  await print("1 61 0a\n1 end 3\n2 62 0a\n");
  assertEquals(await first?.exit, 3);
  const reader = second?.stdout.getReader();
  assertEquals((await reader?.read())?.value, new TextEncoder().encode("b\n"));
  await reader?.cancel();
  second?.kill("SIGKILL");
  assertEquals(await second?.exit, 143);
});

function unknown(): never {
  throw new Error("the program is not in the table");
}
