import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { commandTable } from "../../../src/cli/commands.ts";
import { main } from "../../../src/cli/main.ts";
import { fakeSystem } from "../../fake_system.ts";
import { narrowed } from "./narrowed.ts";

async function run(...words: readonly string[]) {
  return await runIn({}, ...words);
}

async function runIn(
  files: Readonly<Record<string, string | Error>>,
  ...words: readonly string[]
) {
  const system = fakeSystem({ files });
  const status = await main(["permissions", ...words], system);
  return { status, stdout: system.terminal.stdout, stderr: system.terminal.stderr };
}

Deno.test("permissions lists every command", async () => {
  const { stdout } = await run();
  const named = stdout.split("\n").map((line) => line.split("  ")[0]).filter((name) => name !== "");
  assertEquals(named.slice(1), Object.keys(commandTable));
});

Deno.test("permissions shows one command with the flags of Deno, for a shell", async () => {
  const { stdout } = await run("write");
  assertStringIncludes(stdout, "write    read ~/.aws\n");
  assertStringIncludes(stdout, '  "--allow-read=$HOME/.aws/config,$HOME/.aws/credentials');
  // A file is replaced by another one in its folder.
  assertStringIncludes(stdout, '  "--allow-write=$HOME/.aws,');
  assertStringIncludes(stdout, "  --allow-net=STS_HOST\n");
  const { stdout: emulator } = await run("emulator");
  assertStringIncludes(emulator, "  --allow-net=127.0.0.1\n");
});

Deno.test("permissions says it in JSON", async () => {
  const { stdout } = await run("help", "--json");
  assertEquals(JSON.parse(stdout), { help: ["read NO_COLOR, FORCE_COLOR and TERM"] });
});

Deno.test("permissions refuses what is no command, and more than one", async () => {
  assertEquals((await run("nothing")).status, 2);
  const { status, stderr } = await run("creds", "watch");
  assertEquals(status, 2);
  assert(stderr.includes('Unexpected argument "watch"'));
});

Deno.test("permissions --deno prints the line of docs/permissions.md", async () => {
  const { stdout } = await run("creds", "--deno", "--", "--profiles", "DynamoDBRole-dev");
  assertStringIncludes(await Deno.readTextFile("docs/permissions.md"), stdout);
});

Deno.test("permissions --deno allows what the arguments name, quoted for a shell", async () => {
  const { stdout } = await run(
    ...["exec", "--deno", "--", "--profile", "a'b", "--region", "cn-north-1", "--no-cache"],
    ...["--config-file", "~/a $b,c", "--mfa-command", "op item", "--", "aws", "s3"],
  );
  assertEquals(
    stdout,
    [
      "deno run --no-prompt",
      '"--allow-read=$HOME/a \\$b,,c,$HOME/.aws/credentials"',
      "--allow-net=sts.cn-north-1.amazonaws.com.cn:443",
      "'--allow-env=HOME,USERPROFILE,STSAVAL_PROCESS_CHAIN,DISPLAY,WAYLAND_DISPLAY,SSL_CERT_FILE,HTTPS_PROXY,https_proxy,HTTP_PROXY,http_proxy,ALL_PROXY,all_proxy,NO_PROXY,no_proxy,STSAVAL_MFA_CODE,PATH,STSAVAL_CACHE_DIR,STSAVAL_PROFILE,NO_COLOR,FORCE_COLOR,TERM,AWS*'",
      "--allow-run=op,aws",
      "jsr:@x/stsaval/cli exec --profile 'a'\\''b' --region cn-north-1 --no-cache " +
      "--config-file '~/a $b,c' --mfa-command 'op item' -- aws s3\n",
    ].join(" \\\n  "),
  );
});

Deno.test("permissions --deno allows a host of one's own, with its port", async () => {
  const own = ["--endpoint-url", "https://sts.example.com", "--profile", "dev"];
  assertStringIncludes(
    (await run("creds", "--deno", "--", ...own)).stdout,
    "--allow-net=sts.example.com:443 \\\n",
  );
  const { status, stderr } = await run("creds", "--deno", "--", "--nothing");
  assertEquals(status, 2);
  assertStringIncludes(stderr, 'Unknown option "--nothing"');
});

Deno.test("permissions wants a command for --deno, and --deno for arguments", async () => {
  const without = await run("--deno");
  assertEquals(without.status, 2);
  assertStringIncludes(without.stderr, "Cannot use --deno without a command");
  const unused = await run("creds", "--", "--profiles", "dev");
  assertEquals(unused.status, 2);
  assertStringIncludes(unused.stderr, "Cannot use arguments after -- without --deno");
});

