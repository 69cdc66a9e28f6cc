/**
 * Profiles that name two kinds of credentials: botocore and AWS's SDK for JavaScript take what the notice says of them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { precedenceNotice } from "../../src/config/plan/precedence.ts";
import { configOf, credentialsPath } from "../config/in_memory.ts";
import { fileName, loginSession } from "../source/login/fixtures.ts";
import { missingJsSdk } from "./js_sdk.ts";
import { isInstalled, makeHome, runIn } from "./stsaval_process.ts";

const role = "role_arn = arn:aws:iam::123456789012:role/A\n";
const keys = "aws_access_key_id = AKIAEXAMPLEEXAMPLE00\naws_secret_access_key = s\n";
const printed = '{"Version":1,"AccessKeyId":"AKIAOFAPROGRAM","SecretAccessKey":"s"}';

/** The settings of each kind, without `role_arn`. */
const kinds = {
  role: "source_profile = base\n",
  source: "credential_source = Environment\n",
  keys,
  web: "web_identity_token_file = <home>/token\n",
  process: "credential_process = cat '<home>/printed'\n",
  sso: "sso_session = s\nsso_account_id = 123456789012\nsso_role_name = Admin\n",
  login: `login_session = ${loginSession}\n`,
};
type Kind = keyof typeof kinds;

/** What the notice calls each. */
const names: Readonly<Record<Kind, string>> = {
  role: "a role",
  source: "a role",
  keys: "its keys",
  web: "web identity",
  process: "credential_process",
  sso: "IAM Identity Center",
  login: "aws login",
};

/** What stsaval takes, and thus all where no notice says otherwise. */
const own = [
  ...["a role", "web identity", "its keys", "credential_process", "IAM Identity Center"],
  "aws login",
];

/** Each two kinds in one profile; keys in either file. `credential_source` beside `source_profile` is refused by all. */
const pairs = (Object.keys(kinds) as Kind[]).flatMap((one, index, all) =>
  all.slice(index + 1).filter((other) => !(one === "role" && other === "source")).flatMap((other) =>
    [one, other].includes("keys")
      ? [[one, other, "config"], [one, other, "credentials"]] as const
      : [[one, other, "config"]] as const
  )
);

/** The texts of the two files with those profiles, `p0` and on. */
function filesOf(list: typeof pairs, home: string) {
  const files = { config: "", credentials: "" };
  for (const [index, [one, other, keysFile]] of list.entries()) {
    const both = [one, other];
    const arn = both.some((kind) => ["role", "source", "web"].includes(kind)) ? role : "";
    files.config += `[profile p${index}]\nregion = us-east-1\n${arn}`;
    for (const kind of both) {
      if (kind === "keys" && keysFile === "credentials") {
        files.credentials += `[p${index}]\n${kinds.keys}`;
      } else files.config += kinds[kind].replace("<home>", home);
    }
  }
  files.config += `[sso-session s]\nsso_start_url = https://x.awsapps.com/start\n` +
    `sso_region = us-east-1\n[profile base]\n${keys}`;
  return files;
}

const script = `
import json, sys, botocore.session
names = {"assume-role": "a role", "shared-credentials-file": "its keys", "config-file": "its keys",
  "assume-role-with-web-identity": "web identity", "custom-process": "credential_process",
  "sso": "IAM Identity Center", "login": "aws login"}
found = []
for index in range(int(sys.argv[1])):
    try:
        method = botocore.session.Session(profile=f"p{index}").get_credentials().method
    except Exception as error:
        method = "login" if type(error).__name__ == "LoginTokenLoadError" else repr(error)
    found.append(names.get(method, method))
print(json.dumps(found))`;

/** Where there is no sign-in, its provider is told by what it says. */
const jsScript = `
const { fromIni } = require("@aws-sdk/credential-provider-ini");
const given = (accessKeyId) => async () => ({ accessKeyId, secretAccessKey: "s" });
const names = { AKIAEXAMPLEEXAMPLE00: "its keys", AKIAOFAPROGRAM: "credential_process" };
(async () => {
  const found = [];
  for (let index = 0; index < Number(process.argv[1]); index++) {
    const options = { profile: "p" + index, roleAssumer: given("a role"),
      roleAssumerWithWebIdentity: given("web identity") };
    found.push(await fromIni(options)().then(
      ({ accessKeyId }) => names[accessKeyId] ?? accessKeyId,
      ({ message }) => /SSO/.test(message) ? "IAM Identity Center"
        : /login/i.test(message) ? "aws login" : message,
    ));
  }
  console.log(JSON.stringify(found));
})();`;

async function hasBotocore(): Promise<boolean> {
  if (!await isInstalled("python3")) return false;
  const args = ["-c", "import awscrt.crypto, botocore.credentials as c; c.LoginCredentialFetcher"];
  return (await new Deno.Command("python3", { args, stderr: "null" }).output()).success;
}

const missing = await missingJsSdk();
const noBotocore = await hasBotocore() ? undefined : "no botocore[crt] that knows aws login";
const peers = [
  ["botocore and the AWS CLI", "take", ["python3", "-c", script], noBotocore],
  ["the AWS SDK for JavaScript", "takes", ["node", "-e", jsScript], missing],
] as const;

for (const [tool, verb, words, why] of peers) {
  Deno.test({
    name: `${tool} ${verb} what the notice says, for every two kinds in one profile` +
      (why === undefined ? "" : ` (left out: ${why})`),
    ignore: why !== undefined,
    async fn() {
      await using home = await makeHome(() => new Response(null, { status: 404 }), () => ({}));
      const texts = filesOf(pairs, home.path);
      await Deno.mkdir(`${home.path}/.aws/login/cache`, { recursive: true });
      const written = {
        ".aws/config": texts.config,
        ".aws/credentials": texts.credentials,
        [`.aws/login/cache/${fileName}`]: "{}",
        token: "token",
        printed,
      };
      for (const [name, text] of Object.entries(written)) {
        await Deno.writeTextFile(`${home.path}/${name}`, text);
      }
      const { code, stdout, stderr } = await runIn(home, [...words, String(pairs.length)], {
        env: {
          ...{ NODE_NO_WARNINGS: "1", NODE_PATH: Deno.env.get("NODE_PATH") ?? "" },
          ...{ AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s" },
        },
      });
      assertEquals([code, stderr], [0, ""]);
      const found: readonly string[] = JSON.parse(stdout);
      const { profiles } = await configOf(texts);
      const wanted: Record<string, string> = {};
      const seen: Record<string, string> = {};
      for (const [index, [one, other, file]] of pairs.entries()) {
        const profile = profiles.get(`p${index}`);
        assert(profile !== undefined);
        const notice = precedenceNotice(profile, credentialsPath);
        const label = `${one} and ${other}, keys in ${file}`;
        seen[label] = found[index] ?? "nothing";
        // Where the notice is silent, all take the same, which is what stsaval takes.
        const said = new RegExp(`${tool} ${verb} ([\\w ]+?)(?:,|$)`).exec(notice ?? "")?.[1];
        const ofAll = own.find((kind) => kind === names[one] || kind === names[other]);
        wanted[label] = said ?? (notice === undefined ? ofAll : undefined) ?? "nothing";
      }
      assertEquals(seen, wanted);
    },
  });
}
