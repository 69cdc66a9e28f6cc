import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { expandHome } from "../../src/config/home.ts";
import { addProfiles, loadConfig, loadRoleFile, parseOnce } from "../../src/config/load.ts";
import { pathInHome } from "../../src/config/home.ts";
import { formatRole } from "../../src/config/profile.ts";
import { ConfigError, UsageError } from "../../src/errors.ts";
import { configOf, configPath, credentialsPath, keys, portsOf, roleArn } from "./in_memory.ts";

const emptyEnv = { get: () => undefined };

Deno.test({
  name: "loadConfig() reads ~/.aws, and needs neither file",
  permissions: "none",
  async fn() {
    const config = await configOf({});
    assertEquals(config.files, { config: configPath, credentials: credentialsPath });
    assertEquals([config.profiles.size, config.warnings.length], [0, 0]);
    assertEquals((await configOf({ config: "[profile a]\n" })).profiles.size, 1);
    assertEquals((await configOf({ credentials: "[a]\n[b]\n" })).profiles.size, 2);
  },
});

Deno.test({
  name: "loadConfig() takes options before variables, and variables before ~/.aws",
  permissions: "none",
  async fn() {
    const env = { AWS_CONFIG_FILE: "~/c", AWS_SHARED_CREDENTIALS_FILE: "/etc/k" };
    const files = {
      "/home/kim/c": "[profile by-variable]\n",
      "/etc/k": "[keys-by-variable]\n",
      "/home/kim/mine": "[profile by-option]\n",
      "other": "[keys-by-option]\n",
    };
    const byVariable = await configOf({ config: "[profile a]\n", env, files });
    assertEquals([...byVariable.profiles.keys()], ["by-variable", "keys-by-variable"]);
    assertEquals(byVariable.files, { config: "/home/kim/c", credentials: "/etc/k" });
    const options = { configFile: "~/mine", credentialsFile: "other" };
    const byOption = await configOf({ env, files }, options);
    assertEquals([...byOption.profiles.keys()], ["by-option", "keys-by-option"]);
  },
});

Deno.test({
  name: "loadConfig() notes a variable that names a file that does not exist",
  permissions: "none",
  async fn() {
    const { warnings } = await configOf({ env: { AWS_CONFIG_FILE: "/nowhere" } });
    assertEquals(warnings, [{
      place: { file: "/nowhere" },
      message: "AWS_CONFIG_FILE names a file that does not exist",
    }]);
  },
});

Deno.test({
  name: "loadConfig() refuses an option that names a file that does not exist",
  permissions: "none",
  async fn() {
    for (const options of [{ configFile: "~/x" }, { credentialsFile: "~/x" }]) {
      const error = await assertRejects(() => configOf({}, options), ConfigError);
      assertEquals(error.message, 'Cannot read "/home/kim/x": there is no such file');
    }
  },
});

Deno.test({
  name: "loadConfig() names a file that cannot be read, and why",
  permissions: "none",
  async fn() {
    const refuse = (path: string) =>
      Promise.reject(path.endsWith("config") ? new Error("permission denied") : "no reason");
    const ports = { files: { readText: refuse }, env: portsOf({}).env };
    const error = await assertRejects(() => loadConfig(ports), ConfigError);
    assertEquals(error.message, `Cannot read "${configPath}": permission denied`);
    assertEquals(error.place, { file: configPath });
    const thrown = await assertRejects(() => loadRoleFile(ports, "/roles"), ConfigError);
    assertEquals(thrown.message, 'Cannot read "/roles": no reason');
  },
});

Deno.test({
  name: "loadConfig() merges both files setting by setting, credentials win",
  permissions: "none",
  async fn() {
    const config = await configOf({
      config: `[profile a]\nregion = eu-west-1\naws_access_key_id = old\n`,
      credentials: `[a]\n${keys}`,
    });
    const profile = config.profiles.get("a");
    assertEquals(profile?.region, "eu-west-1");
    assertEquals(profile?.accessKeyId, "AKIAEXAMPLEEXAMPLE00");
    assertEquals(profile?.place, { file: configPath, line: 1 });
    assertEquals(profile?.places.accessKeyId, { file: credentialsPath, line: 2 });
    assertEquals(config.warnings, [{
      place: { file: configPath, line: 3 },
      message: `setting ignored: "aws_access_key_id" is set in "${credentialsPath}" too`,
      byRule: true,
    }]);
  },
});