const config = `[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Dev
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile login]
login_session = arn:aws:iam::123456789012:user/kim
region = eu-west-1
[profile on-login]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = login
[profile program]
credential_process = /opt/vault get
[profile keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
mfa_serial = arn:aws:iam::123456789012:mfa/kim
mfa_process = op item
[profile shared]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = keys
share_aws_cache = true
`;
const home = "/home/kim/.aws/config";
const caches = "$HOME/.aws/stsaval";
const sts = "*.amazonaws.com:443";

/** What each profile adds to the folders that are written, the hosts, and the programs. */
const opened: Readonly<Record<string, readonly [string, string, string?]>> = {
  sso: [
    `$HOME/.aws/sso/cache,${caches}`,
    `${sts},oidc.eu-west-1.amazonaws.com:443,portal.sso.eu-west-1.amazonaws.com:443`,
  ],
  login: [`$HOME/.aws/login/cache,${caches}`, `${sts},*.signin.aws.amazon.com:443`],
  "on-login": [`$HOME/.aws/login/cache,${caches}`, `${sts},*.signin.aws.amazon.com:443`],
  program: [caches, sts, "/opt/vault"],
  keys: [caches, sts, "op"],
  shared: [`${caches},$HOME/.aws/cli/cache`, sts, "op"],
};

for (const [profile, [folders, hosts, program]] of Object.entries(opened)) {
  Deno.test(`permissions --deno allows what profile "${profile}" rests on, and nothing of others`, async () => {
    const { stdout } = await runIn({ [home]: config }, "creds", "--deno", "--", profile);
    const flags = stdout.split(" \\\n  ").map((word) => word.replace(/^["']|["']$/g, ""));
    const of = (kind: string) => flags.find((flag) => flag.startsWith(`--allow-${kind}=`));
    assertEquals(of("write"), `--allow-write=${folders}`);
    assertEquals(
      of("read"),
      `--allow-read=$HOME/.aws/config,$HOME/.aws/credentials,${folders}`,
    );
    assertEquals(of("net"), `--allow-net=${hosts}`);
    assertEquals(of("run"), program && `--allow-run=${program}`);
  });
}

Deno.test("permissions --deno allows a sign-in to a section the section's hosts, and no others", async () => {
  const words = ["login", "--deno", "--", "--sso-session", "corp", "--device"];
  const { stdout } = await runIn({ [home]: config }, ...words);
  assertStringIncludes(
    stdout,
    `'--allow-net=${sts},oidc.eu-west-1.amazonaws.com:443,portal.sso.eu-west-1.amazonaws.com:443,127.0.0.1'`,
  );
  assertStringIncludes(stdout, "$HOME/.aws/sso/cache");
});

Deno.test("permissions --deno says it where the configuration cannot be read, and reads it with --deno alone", async () => {
  const files = { [home]: new Error("Permission denied") };
  const { status, stderr } = await runIn(files, "creds", "--deno", "--", "sso");
  assertEquals(status, 0);
  assertStringIncludes(stderr, "what profiles rest on is left out");
  assertStringIncludes(stderr, "Permission denied");
  assertEquals((await runIn(files, "creds")).stderr, "");
});

Deno.test("permissions opens nothing, and with --deno no more than the files of the configuration", async () => {
  const files = { [home]: config };
  const without = await narrowed(["permissions", "creds"], { files });
  assertEquals([...without.grants].filter((grant) => !grant.startsWith("env:")), []);
  const line = ["permissions", "creds", "--deno", "--", "program"];
  const others = ["--config-file", "/a", "--credentials-file=/b", "--role-file", "/c"];
  const usual = await narrowed(line, { files });
  assertEquals([...usual.grants].filter((grant) => !grant.startsWith("env:")), [
    `read:${home}`,
    "read:/home/kim/.aws/credentials",
  ]);
  assertEquals((await narrowed([...line, ...others], { files })).left("read"), ["/a", "/b", "/c"]);
});

Deno.test("permissions --deno allows no host of a profile that is none of AWS's, and says so", async () => {
  const hosts = ["https://evil.example", "https://oidc.eu-west-1.amazonaws.com.evil.example:8443"];
  for (const url of hosts) {
    const files = {
      [home]: config.replace("region = eu-west-1\n", `region = eu-west-1\nendpoint_url = ${url}\n`),
    };
    const own = {
      [home]: `${config}[profile away]\nsso_session = corp\nsso_account_id = 123456789012\n` +
        `sso_role_name = Dev\nendpoint_url = ${url}\n`,
    };
    assertEquals(
      (await runIn(files, "creds", "--deno", "--", "keys")).stdout.includes("evil"),
      false,
    );
    const { stdout, stderr } = await runIn(own, "creds", "--deno", "--", "away");
    assertEquals(stdout.includes("evil"), false);
    assertStringIncludes(stderr, "is none of AWS's hosts");
  }
});
