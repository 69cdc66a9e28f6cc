/**
 * What a command line opens of a configuration: what the profiles that it asks for rest on, and nothing that another
 * profile says.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Helper } from "../../../src/system.ts";
import { narrowed } from "./narrowed.ts";

const anySso = "/home/kim/.aws/sso/cache";
/** The names are the digests of the section's name, the start URL and the session. */
const sso = `${anySso}/ee0bfd2552fbd840c02cc48b6e823320543c450f.json`;
const legacy = `${anySso}/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json`;
const login = "/home/kim/.aws/login/cache/" +
  "5eac23c3ea68e3e98073a267164421d21c59b8690ad6ed6f2e6bb534b6c11dcb.json";
const awsCli = "/home/kim/.aws/cli/cache";

const config = `[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
[profile role]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = default
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Dev
[profile legacy]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Dev
[profile login]
login_session = arn:aws:iam::123456789012:user/kim
region = eu-west-1
[profile on-sso]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = sso
[profile on-login]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = middle
[profile middle]
role_arn = arn:aws:iam::123456789012:role/M
source_profile = login
[profile includes-sso]
include_profile = sso
[profile keys-beside-sso]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
sso_session = corp
[profile keys-over-sso]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
source_profile = sso
[profile on-keys]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = keys-over-sso
[profile both]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Dev
login_session = arn:aws:iam::123456789012:user/kim
[profile incomplete]
sso_session = corp
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = default
mfa_serial = arn:aws:iam::123456789012:mfa/kim
mfa_process = ykman oath
[profile shared]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = default
share_aws_cache = true
[profile company]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = default
ca_bundle = /etc/company.pem
[profile web]
role_arn = arn:aws:iam::123456789012:role/R
web_identity_token_file = ~/web.jwt
[profile on-web]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = web
[profile container]
credential_source = EcsContainer
[profile program]
credential_process = op run
[stsaval-group signed-in]
profiles = role, on-sso
[stsaval-group all-keys]
profiles = role, mfa
`;
const roleFile = `[profile filed]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = on-sso
`;

/** A line, what it opens, and what there is beside the usual files. */
type Row = readonly [line: string, opened: readonly string[], start?: {
  readonly env?: Readonly<Record<string, string>>;
  readonly canAsk?: boolean;
  readonly config?: string;
}];

const web = "/home/kim/web.jwt";
/** Those of the roles. */
const ofRoles = [awsCli, login, sso, legacy, web, "/etc/company.pem", "ykman"];
const planned = [...ofRoles, "op"];
/** One of the profiles lacks a setting, and so has no plan. */
const all = [...planned, anySso];
const arn = "arn:aws:iam::123456789012:role/R";
const containerEnv = {
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/get",
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/t",
};
const noDefault = config.replace("[default]", "[profile user]").replaceAll("= default", "= user");