Deno.test({
  name: "loadConfig() merges [profile default] with [default] of the credentials file",
  permissions: "none",
  async fn() {
    const config = await configOf({
      config: "[profile default]\nregion = a\n[default]\nmfa_serial = b\n",
      credentials: `[default]\n${keys}`,
    });
    const profile = config.profiles.get("default");
    assertEquals([profile?.region, profile?.mfaSerial], ["a", undefined]);
    assertEquals(profile?.secretAccessKey, "kept-secret");
  },
});

Deno.test({
  name: "loadConfig() reads the variables that matter",
  permissions: "none",
  async fn() {
    const { environment } = await configOf({
      env: {
        AWS_DEFAULT_PROFILE: "old",
        AWS_PROFILE: "new",
        AWS_DEFAULT_REGION: "r0",
        AWS_REGION: "r1",
        AWS_ACCESS_KEY_ID: "id",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_SESSION_TOKEN: "token",
        AWS_ENDPOINT_URL_STS: "http://sts",
        AWS_ENDPOINT_URL_SSO_OIDC: "http://oidc",
        AWS_ENDPOINT_URL: "http://all",
        AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "TRUE",
        AWS_USE_FIPS_ENDPOINT: "false",
        AWS_USE_DUALSTACK_ENDPOINT: "true",
        AWS_STS_REGIONAL_ENDPOINTS: "legacy",
      },
    });
    assertEquals(environment, {
      profile: "new",
      region: "r1",
      accessKeyId: "id",
      secretAccessKey: "secret",
      sessionToken: "token",
      sessionVariable: "AWS_SESSION_TOKEN",
      stsEndpointUrl: "http://sts",
      serviceUrls: { "sso_oidc": "http://oidc" },
      endpointUrl: "http://all",
      ignoreConfiguredEndpointUrls: true,
      useFips: false,
      useDualstack: true,
      stsRegionalEndpoints: "legacy",
    });
    const older = await configOf({
      env: { AWS_DEFAULT_PROFILE: "old", AWS_DEFAULT_REGION: "r0" },
    });
    assertEquals(older.environment, { profile: "old", region: "r0" });
  },
});

Deno.test({
  name: "loadConfig() refuses a variable that is not one of its words",
  permissions: "none",
  async fn() {
    const error = await assertRejects(
      () => configOf({ env: { AWS_USE_FIPS_ENDPOINT: "yes" } }),
      UsageError,
    );
    assertEquals(
      error.message,
      'Cannot use "yes" for AWS_USE_FIPS_ENDPOINT: wanted true or false',
    );
    await assertRejects(
      () => configOf({ env: { AWS_STS_REGIONAL_ENDPOINTS: "global" } }),
      UsageError,
    );
  },
});

Deno.test({
  name: "expandHome() expands a leading ~ only, with HOME before USERPROFILE",
  permissions: "none",
  fn() {
    const { env } = portsOf({ env: { USERPROFILE: "C:\\kim" } });
    const windows = { get: (name: string) => name === "USERPROFILE" ? "C:\\kim" : undefined };
    assertEquals(expandHome("~/a", env), "/home/kim/a");
    assertEquals(expandHome("~", env), "/home/kim");
    assertEquals(expandHome("~\\a", windows), "C:\\kim\\a");
    for (const path of ["~other/a", "/a/~/b", "a"]) assertEquals(expandHome(path, env), path);
    assertEquals(expandHome("~/a", emptyEnv), "~/a");
  },
});

const originalRoles = `[acme-db-dev]
role_arn = arn:aws:iam::236600111358:role/AcmeDEV
mfa_serial = arn:aws:iam::3788881165911:mfa/BillCaster
source_profile = william-caster

[profile acme-apps-qa]
role_arn = arn:aws:iam::430864833800:role/AcmeAdmin
mfa_serial = arn:aws:iam::3788881165911:mfa/BillCaster
source_profile = william-caster
`;

