import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import type { Network } from "../../../src/system.ts";
import { fakeSystem, VirtualClock } from "../../fake_system.ts";
import { settle } from "../../settle.ts";

type Handler = Parameters<Network["serve"]>[0];

/** `stsaval emulator` whose server is a function. */
function startEmulatorCommand(...words: readonly string[]) {
  return startEmulatorAmong({}, ...words);
}

/** The same where there are files already. */
async function startEmulatorAmong(
  files: Readonly<Record<string, string | Error>>,
  ...words: readonly string[]
) {
  let handler: Handler | undefined;
  const clock = new VirtualClock();
  const fake = fakeSystem({ clock, files });
  const system = {
    ...fake,
    network: {
      ...fake.network,
      serve(given: Handler, { port, signal }: Parameters<Network["serve"]>[1]) {
        if (port === 1) return Promise.reject(new Error("permission denied"));
        handler = given;
        const finished = new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => resolve())
        );
        return Promise.resolve({ port: port === 0 ? 4_566 : port, finished });
      },
    },
  };
  const running = main(["emulator", ...words], system);
  await settle();
  const call = (path: string, init: RequestInit = {}) =>
    handler?.(new Request(`http://127.0.0.1:4566${path}`, init));
  return { clock, system: fake, running, call };
}

Deno.test("emulator says where it is, and goes on until ctrl+c", async () => {
  const { system, running, call } = await startEmulatorCommand("--port", "9999");
  const { stdout } = system.terminal;
  assertStringIncludes(stdout, "STS at http://127.0.0.1:9999\n");
  assertStringIncludes(stdout, "[profile DynamoDBRole-dev]");
  assertStringIncludes(stdout, "MFA device arn:aws:iam::123456789012:mfa/IAM_USER1, secret ");
  const code = await (await call("/mfa-code"))?.text();
  assertMatch(code ?? "", /^\d{6}\n$/);
  const answer = await call("/", { method: "POST", body: "Action=GetCallerIdentity" });
  assertEquals(answer?.status, 403);
  await answer?.body?.cancel();
  system.signals.send("SIGINT");
  assertEquals(await running, 130);
});

