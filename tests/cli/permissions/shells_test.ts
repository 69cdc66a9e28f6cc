/**
 * When programs of a configuration are known to the broker, and when the permission to run any other is dropped.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { commands } from "../../../src/cli/commands.ts";
import { environmentNames } from "../../../src/cli/permissions/needs.ts";
import { grantedHosts } from "../../../src/cli/permissions/network.ts";
import { narrow } from "../../../src/cli/permissions/narrow.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { FakePermissions, fakeSystem, ScriptedTerminal } from "../../fake_system.ts";
import type { Helper } from "../../../src/system.ts";

const config = `[profile a]
credential_process = /opt/a 'it is'
[profile role]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = a
[profile b]
credential_process = /opt/b | cat
[profile keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
[profile over-keys]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = keys-and-program
[profile keys-and-program]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
credential_process = /opt/never
[profile sealed]
sealed_keys = pass
[profile typed]
sealed_keys = passphrase
[profile filed]
sealed_keys = identity:~/key.txt
[stsaval-group both]
profiles = a, b
`;

interface Outcome {
  /** What the brokers were sent. */
  readonly tables: readonly string[];
  /** What could be read and written of the sealed keys. */
  readonly sealed: readonly string[];
  /** The grants of `run` that were left before the first call, and after it. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

async function callFirst(
  line: readonly string[],
  { grants = ["run"], canAsk = true, env = {} }: {
    readonly grants?: readonly string[];
    readonly canAsk?: boolean;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Outcome> {
  const permissions = new FakePermissions([
    ...["read:/", "write:/", ...grants],
    ...grantedHosts().map((host) => `net:${host}`),
    ...environmentNames(true).map((name) => `env:${name}`),
  ]);
  const tables: string[] = [];
  const helper = (script: string): Helper => {
    const stops = Promise.withResolvers<number>();
    return {
      exit: stops.promise,
      stdout: new Blob([]).stream() as ReadableStream<Uint8Array>,
      kill: () => true,
      send: (text) => {
        if (script.includes("launch")) tables.push(text);
        return Promise.resolve();
      },
      close: () => Promise.resolve(stops.resolve(0)),
    };
  };
  const { command, rest } = await commands.resolve(line);
  assert(command !== undefined);
  const terminal = new ScriptedTerminal({ isTerminal: canAsk });
  const system = fakeSystem({
    ...{ permissions, terminal, helper, env },
    files: { "/home/kim/.aws/config": config },
  });
  const run = () => [...permissions.grants].filter((grant) => /^run/.test(grant)).sort();
  const narrowed = await narrow(command, parseArguments(command, rest), system);
  await using _narrowed = narrowed;
  const before = run();
  narrowed.network.callOnly?.(["https://sts.eu-west-1.amazonaws.com"]);
  const sealed = [...permissions.grants].filter((grant) => /sealed|key\.txt/.test(grant)).sort();
  return { tables, sealed, before, after: run() };
}

/** The words of the rows, without what is set in the environment. */
function programsOf({ tables }: Outcome): readonly string[] {
  return tables.flatMap((table) =>
    [...table.matchAll(/launch (.*) ;;$/gm)].map(([, words]) => words ?? "")
  );
}