Deno.test({
  name: "loadRoleFile() reads both spellings of a section, and its own output as JSON",
  permissions: "none",
  async fn() {
    const ports = portsOf({ files: { "/home/kim/roles": originalRoles } });
    const profiles = await loadRoleFile(ports, "~/roles");
    const roles = Object.fromEntries(
      [...profiles].map(([name, profile]) => [name, formatRole(profile)]),
    );
    assertEquals(roles["acme-db-dev"], {
      role_arn: "arn:aws:iam::236600111358:role/AcmeDEV",
      mfa_serial: "arn:aws:iam::3788881165911:mfa/BillCaster",
      source_profile: "william-caster",
    });
    assertEquals(Object.keys(roles), ["acme-db-dev", "acme-apps-qa"]);
    const json = portsOf({ files: { "/r.json": `\ufeff ${JSON.stringify(roles)}` } });
    const again = await loadRoleFile(json, "/r.json");
    assertEquals([...again.values()].map(formatRole), Object.values(roles));
  },
});

Deno.test({
  name: "loadRoleFile() takes numbers in JSON, and settings in any case",
  permissions: "none",
  async fn() {
    const json = '{"a": {"Duration_Seconds": 1800, "region": " eu-west-1 "}}';
    const profiles = await loadRoleFile(portsOf({ files: { "/r": json } }), "/r");
    assertEquals(profiles.get("a")?.durationSeconds, 1800);
    assertEquals(profiles.get("a")?.region, "eu-west-1");
  },
});

Deno.test({
  name: "loadRoleFile() refuses what it cannot read, without showing it",
  permissions: "none",
  async fn() {
    const reasonOf = async (text: string | undefined) => {
      const ports = portsOf({ files: text === undefined ? {} : { "/r": text } });
      const error = await assertRejects(() => loadRoleFile(ports, "/r"), ConfigError);
      assert(!error.message.includes("kept-secret"), error.message);
      return error.message;
    };
    assertEquals(await reasonOf(undefined), 'Cannot read "/r": there is no such file');
    assertStringIncludes(await reasonOf("{\n kept-secret }"), "line 2, column 2: it begins with {");
    assertStringIncludes(await reasonOf('{"a": "kept-secret"}'), '"a" is text, wanted');
    assertStringIncludes(await reasonOf('{"a": {"x": ["kept-secret"]}}'), '"x" of "a" is');
    assertStringIncludes(await reasonOf('{"a\\nb": {}}'), "a profile name");
    assertStringIncludes(await reasonOf("kept-secret"), "line 1, column 1");
  },
});

Deno.test({
  name: "loadRoleFile() refuses JSON of another shape, and says what it found",
  permissions: "none",
  async fn() {
    const wanted = {
      "[1]": "it is a list, wanted an object of profiles",
      '[{"a": {}}]': "it is a list, wanted an object of profiles",
      '[{"a": {}},]': "it begins with [, but is not valid JSON",
      "\ufeff null": "it is null, wanted an object of profiles",
      "5": "it is a number, wanted an object of profiles",
      '{"a": [1]}': '"a" is a list, wanted an object such as {"key": "value"}',
      '{"a": true}': '"a" is a boolean, wanted an object such as {"key": "value"}',
      '{"a": {"role_arn": null}}': '"role_arn" of "a" is null, wanted text or a number',
      '{"a": {"role_arn": {}}}': '"role_arn" of "a" is an object, wanted text or a number',
      '{"a": {"role_arn": "arn:aws:iam::123456789012:role/De\\nv"}}':
        '"role_arn" of "a" is text with a line break or a control character, wanted text on one line',
    };
    for (const [text, reason] of Object.entries(wanted)) {
      const ports = portsOf({ files: { "/r": text } });
      const error = await assertRejects(() => loadRoleFile(ports, "/r"), ConfigError);
      assert(error.message.startsWith('Cannot read "/r"'), error.message);
      assert(error.message.endsWith(`: ${reason}`), error.message);
    }
    const ini = portsOf({ files: { "/r": "[dev]\nregion = x\n" } });
    assertEquals([...(await loadRoleFile(ini, "/r")).keys()], ["dev"]);
  },
});