Deno.test("emulator writes a sample home", async () => {
  const { system, running } = await startEmulatorCommand("--write-home", "/tmp/h", "--roles", "5");
  const config = await system.files.readText("/tmp/h/.aws/config");
  assertEquals(config?.match(/^\[profile /gm)?.length, 6);
  const credentials = await system.files.readText("/tmp/h/.aws/credentials") ?? "";
  assertMatch(credentials, /^# .+\n\[IAM_USER1\]\naws_access_key_id = AKIA/);
  assertStringIncludes(system.terminal.stdout, "HOME=/tmp/h holds a sample .aws");
  system.signals.send("SIGTERM");
  assertEquals(await running, 143);
});

const notOurs: readonly (readonly [what: string, files: Record<string, string | Error>])[] = [
  ["keys", { "/tmp/h/.aws/credentials": "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" }],
  ["settings", { "/tmp/h/.aws/config": "[profile base]\n" }],
  ["what cannot be read", { "/tmp/h/.aws/config": new Error("permission denied") }],
];

for (const [what, files] of notOurs) {
  Deno.test(`emulator --write-home leaves ${what} alone, and does not listen`, async () => {
    const { system, running, call } = await startEmulatorAmong(files, "--write-home", "/tmp/h");
    const [path = ""] = Object.keys(files);
    assertStringIncludes(system.terminal.stderr, `Cannot write "${path}": `);
    assertEquals(await running, what.startsWith("what") ? 1 : 2);
    assertEquals(call("/mfa-code"), undefined);
    assertEquals(Object.fromEntries(system.files.contents), files);
  });
}

Deno.test("emulator --write-home never writes the files in use, whichever links lead there", async () => {
  const ours = await startEmulatorCommand("--write-home", "/tmp/h");
  ours.system.signals.send("SIGINT");
  await ours.running;
  const files = Object.fromEntries(ours.system.files.contents);

  const again = await startEmulatorAmong(files, "--write-home", "/tmp/h", "--port", "9999");
  again.system.signals.send("SIGINT");
  assertEquals(await again.running, 130, "an earlier sample is replaced");
  assertStringIncludes(String(again.system.files.contents.get("/tmp/h/.aws/config")), ":9999\n");

  const inUse = await startEmulatorCommand("--write-home", "/home/kim");
  assertEquals(await inUse.running, 2);
  assertStringIncludes(
    inUse.system.terminal.stderr,
    'stsaval: Cannot write "/home/kim/.aws/config": it is a file that stsaval reads, and would be ' +
      "replaced\nhint: use an empty folder",
  );
  const linked = fakeSystem({ files: { ...files, "/home/kim/.aws/credentials": "" } });
  for (const home of ["/tmp/h", "/home/kim"]) {
    linked.files.said.set(`${home}/.aws/credentials`, { id: "1:7" });
  }
  assertEquals(await main(["emulator", "--write-home", "/tmp/h"], linked), 2);
  assertStringIncludes(linked.terminal.stderr, 'Cannot write "/tmp/h/.aws/credentials"');
});

Deno.test("emulator --role-seconds and --session-seconds bound what is issued in the sample home", async () => {
  const { clock, system, running, call } = await startEmulatorCommand(
    ...["--write-home", "/tmp/h", "--session-seconds", "1200", "--role-seconds", "60"],
  );
  const caller = fakeSystem({
    clock,
    env: { HOME: "/tmp/h" },
    files: Object.fromEntries(system.files.contents),
    fetch: async (request) => await call("/", request) ?? Response.error(),
  });
  const code = await (await call("/mfa-code"))?.text() ?? "";
  const words = ["--mfa-code", code.trim(), "--format", "json"];
  assertEquals(
    await main(["creds", "--profiles", "DynamoDBRole-dev", ...words], caller),
    0,
    caller.terminal.stderr,
  );
  const token = ["token", "--profile", "IAM_USER1", "--format", "json"];
  assertEquals(await main(token, caller), 0, caller.terminal.stderr);
  const ends = [...caller.terminal.stdout.matchAll(/"Expiration": "(.+)"/g)]
    .map(([, time = ""]) => Date.parse(time) - clock.now());
  assertEquals(ends, [60_000, 1_200_000]);
  system.signals.send("SIGINT");
  await running;
});

const faults: readonly (readonly [string[], number])[] = [
  [["--throttle", "1"], 400],
  [["--fail", "1"], 500],
  [["--skew", "10m"], 403],
  [["--refuse-code"], 403],
];

for (const [words, status] of faults) {
  Deno.test(`emulator ${words.join(" ")} answers with ${status}`, async () => {
    const { system, running, call } = await startEmulatorCommand(...words);
    const answer = await call("/", { method: "POST", body: "Action=GetCallerIdentity" });
    assertEquals(answer?.status, status);
    await answer?.body?.cancel();
    system.signals.send("SIGINT");
    await running;
  });
}

Deno.test("emulator --drop drops the connection, --delay waits", async () => {
  const dropping = await startEmulatorCommand("--drop", "1");
  let error: unknown;
  await Promise.resolve(dropping.call("/", { method: "POST", body: "Action=x" }))
    .catch((reason) => error = reason);
  assert(error instanceof TypeError);
  dropping.system.signals.send("SIGINT");
  await dropping.running;

  const slow = await startEmulatorCommand("--delay", "500");
  let answered = false;
  const answering = Promise.resolve(slow.call("/", { method: "POST", body: "Action=x" }))
    .then(async (answer) => {
      answered = true;
      await answer?.body?.cancel();
    });
  await slow.clock.advance(400);
  assertEquals(answered, false);
  await slow.clock.advance(200);
  await answering;
  slow.system.signals.send("SIGINT");
  await slow.running;
});

const mistakes: readonly (readonly [string[], number, string])[] = [
  [["--throttle", "2"], 2, 'Cannot use "2" for --throttle: wanted a share from 0 to 1'],
  [["--fail", "often"], 2, 'Cannot use "often" for --fail'],
  [["--port", "x"], 2, 'Cannot use "x" for --port'],
  [["--port", "1"], 1, "Cannot listen on 127.0.0.1:1: permission denied"],
];

for (const [words, status, message] of mistakes) {
  Deno.test(`emulator ${words.join(" ")} is refused`, async () => {
    const { system, running } = await startEmulatorCommand(...words);
    assertEquals(await running, status);
    assertStringIncludes(system.terminal.stderr, message);
  });
}
