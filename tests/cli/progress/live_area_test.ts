import { assertEquals } from "@std/assert";
import { LiveArea } from "../../../src/cli/progress/live_area.ts";
import { FakeProcesses, fakeSystem, ScriptedTerminal } from "../../fake_system.ts";
import { settle } from "../../settle.ts";
import { screenOf } from "../../screen.ts";

function pure(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

/** A terminal that shows both streams, and the area at its bottom. */
function areaOn(raw = new ScriptedTerminal({ isTerminal: true })) {
  let written = "";
  const [out, err] = [raw.out.bind(raw), raw.err.bind(raw)];
  raw.out = (text) => (written += text, out(text));
  raw.err = (text) => (written += text, err(text));
  return { raw, area: new LiveArea(raw), shown: () => screenOf(written) };
}

pure("what is printed stands above what is drawn, and nothing is left of that at the end", () => {
  const { area, shown } = areaOn();
  area.draw("1 of 2", "err");
  area.terminal.err("warning: a\n");
  assertEquals(shown(), ["warning: a", "1 of 2"]);
  area.draw("2 of 2", "err");
  area.terminal.out("result\n");
  assertEquals(shown(), ["warning: a", "result", "2 of 2"]);
  area.clear();
  assertEquals(shown(), ["warning: a", "result", ""]);
  area.terminal.out("more\n");
  assertEquals(shown(), ["warning: a", "result", "more", ""]);
});

pure(
  "a table of several lines gives way to a log, and is drawn over itself when it is shorter",
  () => {
    const { area, shown } = areaOn();
    area.draw("TITLE\na\nb\n", "out");
    area.terminal.err("log 1\nlog 2\n");
    assertEquals(shown(), ["log 1", "log 2", "TITLE", "a", "b", ""]);
    area.draw("TITLE\na\n", "out");
    assertEquals(shown(), ["log 1", "log 2", "TITLE", "a", ""]);
    area.leave();
    area.terminal.err("ended\n");
    assertEquals(shown(), ["log 1", "log 2", "TITLE", "a", "ended", ""]);
  },
);

pure("a terminal that became narrower has wrapped the lines, which are erased as a whole", () => {
  const { area, raw } = areaOn();
  area.draw("\x1b[1m12345678\x1b[0m\n1234\n", "out");
  raw.width = 4;
  raw.stdout = "";
  area.draw("1234\n", "out");
  assertEquals(raw.stdout, "\x1b[3A\r1234\x1b[K\n\x1b[J");
  area.draw("12345", "err");
  raw.stderr = "";
  area.clear();
  assertEquals(raw.stderr, "\x1b[1A\r\x1b[J");
});

pure("nothing is drawn into a line that has not ended", () => {
  const { area, shown } = areaOn();
  area.terminal.err("MFA code: ");
  area.draw("1 of 2", "err");
  assertEquals(shown(), ["MFA code: "]);
  area.terminal.err("******");
  // What moves the cursor alone ends no line.
  area.terminal.err("\x1b[?25h");
  assertEquals(shown(), ["MFA code: ******"]);
  area.terminal.err("\n");
  assertEquals(shown(), ["MFA code: ******", "1 of 2"]);
});

pure(
  "nothing is drawn while keys are read for a prompt, but for those of the drawing itself",
  async () => {
    const { area, shown } = areaOn(new ScriptedTerminal({ keys: ["a", "b", "c"] }));
    area.draw("1 of 2", "err");
    for await (const key of area.terminal.keys()) {
      assertEquals([key, shown()], ["a", [""]]);
      break;
    }
    assertEquals(shown(), ["1 of 2"]);
    for await (const key of area.keys()) {
      assertEquals([key, shown()], ["b", ["1 of 2"]]);
      break;
    }
  },
);

pure("nothing is drawn while a program runs, or where it cannot be started", async () => {
  const { area, raw, shown } = areaOn();
  const processes = new FakeProcesses(([name]) => {
    if (name === "none") throw new Error("there is no such program");
    return {};
  });
  const system = area.around({ ...fakeSystem(), processes, terminal: area.terminal });
  area.draw("1 of 2", "err");
  const child = system.processes.startPiped(["vault"]);
  assertEquals(shown(), [""]);
  raw.err("touch your key\n");
  processes.started[0]?.end(0);
  await child.exit;
  await settle();
  assertEquals(shown(), ["touch your key", "1 of 2"]);
  try {
    system.processes.start(["none"], {});
  } catch {
    // It goes on as if it had not been tried.
  }
  assertEquals(shown(), ["touch your key", "1 of 2"]);
});

pure("nothing is drawn while a code is typed on the controlling terminal", async () => {
  const typing = new ScriptedTerminal({ keys: ["1"] });
  const raw = new ScriptedTerminal({ isTerminal: true });
  const controlling = () => Promise.resolve(typing);
  const { area, shown } = areaOn(Object.assign(raw, { controlling }));
  const system = area.around({ ...fakeSystem(), terminal: area.terminal });
  area.draw("1 of 2", "err");
  const place = await system.terminal.controlling?.();
  if (typeof place !== "object") throw new Error("no place to prompt");
  place.err("MFA code: ");
  assertEquals(typing.stderr, "MFA code: ");
  for await (const _key of place.keys()) assertEquals(shown(), [""]);
  assertEquals(shown(), ["1 of 2"]);
});

pure("a stream that leads elsewhere is written to as it is, and a pipe has no area", () => {
  const { area, raw, shown } = areaOn();
  Object.assign(raw, { outIsTerminal: false });
  const own = new LiveArea(raw);
  own.draw("1 of 2", "err");
  own.terminal.out("result\n");
  assertEquals(raw.stdout, "result\n");
  assertEquals(shown()[0], "1 of 2result");
  const pipe = new ScriptedTerminal();
  assertEquals(new LiveArea(pipe).terminal, pipe);
  area.clear();
});