function pure(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

const insert = "'pass' 'insert' '--multiline' '--force' 'stsaval/identity'";
const a = "'/opt/a' 'it is'";
const b = "'/bin/sh' '-c' '/opt/b | cat'";

const asked: Readonly<Record<string, readonly string[]>> = {
  "creds a": [a],
  "creds role": [a],
  "creds role b": [a, b],
  "creds both": [a, b],
  "creds --all": [a],
  "creds b --all": [b, a],
  "exec role -- true": [a],
  "process --profile b": [b],
  "watch a": [a],
  "creds sealed": ["'pass' 'show' 'stsaval/identity'", insert],
  "keys export sealed": ["'pass' 'show' 'stsaval/identity'", insert],
  "keys import keys --opener pass": ["'pass' 'show' 'stsaval/identity'", insert],
  "keys import keys --opener keyctl": [
    "'keyctl' 'pipe' '%user:stsaval'",
    "'keyctl' 'padd' 'user' 'stsaval' '@u'",
  ],
  "keys import keys": [
    "'security' 'find-generic-password' '-a' 'stsaval' '-s' 'stsaval' '-w'",
    "'security' '-i'",
    "'secret-tool' 'search' 'application' 'stsaval'",
    "'secret-tool' 'lookup' 'application' 'stsaval'",
    "'secret-tool' 'store' '--label=stsaval' 'application' 'stsaval'",
  ],
};

for (const [line, programs] of Object.entries(asked)) {
  pure(
    `'stsaval ${line}' can run the programs of its profiles, and no other program afterwards`,
    async () => {
      const outcome = await callFirst(line.split(" "));
      assertEquals(programsOf(outcome), programs);
      assertEquals(outcome.before, ["run"]);
      assertEquals(outcome.after, line.startsWith("exec") ? ["run", "run:true"] : []);
    },
  );
}

const noPrograms = ["creds keys", "creds over-keys", "creds none", "process keys", "creds k*"];
for (const line of [...noPrograms, "creds typed", "creds filed"]) {
  pure(
    `'stsaval ${line}' rests on no program, so it starts no shell and may run none`,
    async () => {
      const { tables, before } = await callFirst(line.split(" "));
      assertEquals([tables, before], [[], []]);
    },
  );
}

pure(
  "the sealed file of a profile is open to its own commands, for reading; no other one is",
  async () => {
    const at = "/home/kim/.aws/stsaval/sealed";
    const files = (name: string) => [`read:${at}/${name}.keys.age`, `read:${at}/${name}.keys.json`];
    const sealedOf = async (...line: string[]) => (await callFirst(line)).sealed;
    assertEquals(await sealedOf("creds", "sealed", "--no-cache"), files("sealed"));
    assertEquals(
      await sealedOf("creds", "filed", "--no-cache"),
      [
        ...files("filed"),
        "read:/home/kim/key.txt",
      ].sort(),
    );
    assertEquals(await sealedOf("creds", "keys", "--no-cache"), []);
    assertEquals(await sealedOf("explain", "sealed"), []);
    const named = await sealedOf("keys", "import", "keys", "--opener", "identity:~/key.txt");
    assertEquals(named, ["read:/home/kim/key.txt", `read:${at}`, `write:${at}`].sort());
    assertEquals(
      await sealedOf("keys", "export", "typed"),
      [
        ...files("typed"),
        `read:${at}`,
        `write:${at}`,
      ].sort(),
    );
  },
);

pure(
  "a passphrase may be asked for at another terminal, with a code on the command line too",
  async () => {
    const line = ["creds", "typed", "--mfa-code", "123456"];
    assertEquals((await callFirst(line, { canAsk: false })).before, ["run"]);
    assertEquals((await callFirst(line, { canAsk: true })).before, []);
    const keys = ["creds", "keys", "--mfa-code", "123456"];
    assertEquals((await callFirst(keys, { canAsk: false })).before, []);
  },
);

pure("'stsaval explain' never runs a program", async () => {
  const { tables, before } = await callFirst(["explain", "a", "b"]);
  assertEquals([tables, before], [[], []]);
});

pure("a profile that the environment names is asked for", async () => {
  const env = { AWS_PROFILE: "b" };
  assertEquals(programsOf(await callFirst(["creds"], { env })), [b]);
});

pure(
  "where a prompt may need a shell too, both are started, and then the permission is dropped",
  async () => {
    const outcome = await callFirst(["creds", "role"], { canAsk: false });
    assertEquals([programsOf(outcome), outcome.after], [[a], []]);
  },
);

pure(
  "where /bin/sh may not be run, the programs of the profiles are kept by their names",
  async () => {
    const outcome = await callFirst(["creds", "role"], { grants: ["run:/opt/a", "run:/opt/b"] });
    assertEquals(outcome.tables, []);
    assertEquals(outcome.after, ["run:/opt/a", "run:/opt/b"]);
  },
);
