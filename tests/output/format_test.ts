import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { Credentials } from "../../src/credentials.ts";
import { UsageError } from "../../src/errors.ts";
import { type CredentialSet, findFormat, formats } from "../../src/output/format.ts";
import { misleadingVariables } from "../../src/output/variable_names.ts";

const now = Date.UTC(2026, 0, 1);
const dev = new Credentials({
  AccessKeyId: "ASIADEV",
  SecretAccessKey: "dev/secret+",
  SessionToken: "FwoGdev==",
  StartTime: new Date(now),
  Expiration: new Date(now + 3_600_000),
});
const qa = new Credentials({ ...dev, AccessKeyId: "ASIAQA", Expiration: new Date(now + 60_000) });
const one: CredentialSet = { "sts-DynamoDBRole-dev": dev };
const two: CredentialSet = { ...one, "sts-qa": qa };

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function write(name: string, set: CredentialSet, options = {}): string {
  return findFormat(name).format(set, { now, ...options });
}

pure("findFormat() finds every format by its name, and each has a summary of its own", () => {
  for (const format of formats) assertEquals(findFormat(format.name), format);
  assertEquals(new Set(formats.map(({ summary }) => summary)).size, formats.length);
});

pure("findFormat() names all formats and the nearest one when there is none of that name", () => {
  const error = assertThrows(() => findFormat("jsno"), UsageError);
  assertEquals(
    error.message,
    'Unknown format "jsno": wanted json, table, env, fish, powershell, cmd, dotenv, ini, process, sts',
  );
  assertEquals(error.hint, "did you mean '--format json'?");
  assertEquals(assertThrows(() => findFormat("xxxxxxxxx"), UsageError).hint, undefined);
});

pure("json has the original program's shape", () => {
  assertEquals(
    write("json", one),
    `{
  "sts-DynamoDBRole-dev": {
    "StartTime": "2026-01-01T00:00:00.000Z",
    "Expiration": "2026-01-01T01:00:00.000Z",
    "AccessKeyId": "ASIADEV",
    "SecretAccessKey": "dev/secret+",
    "SessionToken": "FwoGdev=="
  }
}
`,
  );
  assertEquals(Object.keys(JSON.parse(write("json", two))), Object.keys(two));
});

pure("table shows who has which key for how long, and no secret", () => {
  assertEquals(
    write("table", two),
    "PROFILE           ACCESS KEY ID  EXPIRES AT            TIME LEFT\n" +
      "DynamoDBRole-dev  ASIADEV        2026-01-01 01:00:00Z  1h\n" +
      "qa                ASIAQA         2026-01-01 00:01:00Z  1m\n",
  );
});

pure("table shows the secrets in full and uncut when they are asked for", () => {
  const text = write("table", two, { showSecrets: true, columns: 30 });
  assertStringIncludes(text, "\nqa\n  AccessKeyId      ASIAQA\n  SecretAccessKey  dev/secret+\n");
  assertStringIncludes(text, "  SessionToken     FwoGdev==\n");
});

pure("table colors the time left by how much it is", () => {
  const ended = { ...two, "sts-old": { ...dev, Expiration: new Date(now - 1) } };
  const text = write("table", ended, { color: true });
  assertStringIncludes(text, "\x1b[32m1h\x1b[0m");
  assertStringIncludes(text, "\x1b[33m1m\x1b[0m");
  assertStringIncludes(text, "\x1b[31mexpired\x1b[0m");
});

pure("table never passes a profile's escape sequence to the terminal", () => {
  const text = write("table", { "sts-\x1b]0;x\x07": dev }, { showSecrets: true });
  assert(!text.includes("\x1b") && !text.includes("\x07"));
});

pure("variable formats write bare names for one profile", () => {
  assertEquals(
    write("env", one),
    `unset ${misleadingVariables.join(" ")}
export AWS_ACCESS_KEY_ID='ASIADEV'
export AWS_SECRET_ACCESS_KEY='dev/secret+'
export AWS_SESSION_TOKEN='FwoGdev=='
export AWS_CREDENTIAL_EXPIRATION='2026-01-01T01:00:00.000Z'
`,
  );
});

pure("variable formats give the region where there is one", () => {
  const text = write("dotenv", one, { region: "eu-west-1" });
  assertStringIncludes(text, "\nAWS_REGION=eu-west-1\nAWS_DEFAULT_REGION=eu-west-1\n");
});

pure("variable formats prefix the names of several profiles", () => {
  const text = write("fish", two);
  assertStringIncludes(text, "set -gx STS_DYNAMODBROLE_DEV_AWS_ACCESS_KEY_ID 'ASIADEV'\n");
  assertStringIncludes(text, "set -gx STS_QA_AWS_ACCESS_KEY_ID 'ASIAQA'\n");
});

