/**
 * `stsaval keys` from the terminal: what is asked and run, what is left in the files, and what every other command makes
 * of keys that are sealed.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { createStsEmulator, formatSampleHome, sampleWorld } from "../../../src/testing/mod.ts";
import { ProgramError } from "../../../src/errors.ts";
import {
  type FakeProgram,
  fakeSystem,
  MemoryFiles,
  ScriptedTerminal,
  seededRandom,
  VirtualClock,
} from "../../fake_system.ts";
import { FakeKeepers } from "../../store/store_desk.ts";

const credentialsPath = "/home/kim/.aws/credentials";
const sealedPath = "/home/kim/.aws/stsaval/sealed/IAM_USER1.keys.age";
const [user] = sampleWorld().users;
if (user === undefined) throw new Error("the sample has a user");
const { accessKeyId, secretAccessKey } = user;
const type = (...lines: readonly string[]) => lines.flatMap((line) => [...line, "\r"]);

interface Line {
  readonly keys?: readonly (string | (() => string))[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: (
    words: readonly string[],
    options?: { readonly input?: string | undefined },
  ) => FakeProgram;
}

/** No program is there. */
function nothing([program = ""]: readonly string[]): FakeProgram {
  throw new ProgramError("PROGRAM_NOT_FOUND", program, "there is no such program");
}

function start({ credentials }: { readonly credentials?: string } = {}) {
  const clock = new VirtualClock();
  const random = seededRandom();
  const emulator = createStsEmulator({
    clock: { now: () => clock.now(), sleep: () => Promise.resolve() },
  });
  const home = formatSampleHome(emulator.world, { url: "http://127.0.0.1:4566" });
  const files = new MemoryFiles({
    "/home/kim/.aws/config": home.config,
    [credentialsPath]: credentials ?? home.credentials,
  });
  const code = () => emulator.mfaCode(user?.mfa?.serial ?? "");
  async function run(words: readonly string[], line: Line = {}) {
    const terminal = new ScriptedTerminal({ keys: line.keys ?? [], input: line.input ?? "" });
    const made = fakeSystem({
      ...{ clock, random, terminal, fetch: emulator.handle, env: line.env ?? {} },
      program: line.program ?? nothing,
    });
    const system = { ...made, files };
    const status = await main(words, system);
    const started = made.processes.started.map(({ words }) => words.join(" "));
    return { status, out: terminal.stdout, err: terminal.stderr, started };
  }
  const calls = () => emulator.calls.map(({ operation }) => operation);
  const text = (path = credentialsPath) => String(files.contents.get(path));
  return { calls, clock, code, files, home, run, text };
}

/** The files that hold the key or its secret, in the clear. */
function filesWithKey({ contents }: MemoryFiles): readonly string[] {
  return [...contents].filter(([, text]) =>
    String(text).includes(accessKeyId) || String(text).includes(secretAccessKey)
  ).map(([path]) => path);
}

Deno.test("without a keyring import takes a passphrase, and says why; the passphrase comes before the code, once for a session", async () => {
  const desk = start();
  const before = desk.text();
  const made = await desk.run(["keys", "import", "IAM_USER1"], {
    keys: type("correct horse battery", "correct horse battery"),
  });
  assertEquals(made.status, 0, made.err);
  assertStringIncludes(made.err, "Opener: a passphrase, typed when a session begins. ");
  assertStringIncludes(made.err, 'the login keychain: the program "security" is not here');
  assertStringIncludes(made.err, 'the Secret Service: the program "secret-tool" is not here');
  assertEquals(made.err.includes("correct"), false);
  assertEquals(filesWithKey(desk.files), []);
  assertStringIncludes(desk.text(), "[IAM_USER1]\nsealed_keys = passphrase\n");
  const first = await desk.run(["creds", "DynamoDBRole-dev", "--format", "process"], {
    keys: [
      ...type("wrong", "correct horse battery"),
      ...[desk.code, "\r"],
    ],
  });
  assertEquals(first.status, 0, first.err);
  assertStringIncludes(first.err, "This passphrase does not open it\n");
  assert(first.err.indexOf("Passphrase of") < first.err.indexOf("MFA code for"), first.err);
  // Nobody types anything for what is left of the session.
  const second = await desk.run(["creds", "CodeDeployRole-qa", "--format", "process"]);
  assertEquals(second.status, 0, second.err);
  assertEquals(desk.calls().filter((name) => name === "GetSessionToken").length, 1);
  assertEquals(filesWithKey(desk.files), []);
  const back = await desk.run(["keys", "export", "IAM_USER1"], {
    keys: type("correct horse battery"),
  });
  assertEquals(back.status, 0, back.err);
  assertEquals(desk.text(), before);
  assertEquals(desk.files.contents.has(sealedPath), false);
});

