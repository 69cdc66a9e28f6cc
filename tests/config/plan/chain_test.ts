import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Chain, resolveChain } from "../../../src/config/plan/chain.ts";
import { ProfileError } from "../../../src/errors.ts";
import { configOf, configPath, credentialsPath, keys, roleArn, type Texts } from "../in_memory.ts";

/** `base-kind:profile > role > role`, as short as a chain can be written. */
function shapeOf({ base, baseProfile, roles }: Chain): string {
  const start = `${base.kind === "source" ? base.source : base.kind}:${baseProfile.name}`;
  return [start, ...roles.map(({ roleArn }) => roleArn.replace(/^.*\//, ""))].join(" > ");
}

const keysOf = (id: string) => `aws_access_key_id = ${id}\naws_secret_access_key = secret-${id}\n`;
const role = (name: string, source: string) =>
  `role_arn = ${roleArn(name)}\nsource_profile = ${source}\n`;

const ssoInstance = "sso_start_url = https://s.example\nsso_region = eu-west-1\n";
const ssoRole = "sso_account_id = 123456789012\nsso_role_name = Admin\n";

interface Resolving extends Texts {
  readonly what: string;
  readonly wanted: string;
  /** The access key id of the base. */
  readonly keyId?: string;
}

const resolvings: readonly Resolving[] = [
  {
    what: "a role over the keys of its source profile",
    config: `[profile A]\n${role("A", "B")}[profile B]\n${keysOf("b")}`,
    wanted: "static-keys:B > A",
    keyId: "b",
  },
  {
    what: "source_profile before the profile's own keys",
    config: `[profile A]\n${keysOf("a")}${role("A", "B")}[profile B]\n${keysOf("b")}`,
    wanted: "static-keys:B > A",
    keyId: "b",
  },
  {
    what: "a profile that is its own source, with its own keys",
    config: `[profile A]\n${keysOf("a")}${role("A", "A")}`,
    wanted: "static-keys:A > A",
    keyId: "a",
  },
  {
    what: "a source that is its own source, with its own keys, without its role",
    config: `[profile A]\n${role("A", "B")}[profile B]\n${keysOf("b")}${role("B", "B")}`,
    wanted: "static-keys:B > A",
    keyId: "b",
  },
  {
    what: "credential_source = Ec2InstanceMetadata",
    config: `[profile A]\nrole_arn = ${roleArn("A")}\ncredential_source = Ec2InstanceMetadata\n`,
    wanted: "instance-metadata:A > A",
  },
  {
    what: "credential_source = EcsContainer",
    config: `[profile A]\nrole_arn = ${roleArn("A")}\ncredential_source = EcsContainer\n`,
    env: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/id" },
    wanted: "container:A > A",
  },
  {
    what: "credential_source = Environment",
    config: `[profile A]\nrole_arn = ${roleArn("A")}\ncredential_source = Environment\n`,
    env: { AWS_ACCESS_KEY_ID: "env", AWS_SECRET_ACCESS_KEY: "s" },
    wanted: "environment:A > A",
    keyId: "env",
  },
  {
    what: "roles over roles, the one next to the keys first",
    config: `[profile A]\n${role("A", "B")}[profile B]\n${role("B", "C")}[profile C]\n${
      keysOf("c")
    }`,
    wanted: "static-keys:C > B > A",
    keyId: "c",
  },
  {
    what: "static keys from the second hop on before the role of that hop",
    config: `[profile A]\n${role("A", "B")}${keysOf("bug")}` +
      `[profile B]\n${role("B", "C")}${keysOf("b")}[profile C]\n${keysOf("bug")}`,
    wanted: "static-keys:B > A",
    keyId: "b",
  },
  {
    what: "a role with a web identity token",
    config: `[profile A]\nrole_arn = ${roleArn("A")}\nweb_identity_token_file = /t.jwt\n`,
    wanted: "web-identity:A",
  },
  {
    what: "a web identity token before keys, since keys alone would not be the role",
    config: `[profile A]\nrole_arn = ${roleArn("A")}\nweb_identity_token_file = /t\n${keysOf("a")}`,
    wanted: "web-identity:A",
  },
  {
    what: "a web identity token behind a source profile",
    config: `[profile A]\n${role("A", "B")}` +
      `[profile B]\nrole_arn = ${roleArn("B")}\nweb_identity_token_file = /t.jwt\n`,
    wanted: "web-identity:B > A",
  },
  {
    what: "source_profile before a web identity token",
    config: `[profile A]\n${role("A", "B")}web_identity_token_file = /t\n` +
      `[profile B]\n${keysOf("b")}`,
    wanted: "static-keys:B > A",
  },
  {
    what: "keys before a credential process, and that before single sign-on",
    config: `[profile A]\n${keysOf("a")}credential_process = p\nsso_start_url = https://s\n`,
    wanted: "static-keys:A",
  },
  {
    what: "a credential process",
    config: `[profile A]\ncredential_process = p\nsso_start_url = https://s\n`,
    wanted: "credential-process:A",
  },
  {
    what: "single sign-on with a session",
    config: `[profile A]\nsso_session = s\n${ssoRole}[sso-session s]\n${ssoInstance}`,
    wanted: "sso:A",
  },
  {
    what: "single sign-on with a start URL",
    config: `[profile A]\n${role("A", "B")}[profile B]\n${ssoInstance}${ssoRole}`,
    wanted: "sso:B > A",
  },
  {
    what: "keys in the credentials file for a profile of the config file",
    config: `[profile A]\n${role("A", "B")}[profile B]\nregion = eu-west-1\n`,
    credentials: `[B]\n${keysOf("b")}`,
    wanted: "static-keys:B > A",
    keyId: "b",
  },
];

for (const { what, wanted, keyId, ...texts } of resolvings) {
  Deno.test({
    name: `resolveChain() takes ${what}`,
    permissions: "none",
    async fn() {
      const chain = resolveChain(await configOf(texts), "A");
      assertEquals(shapeOf(chain), wanted);
      if (keyId !== undefined) {
        assertEquals("keys" in chain.base && chain.base.keys.accessKeyId, keyId);
      }
      for (const { reason } of [chain.base, ...chain.roles]) {
        assert(/^profile "[ABC]" sets [a-z_]+ at "\/home\/kim.*", line \d+$/.test(reason), reason);
      }
    },
  });
}

interface Refusal extends Texts {
  readonly what: string;
  readonly message: string;
  readonly hint?: string;
}

const refusals: readonly Refusal[] = [
  {
    what: "a role without a source",
    config: `[profile A]\nrole_arn = ${roleArn("A")}\n${keys}`,
    message: `role_arn of profile "A" at "${configPath}", line 2 needs source_profile or ` +
      "credential_source",
  },
  {
    what: "both sources",
    config: `[profile A]\n${role("A", "B")}credential_source = Environment\n[profile B]\n${keys}`,
    message: `source_profile of profile "A" at "${configPath}", line 3 is set together with ` +
      "credential_source, wanted only one",
    hint: 'remove one of them from profile "A"',
  },
  {
    what: "a missing secret",
    config: `[profile A]\nrole_arn = arn:foo\nsource_profile = B\n` +
      `[profile B]\naws_access_key_id = abc123\n`,
    message: `aws_access_key_id of profile "B" at "${configPath}", line 5 is set, but ` +
      "aws_secret_access_key is missing",
    hint: 'add aws_secret_access_key to profile "B"',
  },
  {
    what: "a missing access key id",
    config: `[profile A]\nrole_arn = arn:foo\nsource_profile = B\n` +
      `[profile B]\naws_secret_access_key = kept-secret\n`,
    message: `aws_secret_access_key of profile "B" at "${configPath}", line 5 is set, but ` +
      "aws_access_key_id is missing",
  },
  {
    what: "half a pair in the profile itself",
    config: "[profile A]\naws_session_token = kept-secret\naws_access_key_id = abc123\n",
    message: `line 3 and aws_session_token of profile "A" at "${configPath}", line 2 are ` +
      "set, but aws_secret_access_key is missing",
  },
  {
    what: "half a pair in a source that has a role too",
    config: `[profile A]\n${role("A", "B")}` +
      `[profile B]\n${role("B", "C")}aws_access_key_id = abc123\n[profile C]\n${keys}`,
    message: "aws_secret_access_key is missing",
  },
  {
    what: "a source without anything",
    config: `[profile A]\n${role("A", "B")}[profile B]\n`,
    message: `profile "B" at "${configPath}", line 4 has neither keys nor a role`,
  },
  {
    what: "a profile without anything",
    config: "[profile A]\nregion = eu-west-1\n",
    message: `profile "A" at "${configPath}", line 1 has neither keys nor a role`,
    hint: 'add aws_access_key_id and aws_secret_access_key, or role_arn, to profile "A"',
  },
  {
    what: "a source that does not exist",
    config: `[profile A]\n${role("A", "usr")}[profile user]\n${keys}`,
    message:
      `source_profile of profile "A" at "${configPath}", line 3 is "usr", which does not exist`,
    hint: 'did you mean "user"?',
  },
  {
    what: "a source that does not exist and resembles nothing",
    config: `[profile A]\n${role("A", "somewhere-else")}`,
    message: '"somewhere-else", which does not exist',
    hint: "'stsaval profiles' lists the known profiles",
  },
  {
    what: "a loop",
    config: `[profile A]\n${role("A", "B")}[profile B]\n${role("B", "A")}`,
    message: `its source profiles form a loop: "A" -> "B" -> "A", closed by source_profile of ` +
      `profile "B" at "${configPath}", line 6`,
  },
  {
    what: "a loop even where the first profile has keys",
    config: `[profile A]\n${role("A", "B")}${keys}[profile B]\n${role("B", "A")}`,
    message: '"A" -> "B" -> "A"',
  },
  {
    what: "a loop behind the profile",
    config: `[profile A]\n${role("A", "B")}[profile B]\n${role("B", "C")}` +
      `[profile C]\n${role("C", "B")}`,
    message: '"A" -> "B" -> "C" -> "B"',
  },
  {
    what: "a profile that is its own source without keys",
    config: `[profile A]\n${role("A", "A")}`,
    message: `source_profile of profile "A" at "${configPath}", line 3 is the profile itself, ` +
      "which has no keys",
  },
  {
    what: "a web identity token without a role",
    config: "[profile A]\nweb_identity_token_file = /t\n",
    message: `web_identity_token_file of profile "A" at "${configPath}", line 2 needs role_arn`,
  },
  {
    what: "an unknown credential_source",
    config: `[profile A]\nrole_arn = ${roleArn("A")}\ncredential_source = Moon\n`,
    message: `credential_source of profile "A" at "${configPath}", line 3 is "Moon", wanted ` +
      "Environment or Ec2InstanceMetadata or EcsContainer",
  },
  {
    what: "the environment as the source, without its keys",
    config: `[profile A]\nrole_arn = ${roleArn("A")}\ncredential_source = Environment\n`,
    message: "line 3 is Environment, but AWS_ACCESS_KEY_ID is not set",
  },
  {
    what: "the environment as the source, without its secret",
    config: `[profile A]\nrole_arn = ${roleArn("A")}\ncredential_source = Environment\n`,
    env: { AWS_ACCESS_KEY_ID: "abc123" },
    message: "AWS_SECRET_ACCESS_KEY is not set",
  },
  {
    what: "an indented source_profile, before it misses it, and without showing it",
    config: `[profile A]\nrole_arn = ${roleArn("A")}\n  source_profile = kept-secret\n`,
    message: `role_arn of profile "A" at "${configPath}", line 2 continues on an indented line`,
  },
];

for (const { what, message, hint, ...texts } of refusals) {
  Deno.test({
    name: `resolveChain() refuses ${what}`,
    permissions: "none",
    async fn() {
      const config = await configOf(texts);
      const error = assertThrows(() => resolveChain(config, "A"), ProfileError);
      assert(error.message.startsWith('Cannot use profile "A": '), error.message);
      assertStringIncludes(error.message, message);
      assert(!error.message.includes("secret\n") && !error.message.includes("kept-secret"));
      if (hint !== undefined) assertEquals(error.hint, hint);
      assertEquals(error.problems.map(({ profile }) => profile), ["A"]);
    },
  });
}

Deno.test({
  name: "resolveChain() suggests the nearest name for a profile that does not exist",
  permissions: "none",
  async fn() {
    const config = await configOf({ config: `[profile deploy-prod]\n${keys}` });
    const error = assertThrows(() => resolveChain(config, "depoly-prod"), ProfileError);
    assertEquals(
      error.message,
      `Cannot find profile "depoly-prod": it is neither in "${configPath}" nor in "${credentialsPath}"`,
    );
    assertEquals(error.hint, 'did you mean "deploy-prod"?');
  },
});

Deno.test({
  name: "resolveChain() says where profiles were looked for when there are none",
  permissions: "none",
  async fn() {
    const config = await configOf({});
    const error = assertThrows(() => resolveChain(config, "A"), ProfileError);
    assertEquals(
      error.message,
      `Cannot find profile "A": no profiles are defined in "${configPath}" and "${credentialsPath}"`,
    );
  },
});

const ignoredSections: readonly (readonly [string, Texts])[] = [
  ["dev", { config: `[dev]\n${keys}` }],
  ["dev", { config: `[Profile dev]\n${keys}` }],
  ["two words", { config: `[profile two words] and more\n${keys}` }],
  ["dev", { config: `[profile dev]]\n${keys}` }],
  ["dev", { credentials: `[dev] text\n${keys}` }],
  ["half", { config: `[profile "half]\n${keys}` }],
  ["blank", { config: `[profile "blank "]\n${keys}` }],
  ["default", { config: `[DEFAULT]\n${keys}` }],
  ["dev", { credentials: `[profile dev]\n${keys}` }],
];

for (const [name, texts] of ignoredSections) {
  const [file, text = ""] = texts.config === undefined
    ? [credentialsPath, texts.credentials]
    : [configPath, texts.config];
  const [header] = text.split("\n");
  Deno.test({
    name: `resolveChain() says of "${name}" that ${header} is ignored in ${file}`,
    permissions: "none",
    async fn() {
      const config = await configOf(texts);
      const { message } = assertThrows(() => resolveChain(config, name), ProfileError);
      const shown = header?.replace(/(?<=\]).*/, "");
      const start = `Cannot find profile "${name}": "${file}", line 1: section "${shown}" ignored`;
      assertStringIncludes(message, start);
    },
  });
}

Deno.test({
  name: "resolveChain() takes no other warning for the reason why there is no profile",
  permissions: "none",
  async fn() {
    const config = await configOf({
      config: `[plugins]\nx = 1\n[sso-session dev ops]\nx = 1\n` +
        `[profile A]\nregion = a\nregion = b\n${keys}`,
    });
    for (const name of ["on", "region", "ignored", "plug", "dev ops", "sso-session dev ops", ""]) {
      const { message } = assertThrows(() => resolveChain(config, name), ProfileError);
      assertStringIncludes(message, `Cannot find profile "${name}": it is neither in`);
    }
  },
});

Deno.test({
  name: "resolveChain() walks ten thousand hops, and shortens the path of so long a loop",
  permissions: "none",
  async fn() {
    const hops = Array.from(
      { length: 10_000 },
      (_, index) => `[profile p${index}]\n${role(`R${index}`, `p${index + 1}`)}`,
    );
    const long = await configOf({ config: `${hops.join("")}[profile p10000]\n${keys}` });
    assertEquals(resolveChain(long, "p0").roles.length, 10_000);
    const loop = await configOf({ config: `${hops.join("")}[profile p10000]\n${role("R", "p0")}` });
    const error = assertThrows(() => resolveChain(loop, "p0"), ProfileError);
    assertStringIncludes(error.message, '"p5" -> … -> "p9996"');
    assert(error.message.length < 500);
  },
});

Deno.test({
  name: "resolveChain() shows of a credential process its program only",
  permissions: "none",
  async fn() {
    const detailOf = async (command: string) => {
      const config = await configOf({ config: `[profile A]\ncredential_process = ${command}\n` });
      const { base } = resolveChain(config, "A");
      return "detail" in base ? base.detail : undefined;
    };
    const plain = (program: string) => `"${program}", run without a shell`;
    const details: Readonly<Record<string, string>> = {
      "/opt/keys --password kept-secret": plain("/opt/keys"),
      '"/opt/my keys" --password kept-secret': plain("/opt/my keys"),
      "'/opt/my keys'\n  --password kept-secret": plain("/opt/my keys"),
      "keys kept-secret | jq .": '"keys", run by sh -c, since it holds |',
      "KEY=kept-secret keys": "a command, run by sh -c, since it holds KEY=",
      "$(kept-secret)": "a command, run by sh -c, since it holds $",
      "'kept-secret;kept'": "a command, run without a shell",
    };
    for (const [command, detail] of Object.entries(details)) {
      assertEquals(await detailOf(command), detail);
    }
  },
});
