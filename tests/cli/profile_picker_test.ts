import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ScriptedTerminal, type TypedKey } from "../fake_system.ts";
import { Desk, type DeskOptions, role, user } from "./desk.ts";

const other = "CodeDeployRole-qa";

/** A desk of a person who types these keys; `{code}` is the code of the moment. */
function desk(keys: readonly string[], options: DeskOptions = {}): Desk {
  const typed: TypedKey[] = keys.map((key) => () => key.replace("{code}", at.code));
  const at: Desk = new Desk({ terminal: new ScriptedTerminal({ keys: typed }), ...options });
  return at;
}

/** What is drawn: each drawing as lines, without the sequences around them. */
function drawings(err: string): readonly string[][] {
  // deno-lint-ignore no-control-regex -- terminals are sent control sequences
  const plain = err.replaceAll(/\x1b\[(?:\d+m|K|\d*C)/g, "");
  return plain.split("\x1b[J").slice(0, -2).map((drawing) =>
    // deno-lint-ignore no-control-regex -- see above
    drawing.replace(/^\r*(?:\x1b\[\d+A)?\r/, "").split("\r\n")
  );
}

Deno.test("where no name is given, a person picks; then the code is asked for", async () => {
  const at = desk(["Code", "\r", "{code}\r"]);
  const { status, out, err } = await at.run("env");
  assertEquals(status, 0);
  assertStringIncludes(out, "AWS_SESSION_TOKEN");
  assertStringIncludes(err, `Profile: ${other}\nFor profile ${other}:\nMFA code for`);
  assertEquals(at.emulator.count("AssumeRole", "ok"), 1);
  assertEquals(at.system.terminal.raw, false);
  assertEquals(at.system.signals.listening, 0);
});

Deno.test("a command of several profiles takes several", async () => {
  const at = desk(["Role", "\t", "\t", "\r", "{code}\r"]);
  const { status, err } = await at.run("creds");
  assertEquals(status, 0, err);
  assertEquals(at.emulator.count("AssumeRole", "ok"), 2);
  assertStringIncludes(err, "\x1b[JProfiles: ");
});

Deno.test("the list shows account, role, region, and what is cached with its time left", async () => {
  const at = desk(["\x1b"]);
  assertEquals((await at.run("env", role, "--mfa-code", at.code)).status, 0);
  await at.run("env");
  const [first = []] = drawings(at.system.terminal.stderr);
  assertEquals(first[0]?.trim().split(/ +/), ["PROFILE", "ROLE", "ACCOUNT", "REGION", "LEFT"]);
  const row = first.find((line) => line.includes(`${role} `))?.trim().split(/ +/);
  assertEquals(row, [role, role, "123456789012", "us-east-1", "1h"]);
  assert(!first.some((line) => line.includes(other) && line.includes("1h")));
});

Deno.test("those that are picked most come first", async () => {
  const at = desk(["Code\r", "{code}\r", "\r"]);
  await at.run("env");
  at.system.terminal.stderr = "";
  const { status, err } = await at.run("env");
  assertEquals(status, 0, err);
  assertStringIncludes(drawings(err)[0]?.[1] ?? "", `> ${other}`);
  assertEquals(at.system.files.modes.get("/home/kim/.aws/stsaval/usage.json"), 0o600);
});

Deno.test("--no-cache neither reads nor writes what was picked", async () => {
  const at = desk(["Code\r", "{code}\r"]);
  assertEquals((await at.run("env", "--no-cache")).status, 0);
  assert(![...at.system.files.contents.keys()].some((path) => path.includes("stsaval")));
});

Deno.test("explain picks without the cache, which it may not read", async () => {
  const at = desk(["Code\r"]);
  const { status, out } = await at.run("explain");
  assertEquals(status, 0);
  assertStringIncludes(out, other);
  assert(![...at.system.files.contents.keys()].some((path) => path.includes("stsaval")));
});

Deno.test("login and token offer those that hold keys", async () => {
  const second = "[profile second]\naws_access_key_id = AKIAIOSFODNN7EXAMPLF\n" +
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n";
  const at = desk(["\x1b"], { edit: (config) => `${config}\n${second}` });
  assertEquals((await at.run("login")).status, 130);
  const [first = []] = drawings(at.system.terminal.stderr);
  assertEquals(
    first.slice(1, -2).map((line) => line.slice(2).split(" ")[0]).sort(),
    [user, "second"].sort(),
  );
});

for (const [what, key] of [["Esc", "\x1b"], ["ctrl+c", "\x03"], ["ctrl+d", "\x04"]] as const) {
  Deno.test(`${what} ends the picker with 130, and nothing of it stays on the terminal`, async () => {
    const at = desk([key]);
    const { status, out, err } = await at.run("creds");
    assertEquals([status, out], [130, ""]);
    assert(err.endsWith("\x1b[J\x1b[31mstsaval:\x1b[0m Interrupted\n"), JSON.stringify(err));
    assertEquals(at.system.terminal.raw, false);
    assertEquals(at.emulator.calls.length, 0);
  });
}

Deno.test("the end of the input ends the picker", async () => {
  const at = desk(["Code"]);
  assertEquals((await at.run("creds")).status, 130);
  assertEquals(at.system.terminal.raw, false);
});

for (const [signal, status] of [["SIGTERM", 143], ["SIGINT", 130], ["SIGHUP", 129]] as const) {
  Deno.test(`${signal} ends the picker, and nothing of it stays on the terminal`, async () => {
    const terminal: ScriptedTerminal = new ScriptedTerminal({
      keys: ["Co", () => {
        at.system.signals.send(signal);
        return new Promise(() => {});
      }],
    });
    const until = terminal.keys.bind(terminal);
    // As the real one: the wait for a key ends with the signal.
    terminal.keys = async function* (ended) {
      const keys = until();
      const over = new Promise<never>((_, reject) =>
        ended?.addEventListener("abort", () => reject(ended.reason))
      );
      over.catch(() => {});
      while (true) {
        const next = await Promise.race([keys.next(), over]);
        if (next.done) return;
        yield next.value;
      }
    };
    const at = new Desk({ terminal });
    const ended = await at.run("creds");
    assertEquals(ended.status, status);
    assertStringIncludes(ended.err, "\x1b[J\x1b[31mstsaval:\x1b[0m ");
  });
}

Deno.test("another size of the terminal draws at once, and whatever was wrapped is overwritten", async () => {
  const at = desk([]);
  const resize = async () => {
    const before = terminal.stderr.length;
    terminal.width = 40;
    at.system.signals.resize();
    while (terminal.stderr.length === before) await Promise.resolve();
    return "\x1b";
  };
  const terminal = new ScriptedTerminal({ keys: [resize] });
  Object.assign(at.system, { terminal });
  assertEquals((await at.run("creds")).status, 130);
  const [first = [], second = []] = drawings(terminal.stderr);
  assert(Math.max(...first.map(({ length }) => length)) > 40);
  assert(Math.max(...second.map(({ length }) => length)) < 40, second.join("\n"));
  const wrapped = first.slice(0, -1).reduce(
    (sum, { length }) => sum + Math.max(1, Math.ceil(length / 40)),
    0,
  );
  assertStringIncludes(terminal.stderr, `\x1b[${wrapped}A\r`);
});

Deno.test("NO_COLOR leaves out bold and dim", async () => {
  const at = desk(["\x1b"], { env: { NO_COLOR: "1" } });
  const { err } = await at.run("creds");
  assert(!err.includes("\x1b[1m") && !err.includes("\x1b[2m"));
});

const without: readonly (readonly [what: string, options: DeskOptions, words: string[]])[] = [
  ["without a terminal", { terminal: new ScriptedTerminal() }, []],
  ["with --no-input", {}, ["--no-input"]],
  ["with --json", {}, ["--json"]],
  ["on a terminal that cannot draw", { env: { TERM: "dumb" } }, []],
  ["without any profile", {
    edit: () => "[profile empty]\nregion = eu-west-1\n",
    env: { AWS_EC2_METADATA_DISABLED: "true" },
  }, []],
];

for (const [what, options, words] of without) {
  Deno.test(`${what} nothing is picked, and the error says what to type`, async () => {
    const at = desk(["\r"], options);
    if (what === "without any profile") {
      at.system.files.contents.delete("/home/kim/.aws/credentials");
    }
    const { status, err } = await at.run("creds", ...words);
    assertEquals(status, 2);
    assertStringIncludes(err, "No profile given: wanted 'stsaval creds PROFILE' or --all");
    assert(!err.includes("PROFILE  "), "no list was drawn");
  });
}