Deno.test("where nobody can type a passphrase, and no session is kept, it ends with 3", async () => {
  const desk = start();
  await desk.run(["keys", "import", "IAM_USER1"], { keys: type("correct horse", "correct horse") });
  const { status, err } = await desk.run(["creds", "DynamoDBRole-dev", "--mfa-code", desk.code()]);
  assertEquals(status, 3);
  assertStringIncludes(err, "Cannot ask for the passphrase of");
  const wrong = await desk.run(["creds", "DynamoDBRole-dev"], { keys: type("1", "2", "3") });
  assertEquals(wrong.status, 3);
  assertStringIncludes(wrong.err, "the passphrase is wrong");
  assertEquals(desk.calls().includes("GetSessionToken"), false);
});

Deno.test("a passphrase that is chosen is typed twice, and is not empty", async () => {
  const desk = start();
  const { status, err } = await desk.run(
    ["keys", "import", "IAM_USER1", "--opener", "passphrase"],
    {
      keys: type("", "one thing that is long", "another thing", "the same thing", "the same thing"),
    },
  );
  assertEquals(status, 0, err);
  assertStringIncludes(err, "An empty passphrase protects nothing");
  assertStringIncludes(err, "The two are not the same");
  const other = start();
  const none = await other.run(["keys", "import", "IAM_USER1", "--opener", "passphrase"], {
    keys: type("", "", ""),
  });
  assertEquals(none.status, 3);
  assertEquals(filesWithKey(other.files), [credentialsPath]);
  const ended = await other.run(["keys", "import", "IAM_USER1", "--opener", "passphrase"], {
    keys: ["a", "\x03"],
  });
  assertEquals(ended.status, 130);
});

Deno.test("a keyring that answers is taken without a word being typed, and is asked when a session begins alone", async () => {
  const desk = start();
  const { program } = new FakeKeepers();
  const keyring = (words: readonly string[], options?: { readonly input?: string | undefined }) =>
    words[0] === "secret-tool" ? program(words, options) : nothing(words);
  const made = await desk.run(["keys", "import", "IAM_USER1"], { program: keyring });
  assertEquals(made.status, 0, made.err);
  assertStringIncludes(made.err, "Opener: the Secret Service answers, and keeps the key");
  assertStringIncludes(desk.text(), "sealed_keys = secret-service\n");
  const login = await desk.run(["login", "DynamoDBRole-dev", "--mfa-code", desk.code()], {
    program: keyring,
  });
  assertEquals(login.status, 0, login.err);
  assertEquals(login.started, ["secret-tool search application stsaval"]);
  for (
    const words of [
      ["creds", "CodeDeployRole-qa"],
      ["process", "DynamoDBRole-dev"],
      ["status"],
      ["explain", "DynamoDBRole-dev"],
      ["profiles"],
      ["doctor", "--offline"],
    ]
  ) {
    const { err, started, status } = await desk.run(words, { program: keyring });
    assertEquals(started.filter((line) => line.includes("secret-tool")), [], words.join(" "));
    if (words[0] !== "doctor") assertEquals(status, 0, err);
  }
  assertEquals(filesWithKey(desk.files), []);
});

