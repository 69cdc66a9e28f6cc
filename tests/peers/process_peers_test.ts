/**
 * `credential_process` with judges that others wrote: botocore, which the AWS CLI is built on, and AWS's SDK for
 * JavaScript run the same command lines of the same home, and get the same credentials or refuse the same output.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { createStsEmulator, sampleWorld, userArn } from "../../src/testing/mod.ts";
import { missingJsSdk } from "./js_sdk.ts";
import { type Home, makeHome, runIn, stsavalWords } from "./stsaval_process.ts";

const missing = await missingJsSdk();

/** Prints credentials whose session token is its arguments, in hexadecimal. */
const show = `#!/bin/sh
words=$(for word; do printf '%s/' "$word"; done | od -An -v -tx1 | tr -d ' \\n')
printf '{"Version":1,"AccessKeyId":"AKIAEXAMPLEEXAMPLE00","SecretAccessKey":"s","SessionToken":"t%s"' "$words"
echo ',"Expiration":"2199-01-01T00:00:00Z"}'
`;

/** Command lines that mean the same with a shell and without one. */
const plain: readonly string[] = [
  "<show>",
  "<show> a b",
  "<show>\ta \t b",
  "'<spaced>/show' x",
  '"<spaced>/show" \'a b\' "c d"',
  '<show> "a\\"b" "c\\\\d" "e\\f"',
  "<show> a\\ b \\' \\\"",
  "<show> '' \"\" x",
  "<show> \"a|b&c;d>e<f(g)h\" 'i|j'",
  "<show> '$HOME' '`x`' '~' '*'",
  "<show> a'b'\"c\"d",
  "<show> \\$HOME \\| \\*",
  "<show> a#b a~b x=y",
  "sh -c '<show> \"$0\"' x",
  "show inPath",
];

/** Command lines that only a shell understands: botocore runs them without one. */
const shell: readonly string[] = [
  "<show> $HOME",
  "<show> ~",
  "<show> a | cat",
  "<show> `echo x` $(echo y)",
  "X=1 <show> a",
  '<show> "\\$HOME"',
  "~/show a",
  "<show> a && true",
  "cd / && <show> a",
];

const credentials = '"AccessKeyId":"AKIAEXAMPLEEXAMPLE00","SecretAccessKey":"s","SessionToken":"t"';

/** What is printed, and whether each takes it. */
const outputs: Readonly<Record<string, boolean>> = {
  [`{"Version":1,${credentials}}`]: true,
  [`{"Version":1,${credentials},"More":{}}`]: true,
  [`{"Version":1,${credentials},"Expiration":"2199-01-01T02:00:00+02:00"}`]: true,
  [`{"Version":1,${credentials},"Expiration":"2199-01-01T00:00:00.000Z"}`]: true,
  [`{"Version":1,"AccessKeyId":"AKIAEXAMPLEEXAMPLE00","SecretAccessKey":"s"}`]: true,
  [`{"Version":"1",${credentials}}`]: false,
  [`{"Version":2,${credentials}}`]: false,
  [`{${credentials}}`]: false,
  [`{"Version":1,"AccessKeyId":"AKIAEXAMPLEEXAMPLE00"}`]: false,
  [`{"Version":1,${credentials},"Expiration":"2001-01-01T00:00:00Z"}`]: false,
  [`{"Version":1,${credentials}} text`]: false,
  [`text {"Version":1,${credentials}}`]: false,
  "": false,
};