pure("variable formats make an identifier of any name", () => {
  const text = write("env", { "sts-a;$(id)\n'": dev, "sts-é": qa });
  for (const line of text.trimEnd().split("\n")) assertMatch(line, /^export [A-Z_][A-Z0-9_]*='/);
});

pure("variable formats tell names in other alphabets apart", () => {
  const text = write("env", { "sts-\u65e5\u672c": dev, "sts-\u4e2d\u56fd": qa });
  assertStringIncludes(text, "export STS__U65E5__U672C__AWS_ACCESS_KEY_ID='ASIADEV'\n");
  assertStringIncludes(text, "export STS__U4E2D__U56FD__AWS_ACCESS_KEY_ID='ASIAQA'\n");
});

pure("variable formats refuse two profiles whose names would be the same, naming both", () => {
  for (const name of ["env", "fish", "powershell", "cmd", "dotenv"]) {
    const error = assertThrows(() => write(name, { "sts-a.b": dev, "sts-a-B": qa }), UsageError);
    assertStringIncludes(error.message, '"sts-a.b" and "sts-a-B"');
  }
});

pure("formatUnset() takes away what format() sets with a region, and what leads elsewhere", () => {
  const options = { region: "eu-west-1" };
  const assigned = (set: CredentialSet) => write("env", set, options).match(/\w+(?==')/g) ?? [];
  const unset = (set: CredentialSet) =>
    findFormat("env").formatUnset?.(Object.keys(set)).trim().split(" ").slice(1);
  assertEquals(unset(one), [...misleadingVariables, ...assigned(one)]);
  assertEquals(unset(two), assigned(two));
});

for (const format of ["env", "fish", "powershell", "cmd"]) {
  pure(`${format} of one profile unsets what leads elsewhere before it sets anything`, () => {
    const text = write(format, one);
    const found = misleadingVariables.map((name) => text.indexOf(name));
    const assigned = text.search(/AWS_ACCESS_KEY_ID/);
    assert(found.every((index) => index > 0 && index < assigned), text);
    assert(!write(format, two).includes("AWS_SECURITY_TOKEN"));
  });
}

pure("a format may be named by the shell that reads it", () => {
  for (const name of ["bash", "zsh", "sh"]) assertEquals(findFormat(name).name, "env");
  assertEquals(findFormat("pwsh").name, "powershell");
  assertThrows(() => findFormat("constructor"), UsageError, 'Unknown format "constructor"');
});

pure("formatUnset() exists for every shell and for nothing else", () => {
  const names = formats.filter((format) => format.formatUnset !== undefined).map((f) => f.name);
  assertEquals(names, ["env", "fish", "powershell", "cmd"]);
});

pure("ini writes a section a profile", () => {
  assertEquals(
    write("ini", two, { region: "eu-west-1" }),
    `[sts-DynamoDBRole-dev]
# ends 2026-01-01T01:00:00.000Z
aws_access_key_id = ASIADEV
aws_secret_access_key = dev/secret+
aws_session_token = FwoGdev==
region = eu-west-1

[sts-qa]
# ends 2026-01-01T00:01:00.000Z
aws_access_key_id = ASIAQA
aws_secret_access_key = dev/secret+
aws_session_token = FwoGdev==
region = eu-west-1
`,
  );
});

pure("ini refuses names and values that would end their section or line", () => {
  for (const name of ["a]\nb", "a\nb", "a [b]", "a #b", "a\u202eb"]) {
    assertThrows(() => write("ini", { [`sts-${name}`]: dev }), UsageError);
  }
  const error = assertThrows(
    () => write("ini", { "sts-a": { ...dev, SessionToken: "a\n[b]" } }),
    UsageError,
  );
  assertEquals(error.message.includes("[b]"), false);
});

pure("ini carries names with blanks, commas, quotes and letters of every alphabet", () => {
  for (const name of ["sts-a b", "sts-a,b", "sts-it's", "sts-m\u00fcller", "sts-\u65e5\u672c"]) {
    assertEquals(write("ini", { [name]: dev }).split("\n")[0], `[${name}]`);
  }
});

pure("process is what credential_process wants", () => {
  assertEquals(JSON.parse(write("process", one)), {
    Version: 1,
    AccessKeyId: "ASIADEV",
    SecretAccessKey: "dev/secret+",
    SessionToken: "FwoGdev==",
    Expiration: "2026-01-01T01:00:00.000Z",
  });
});

pure("process takes exactly one profile", () => {
  assertEquals(findFormat("process").single, true);
  for (const set of [{}, two]) assertThrows(() => write("process", set), UsageError, "exactly one");
});

pure("a format that holds no secrets shows none unless asked, and the others say so", () => {
  for (const { name, holdsSecrets } of formats) {
    assertEquals(write(name, one).includes(dev.SecretAccessKey), holdsSecrets, name);
  }
});