Deno.test("a keyring that is found and turns out to be locked gives way to a passphrase; one that is named does not", async () => {
  const locked = (words: readonly string[]): FakeProgram => {
    if (words[0] !== "secret-tool") return nothing(words);
    return words[1] === "search"
      ? { exit: 0 }
      : { stdout: "secret-tool: Cannot create an item in a locked collection\n", exit: 1 };
  };
  const desk = start();
  const made = await desk.run(["keys", "import", "IAM_USER1"], {
    ...{ program: locked, keys: type("correct horse", "correct horse") },
  });
  assertEquals(made.status, 0, made.err);
  assertStringIncludes(
    made.err,
    "Opener: a passphrase, typed when a session begins, since the keyring is locked, and there is no display",
  );
  assertStringIncludes(desk.text(), "sealed_keys = passphrase\n");
  const other = start();
  const named = await other.run(["keys", "import", "IAM_USER1", "--opener", "secret-service"], {
    program: locked,
  });
  assertEquals(named.status, 3);
  assertStringIncludes(named.err, "the keyring is locked");
  assertEquals(filesWithKey(other.files), [credentialsPath]);
  const shown = await other.run(["keys", "import", "IAM_USER1", "--opener", "secret-service"], {
    program: locked,
    env: { DISPLAY: ":0" },
  });
  assertStringIncludes(shown.err, "the keyring is locked\n");
});

Deno.test("keys that STS refuses stay where they are", async () => {
  const wrong = `[IAM_USER1]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${
    secretAccessKey.replace("wJ", "wK")
  }\n`;
  const desk = start({ credentials: wrong });
  const { status, err } = await desk.run(["keys", "import", "IAM_USER1"], { keys: type("p", "p") });
  assertEquals(status, 5, err);
  assertEquals(desk.text(), wrong);
  assertEquals([...desk.files.contents.keys()].some((path) => path.includes("sealed")), false);
});

Deno.test("an import that was broken off before the file was changed goes on; other keys are not sealed over", async () => {
  const desk = start();
  const line = { keys: type("correct horse", "correct horse") };
  const before = desk.text();
  await desk.run(["keys", "import", "IAM_USER1"], line);
  desk.files.contents.set(credentialsPath, before);
  const again = await desk.run(["keys", "import", "IAM_USER1"], { keys: type("correct horse") });
  assertEquals(again.status, 0, again.err);
  assertEquals(filesWithKey(desk.files), []);
  desk.files.contents.set(credentialsPath, before);
  const note = "/home/kim/.aws/stsaval/sealed/IAM_USER1.keys.json";
  const old = desk.text(note);
  desk.files.contents.set(note, old.replace(accessKeyId.slice(-4), "ZZZZ"));
  const other = await desk.run(["keys", "import", "IAM_USER1"], { keys: type("correct horse") });
  assertEquals(other.status, 2);
  assertStringIncludes(other.err, "the key …ZZZZ of it are sealed");
  const replaced = await desk.run(["keys", "import", "IAM_USER1", "--replace"], {
    keys: type("correct horse"),
  });
  assertEquals(replaced.status, 0, replaced.err);
  assert(JSON.parse(desk.text(note)).id !== JSON.parse(old).id);
});

Deno.test("import says where else the key stands", async () => {
  const desk = start();
  desk.files.contents.set("/home/kim/.aws/credentials.bak", desk.text());
  const { err, status } = await desk.run(["keys", "import", "IAM_USER1"], { keys: type("p", "p") });
  assertEquals(status, 0, err);
  assertStringIncludes(err, '"/home/kim/.aws/credentials.bak", line');
  assertStringIncludes(err, `still names the key …${accessKeyId.slice(-4)}, or its secret`);
  assertEquals(err.includes(secretAccessKey), false);
});