const rows: readonly Row[] = [
  ["creds role", []],
  ["creds default", []],
  ["creds sso", [sso]],
  ["creds legacy", [legacy]],
  ["creds login", [login]],
  ["creds on-sso", [sso]],
  ["creds on-login", [login]],
  ["creds on-sso,on-login", [login, sso]],
  ["creds includes-sso", [sso]],
  ["creds keys-beside-sso", []],
  ["creds on-keys", []],
  ["creds both", [sso]],
  ["creds signed-in", [sso]],
  ["creds all-keys", ["ykman"]],
  ["creds s*", [awsCli, sso]],
  ["creds r*", []],
  ["creds nobody", []],
  ["creds mfa", ["ykman"]],
  ["creds shared", [awsCli]],
  ["creds company", ["/etc/company.pem"]],
  ["creds web", [web]],
  ["creds on-web", [web]],
  ["creds program", ["op"]],
  ["creds role", [], { env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/t", AWS_ROLE_ARN: arn } }],
  ["creds", ["/t"], { env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/t", AWS_ROLE_ARN: arn } }],
  ["creds container", [], { env: { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/t" } }],
  ["creds container", ["/t"], { env: containerEnv }],
  ["creds role", [], { env: containerEnv }],
  ["creds role --mfa-command", ["op"]],
  ["creds filed --role-file /roles", [sso]],
  ["creds role --role-file /roles", []],
  ["creds --all", ofRoles],
  ["creds --all", ["ykman"], {
    config: config.slice(0, config.indexOf("[sso-session")) +
      "[profile login]\nlogin_session = arn:aws:iam::123456789012:user/kim\nregion = eu-west-1\n" +
      config.slice(config.indexOf("[profile mfa]"), config.indexOf("[profile shared]")),
  }],
  ["creds --role-arn arn:aws:iam::123456789012:role/X --profile on-sso", [sso]],
  ["creds --role-arn arn:aws:iam::123456789012:role/X --profile role", []],
  ["creds -", all],
  ["creds", []],
  ["creds", [sso], { env: { AWS_PROFILE: "on-sso" } }],
  ["creds", [login], { env: { AWS_DEFAULT_PROFILE: "login" } }],
  ["creds role", [], { env: { AWS_PROFILE: "on-sso" } }],
  ["creds", all, { config: noDefault }],
  ["creds", [], { config: noDefault, canAsk: false }],
  ["process sso", [sso]],
  ["process role", []],
  ["env login", [login]],
  ["exec on-sso -- aws", [sso, "aws"]],
  ["exec role -- aws", ["aws"]],
  ["watch sso --write /out", [sso]],
  ["write on-login", [login]],
  ["token default", []],
  ["login sso", [sso]],
  ["login incomplete", [anySso]],
  ["login mfa", ["ykman"]],
  ["login role", []],
  ["login --sso-session corp", [anySso]],
  ["login on-login --aws-login", [login, "aws"]],
  ["logout", [awsCli, login, sso, legacy, anySso, "/etc/company.pem"]],
  ["logout", [awsCli, anySso], { config: config.slice(0, config.indexOf("[profile sso]")) }],
  ["login --sso-session none", []],
  ["logout sso", [awsCli, sso]],
  ["logout role", [awsCli]],
  ["sso profiles --sso-session corp", [anySso]],
  ["status", []],
  ["explain sso", []],
  ["profiles", []],
];

for (const [line, opened, start = {}] of rows) {
  const words = line.split(" ");
  const command = line.endsWith("--mfa-command") ? [...words, "op item"] : words;
  const how = Object.entries(start.env ?? {}).map(([name, value]) =>
    `, ${name}=${value}`
  ).join("") +
    (start.config === undefined ? "" : ", another config") +
    (start.canAsk === false ? ", no terminal" : "");
  Deno.test({
    name: `'stsaval ${line}'${how} opens ${
      opened.map((path) => path.replace(/(?<=\/\w{8})\w+\.json/, "….json")).join(", ") ||
      "nothing of a profile"
    }`,
    permissions: "none",
    async fn() {
      const sent: string[] = [];
      const { left, system } = await narrowed(command, {
        helper: () => recordingHelper(sent),
        files: { "/home/kim/.aws/config": start.config ?? config, "/roles": roleFile },
        env: { HOME: "/home/kim", ...start.env },
        canAsk: start.canAsk ?? true,
      });
      const files = [...left("read"), ...left("write")];
      system.network.callOnly?.(["https://sts.amazonaws.com"]);
      const run = [...sent.join("").matchAll(/launch '([^']*)'/g)].map(([, program = ""]) =>
        program
      );
      const found = [...files, ...left("run"), ...run];
      assertEquals(
        [...new Set(found.filter((name) => isOfProfile(name)))].sort(),
        [...opened].sort(),
      );
    },
  });
}

/** The shell that runs what profiles name, and what it is told. */
function recordingHelper(sent: string[]): Helper {
  return {
    exit: Promise.resolve(0),
    stdout: new Blob([]).stream() as ReadableStream<Uint8Array>,
    kill: () => true,
    send: (text) => Promise.resolve(void sent.push(text)),
    close: () => Promise.resolve(),
  };
}

/** Not of the files that every command of its kind opens, nor the lock or the temporary file of another. */
function isOfProfile(name: string): boolean {
  if (/\.(?:lock|tmp)$/.test(name) || ["", "/roles", "/bin/sh"].includes(name)) return false;
  if (name.startsWith("/out")) return false;
  return !name.startsWith("/home/kim/.aws") || name.includes("/cache");
}