Deno.test({
  name: "addProfiles() adds, and says which profiles it replaces",
  permissions: "none",
  async fn() {
    const config = await configOf({ config: `[profile a]\nregion = x\n[profile b]\n` });
    const roles = `[a]\nrole_arn = ${roleArn("A")}\n[c]\n`;
    const more = await loadRoleFile(portsOf({ files: { "/r": roles } }), "/r");
    const both = addProfiles(config, more);
    assertEquals([...both.profiles.keys()], ["a", "b", "c"]);
    assertEquals([both.profiles.get("a")?.region, config.profiles.get("a")?.region], [
      undefined,
      "x",
    ]);
    assertEquals(both.warnings, [{
      place: { file: configPath, line: 1 },
      message: 'profile ignored: "a" is defined in "/r" too',
      byRule: true,
    }]);
  },
});

Deno.test({
  name:
    "an unknown home folder is an error, unless nothing of it is needed or the environment has keys",
  permissions: "none",
  async fn() {
    const of = (env: Record<string, string>, options = {}) =>
      loadConfig({ ...portsOf({}), env: { get: (name) => env[name] } }, options);
    const error = await assertRejects(() => of({}), ConfigError);
    assertEquals(
      error.message,
      'Cannot find "~/.aws/config": HOME is not set, and no home folder is known',
    );
    assertEquals(
      error.hint,
      "set HOME, or name both files with --config-file and --credentials-file",
    );
    assertEquals((await of({ AWS_ACCESS_KEY_ID: "AKIA" })).profiles.size, 0);
    const credentials = await assertRejects(() => of({ AWS_CONFIG_FILE: "/c" }), ConfigError);
    assertStringIncludes(credentials.message, '"~/.aws/credentials"');
    const named = { AWS_CONFIG_FILE: "/c", AWS_SHARED_CREDENTIALS_FILE: "/k" };
    assertEquals((await of(named)).profiles.size, 0);
    const env = (values: Record<string, string>) => ({ get: (name: string) => values[name] });
    assertEquals(pathInHome("~/x", env({ HOME: "/h" })), "/h/x");
    assertEquals([pathInHome("~/x", emptyEnv), pathInHome("~", emptyEnv)], [undefined, undefined]);
    assertEquals([pathInHome("/x", emptyEnv), pathInHome("~kim/x", emptyEnv)], ["/x", "~kim/x"]);
  },
});

Deno.test({
  name: "parseOnce() has the texts of remembered files parsed once, for each pair of paths",
  permissions: "none",
  async fn() {
    const ports = portsOf({ config: "[profile a]\n", files: { "/other": "[profile b]\n" } });
    const [first, second] = [await loadConfig(ports), await loadConfig(ports)];
    assertNotStrictEquals(first.profiles, second.profiles);
    const remembered = { ...ports, files: parseOnce(ports.files) };
    const known = await loadConfig(remembered);
    const again = await loadConfig(remembered, { kinds: [] });
    assertStrictEquals(again.profiles, known.profiles);
    const other = await loadConfig(remembered, { configFile: "/other" });
    assertEquals([...other.profiles.keys()], ["b"]);
    const missing = () => loadConfig(remembered, { credentialsFile: "/nowhere" });
    await assertRejects(missing, ConfigError, "there is no such file");
    await assertRejects(missing, ConfigError, "there is no such file");
  },
});

Deno.test({
  name: "the same text of a configuration is parsed once, and not remembered where it holds keys",
  permissions: "none",
  async fn() {
    const group = "[stsaval-group once]\nprofiles = a\n[profile a]\n";
    const sectionOf = async (config: string) => (await configOf({ config })).groups.get("once");
    const first = await sectionOf(group);
    assert(first !== undefined);
    assertStrictEquals(await sectionOf(group), first);
    assertNotStrictEquals(await sectionOf(`${group}region = eu-west-1\n`), first);
    for (const secret of ["aws_secret_access_key = x\n", "AWS_SESSION_TOKEN = x\n"]) {
      const withKeys = await sectionOf(group + secret);
      assert(withKeys !== undefined);
      assertNotStrictEquals(await sectionOf(group + secret), withKeys);
    }
  },
});