Deno.test("a session of other keys is not taken for one of these", async () => {
  const desk = start();
  await desk.run(["keys", "import", "IAM_USER1"], { keys: type("p", "p") });
  await desk.run(["creds", "DynamoDBRole-dev", "--mfa-code", desk.code()], { keys: type("p") });
  const removed = await desk.run(["keys", "remove", "IAM_USER1", "--yes"]);
  assertEquals(removed.status, 0, removed.err);
  const added = await desk.run(["keys", "add", "IAM_USER1", "--opener", "passphrase"], {
    keys: type(accessKeyId, secretAccessKey, "p", "p"),
  });
  assertEquals(added.status, 0, added.err);
  assertEquals(added.err.includes(secretAccessKey), false);
  await desk.clock.advance(31_000);
  const fresh = await desk.run(["creds", "DynamoDBRole-dev", "--format", "process"], {
    keys: [...type("p"), desk.code, "\r"],
  });
  assertEquals(fresh.status, 0, fresh.err);
  assertEquals(desk.calls().filter((name) => name === "GetSessionToken").length, 2);
});

Deno.test("keys add reads what AWS gives out, and makes the profile", async () => {
  const forms = [
    `${accessKeyId}\n${secretAccessKey}\n`,
    `\ufeffAccess key ID,Secret access key\r\n${accessKeyId},${secretAccessKey}\r\n`,
    JSON.stringify({
      AccessKey: { UserName: "x", AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey },
    }),
  ];
  for (const input of forms) {
    const desk = start({ credentials: "[other]\nregion = eu-west-1\n" });
    const { program } = new FakeKeepers();
    const { err, status } = await desk.run(
      ["keys", "add", "new", "--opener", "pass", "--endpoint-url", "http://127.0.0.1:4566"],
      { input, program },
    );
    assertEquals(status, 0, err);
    assertEquals(desk.text(), "[other]\nregion = eu-west-1\n\n[new]\nsealed_keys = pass\n");
    assertEquals(filesWithKey(desk.files), []);
  }
  const desk = start();
  const taken = await desk.run(["keys", "add", "IAM_USER1"], { input: forms[0] ?? "" });
  assertEquals(taken.status, 2);
  assertStringIncludes(taken.err, "'stsaval keys import IAM_USER1' seals those");
  for (const input of ["", "one", `ASIAIOSFODNN7EXAMPLE\n${secretAccessKey}`, "[]", "a\nb\nc\n"]) {
    const { err, status } = await desk.run(["keys", "add", "new"], { input });
    assertEquals(status, 2, err);
    assertEquals(err.includes(secretAccessKey), false);
  }
});

Deno.test("keys remove asks first, and forgets the line with the file", async () => {
  const desk = start();
  await desk.run(["keys", "import", "IAM_USER1"], { keys: type("p", "p") });
  const kept = await desk.run(["keys", "remove", "IAM_USER1"], { keys: type("n") });
  assertStringIncludes(kept.err, "Nothing was removed");
  assert(desk.files.contents.has(sealedPath));
  const alone = await desk.run(["keys", "remove", "IAM_USER1"]);
  assertEquals(alone.status, 2);
  const gone = await desk.run(["keys", "remove", "IAM_USER1"], { keys: type("y") });
  assertEquals(gone.status, 0, gone.err);
  assertEquals(desk.text().includes("sealed_keys"), false);
  assertEquals(desk.files.contents.has(sealedPath), false);
});

Deno.test("a profile whose setting is wrong, or whose file is gone, says so", async () => {
  const desk = start({ credentials: "[IAM_USER1]\nsealed_keys = gpg\n" });
  const wrong = await desk.run(["explain", "DynamoDBRole-dev"]);
  assertEquals(wrong.status, 4);
  assertStringIncludes(wrong.err, 'is "gpg": wanted passphrase, identity');
  desk.files.contents.set(credentialsPath, "[IAM_USER1]\nsealed_keys = passphrase\n");
  const gone = await desk.run(["creds", "DynamoDBRole-dev", "--mfa-code", desk.code()]);
  assertEquals(gone.status, 1);
  assertStringIncludes(gone.err, 'there is no file "~/.aws/stsaval/sealed/IAM_USER1.keys.age"');
});

Deno.test("keys in the file come before sealed ones, as in all other tools", async () => {
  const desk = start();
  desk.files.contents.set(credentialsPath, `${desk.text()}sealed_keys = passphrase\n`);
  const { out } = await desk.run(["explain", "DynamoDBRole-dev", "--json"]);
  assertEquals(JSON.parse(out).plans[0].steps[0].kind, "static-keys");
});