async function start(lines: readonly string[]): Promise<Home> {
  const home = await makeHome(() => new Response(null, { status: 404 }), () => ({}));
  const spaced = `${home.path}/my folder`;
  for (const folder of [spaced, `${home.path}/bin`, home.path]) {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${folder}/show`, show);
    await Deno.chmod(`${folder}/show`, 0o755);
  }
  const profiles = lines.map((line, index) =>
    `[profile p${index}]\ncredential_process = ${
      line.replaceAll("<show>", `${home.path}/show`).replaceAll("<spaced>", spaced)
    }\n`
  );
  await Deno.writeTextFile(`${home.path}/.aws/config`, profiles.join(""));
  return { ...home, env: { ...home.env, PATH: `${home.path}/bin:${home.env.PATH}` } };
}

/** The session token for each line; "refused" where there is none. */
type Tokens = readonly string[];

async function ofStsaval(home: Home, lines: readonly string[]): Promise<Tokens> {
  const names = lines.map((_, index) => `p${index}`);
  const { stdout } = await runIn(
    home,
    stsavalWords(["creds", ...names, "--no-strict", "--format", "json", "--no-cache"]),
  );
  const set = JSON.parse(stdout);
  return names.map((name) => tokenOf(set[`sts-${name}`]));
}

function tokenOf(given: { readonly SessionToken?: string } | undefined): string {
  return given === undefined ? "refused" : given.SessionToken ?? "";
}

const botocore = `
import json, sys, botocore.session
found = []
for index in range(int(sys.argv[1])):
    try:
        given = botocore.session.Session(profile=f"p{index}").get_credentials().get_frozen_credentials()
        found.append(given.token or "")
    except Exception:
        found.append("refused")
print(json.dumps(found))`;

const javascript = `
const { fromProcess } = require("@aws-sdk/credential-provider-process");
const { fromIni } = require("@aws-sdk/credential-provider-ini");
const provide = { fromProcess, fromIni }[process.argv[2]];
(async () => {
  const found = [];
  for (let index = 0; index < Number(process.argv[1]); index++) {
    const given = await provide({ profile: "p" + index })().catch(() => undefined);
    found.push(given === undefined ? "refused" : given.sessionToken ?? "");
  }
  console.log(JSON.stringify(found));
})();`;

async function ofBotocore(home: Home, lines: readonly string[]): Promise<Tokens> {
  return await listOf(home, ["python3", "-c", botocore, String(lines.length)]);
}

async function ofJavaScript(
  home: Home,
  lines: readonly string[],
  provider: "fromProcess" | "fromIni",
): Promise<Tokens> {
  return await listOf(home, ["node", "-e", javascript, String(lines.length), provider]);
}

async function listOf(home: Home, words: readonly string[]): Promise<Tokens> {
  const { code, stdout, stderr } = await runIn(home, words, {
    env: { NODE_NO_WARNINGS: "1", NODE_PATH: Deno.env.get("NODE_PATH") ?? "" },
  });
  assertEquals([code, stderr], [0, ""]);
  return JSON.parse(stdout);
}

function byLine(lines: readonly string[], tokens: Tokens): Readonly<Record<string, string>> {
  return Object.fromEntries(lines.map((line, index) => [line, tokens[index] ?? "nothing"]));
}

Deno.test("botocore splits a line that needs no shell as stsaval does", async () => {
  await using home = await start(plain);
  const own = await ofStsaval(home, plain);
  assertEquals(own.includes("refused"), false, JSON.stringify(own));
  assertEquals(byLine(plain, await ofBotocore(home, plain)), byLine(plain, own));
});

for (const provider of ["fromProcess", "fromIni"] as const) {
  Deno.test({
    name: `${provider} of the SDK for JavaScript gets the same, from lines for a shell too` +
      (missing === undefined ? "" : ` (left out: ${missing})`),
    ignore: missing !== undefined,
    async fn() {
      const lines = [...plain, ...shell];
      await using home = await start(lines);
      const own = await ofStsaval(home, lines);
      assertEquals(own.includes("refused"), false, JSON.stringify(own));
      assertEquals(byLine(lines, await ofJavaScript(home, lines, provider)), byLine(lines, own));
    },
  });
}

Deno.test(`all take and refuse the same output${missing === undefined ? "" : ` (JavaScript left out: ${missing})`}`, async () => {
  const texts = Object.keys(outputs);
  const lines = texts.map((_, index) => `cat '<spaced>/o${index}'`);
  await using home = await start(lines);
  for (const [index, text] of texts.entries()) {
    await Deno.writeTextFile(`${home.path}/my folder/o${index}`, text);
  }
  const wanted = Object.fromEntries(Object.entries(outputs));
  const taken = (tokens: Tokens) =>
    Object.fromEntries(texts.map((text, index) => [text, tokens[index] !== "refused"]));
  assertEquals(taken(await ofStsaval(home, lines)), wanted);
  assertEquals(taken(await ofBotocore(home, lines)), wanted);
  if (missing === undefined) {
    assertEquals(taken(await ofJavaScript(home, lines, "fromProcess")), wanted);
  }
});

Deno.test("a byte order mark is passed over, as by the SDK for JavaScript and newer versions of botocore", async () => {
  const lines = ["cat '<spaced>/bom'"];
  await using home = await start(lines);
  await Deno.writeTextFile(
    `${home.path}/my folder/bom`,
    `\ufeff{"Version":1,${credentials}}`,
  );
  assertEquals(await ofStsaval(home, lines), ["t"]);
  if (missing === undefined) {
    assertEquals(await ofJavaScript(home, lines, "fromProcess"), ["t"]);
  }
});

/** An STS with a role that needs no code, and a home where the AWS CLI asks stsaval for it. */
async function startWithSts(config: (stsaval: string) => string): Promise<Home> {
  const { users, roles } = sampleWorld();
  const sts = createStsEmulator({
    world: { users, roles: [...roles, { arn: openRole, trusts: users.map(userArn) }] },
  });
  const [user] = users;
  const keys = JSON.stringify({
    Version: 1,
    AccessKeyId: user?.accessKeyId,
    SecretAccessKey: user?.secretAccessKey,
  });
  const stsaval = stsavalWords([]).join(" ");
  return await makeHome(sts.handle, (url) => ({
    "keys.sh": `echo x >>"$HOME/starts"; echo '${keys}'\n`,
    "ask.sh":
      `echo x >>"$HOME/starts"\naws sts get-caller-identity --profile b --endpoint-url ${url}\n`,
    ".aws/config": `[profile keys]
credential_process = sh keys.sh
[profile role]
endpoint_url = ${url}
role_arn = ${openRole}
source_profile = keys
${config(stsaval)}`,
  }));
}

const openRole = "arn:aws:iam::123456789012:role/OpenRole-dev";

async function startsOf({ path }: Home): Promise<number> {
  return (await Deno.readTextFile(`${path}/starts`)).split("\n").length - 1;
}

Deno.test("the AWS CLI gets a role on a program from stsaval, which runs the program once for two calls", async () => {
  await using home = await startWithSts((stsaval) =>
    `[profile cli]\nregion = us-east-1\ncredential_process = ${stsaval} process role\n`
  );
  for (let call = 0; call < 2; call++) {
    const words = ["sts", "get-caller-identity", "--profile", "cli", "--endpoint-url", home.url];
    const { code, stdout, stderr } = await runIn(home, ["aws", ...words]);
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, ":assumed-role/OpenRole-dev/");
  }
  assertEquals(await startsOf(home), 1);
});

Deno.test("a loop through the AWS CLI is spelled out when its first profile is asked for again", async () => {
  await using home = await startWithSts((stsaval) =>
    `[profile a]\ncredential_process = sh ask.sh\n` +
    `[profile b]\nregion = us-east-1\ncredential_process = ${stsaval} process --profile a\n`
  );
  const { code, stdout, stderr } = await runIn(home, stsavalWords(["process", "--profile", "a"]));
  assertEquals([code, stdout, await startsOf(home)], [5, "", 1]);
  assertStringIncludes(stderr, `"a" ("${home.path}/.aws/config", line 8) -> "a"`);
});
