import { assertEquals } from "@std/assert";
import { precedenceNotice } from "../../../src/config/plan/precedence.ts";
import { resolvePlans } from "../../../src/config/plan/plan.ts";
import { configOf, credentialsPath, keys, roleArn } from "../in_memory.ts";

const sso = "sso_account_id = 123456789012\nsso_role_name = Admin\nsso_session = s\n";
const process = "credential_process = p\n";
const login = "login_session = arn:aws:iam::123456789012:user/kim\n";
const web = `role_arn = ${roleArn("A")}\nweb_identity_token_file = /token\n`;
const role = `role_arn = ${roleArn("A")}\nsource_profile = b\n`;

async function noticeOf(settings: string, credentials = ""): Promise<string | undefined> {
  const { profiles } = await configOf({ config: `[profile a]\n${settings}`, credentials });
  const profile = profiles.get("a");
  return profile && precedenceNotice(profile, credentialsPath)?.replace(/^.* line 1 /, "");
}

Deno.test({
  name: "precedenceNotice() tells which tool takes what where they differ",
  permissions: "none",
  async fn() {
    assertEquals(
      await noticeOf(process + sso),
      "names credential_process and IAM Identity Center: stsaval takes credential_process, " +
        "the AWS SDK for JavaScript takes credential_process, botocore and the AWS CLI take " +
        "IAM Identity Center, the AWS SDK for Go takes IAM Identity Center",
    );
    assertEquals(
      await noticeOf(sso, `[a]\n${keys}`),
      "names its keys and IAM Identity Center: stsaval takes its keys, " +
        "the AWS SDK for JavaScript takes its keys, botocore and the AWS CLI take " +
        "IAM Identity Center, the AWS SDK for Go takes its keys",
    );
  },
});

Deno.test({
  name: "precedenceNotice() knows that only stsaval opens sealed keys",
  permissions: "none",
  async fn() {
    const sealed = "[a]\nsealed_keys = pass\n";
    assertEquals(
      await noticeOf(sso, sealed),
      "names its sealed keys and IAM Identity Center: stsaval takes its sealed keys, " +
        "the AWS SDK for JavaScript takes IAM Identity Center, botocore and the AWS CLI take " +
        "IAM Identity Center, the AWS SDK for Go takes IAM Identity Center",
    );
    assertEquals(await noticeOf("region = eu-west-1", sealed), undefined);
    assertEquals(await noticeOf(keys, sealed), undefined);
  },
});

Deno.test({
  name: "precedenceNotice() is silent where all tools take the same",
  permissions: "none",
  async fn() {
    const settings = [keys, sso, process, login, web, sso + login];
    for (const text of settings) assertEquals(await noticeOf(text), undefined, text);
    // botocore takes the keys of the credentials file before, those of the config file after these.
    for (const text of [process, login]) {
      assertEquals(await noticeOf(text, `[a]\n${keys}`), undefined, text);
    }
  },
});

Deno.test({
  name: "resolvePlans() takes the kind that the notice says",
  permissions: "none",
  async fn() {
    const taken: Readonly<Record<string, string>> = {
      [web + keys]: "web-identity",
      [keys + sso]: "static-keys",
      [process + sso]: "credential-process",
      [process + login]: "credential-process",
    };
    for (const [settings, wanted] of Object.entries(taken)) {
      const config = await configOf({ config: `[profile a]\n${settings}[sso-session s]\n` });
      const { plans: [plan] } = resolvePlans(config, ["a"]);
      const { base } = plan ?? {};
      assertEquals(base?.kind === "source" ? base.source : base?.kind, wanted);
      assertEquals(plan?.notices.length, 1, settings);
    }
  },
});

Deno.test({
  name: "resolvePlans() says nothing of a source profile whose keys end the chain",
  permissions: "none",
  async fn() {
    const role = `role_arn = ${roleArn("B")}\nsource_profile = a\n`;
    const config = await configOf({ config: `[profile a]\n${web}${keys}[profile b]\n${role}` });
    const { plans: [plan] } = resolvePlans(config, ["b"]);
    assertEquals([plan?.base.kind, plan?.notices], ["static-keys", []]);
  },
});

Deno.test({
  name: "each tool takes the first of its own order, for every two kinds",
  permissions: "none",
  async fn() {
    const settings: Readonly<Record<string, string>> = {
      "a role": role,
      "web identity": web,
      "its keys": keys,
      "credential_process": process,
      "IAM Identity Center": sso,
      "aws login": login,
    };
    const [own, js, cli, go] = [
      "a role, web identity, its keys, credential_process, IAM Identity Center, aws login",
      "a role, its keys, web identity, credential_process, IAM Identity Center, aws login",
      "web identity, a role, IAM Identity Center, aws login, credential_process, its keys",
      "a role, its keys, web identity, IAM Identity Center, aws login, credential_process",
    ].map((order) => order.split(", "));
    const kinds = Object.keys(settings);
    for (const [index, one] of kinds.entries()) {
      for (const other of kinds.slice(index + 1)) {
        // Two lines of the same name would be one setting.
        const text = (settings[one] ?? "") +
          (settings[other] ?? "").replace(one === "a role" ? /^role_arn.*\n/ : "", "");
        const first = (order: readonly string[] = []) =>
          order.find((kind) => kind === one || kind === other);
        const [a, b, c, d] = [own, js, cli, go].map(first);
        const wanted = new Set([a, b, c, d]).size < 2
          ? undefined
          : `names ${one} and ${other}: stsaval takes ${a}, the AWS SDK for JavaScript takes ${b}, ` +
            `botocore and the AWS CLI take ${c}, the AWS SDK for Go takes ${d}`;
        assertEquals(await noticeOf(text), wanted, `${one} and ${other}`);
      }
    }
    // Half of a role, of web identity or of a sign-in names nothing, or is enough.
    assertEquals(await noticeOf(`role_arn = ${roleArn("A")}\n${keys}`), undefined);
    assertEquals(await noticeOf(`web_identity_token_file = /t\n${keys}`), undefined);
    for (const half of ["sso_account_id = 123456789012\n", "sso_role_name = Admin\n"]) {
      assertEquals(await noticeOf(process + half), await noticeOf(process + sso));
    }
    const source = `role_arn = ${roleArn("A")}\ncredential_source = Environment\n${keys}`;
    assertEquals(await noticeOf(source), undefined);
  },
});

Deno.test({
  name:
    "precedenceNotice() knows who takes aws login beside sealed keys, and web identity beside others",
  permissions: "none",
  async fn() {
    assertEquals(
      await noticeOf(login, "[a]\nsealed_keys = pass\n"),
      "names its sealed keys and aws login: stsaval takes its sealed keys, " +
        "the AWS SDK for JavaScript takes aws login, botocore and the AWS CLI take aws login, " +
        "the AWS SDK for Go takes aws login",
    );
    const shared = `[a]\n${keys}`;
    assertEquals(await noticeOf(role, shared), undefined);
    assertEquals(
      await noticeOf(web, shared),
      "names web identity and its keys: stsaval takes web identity, " +
        "the AWS SDK for JavaScript takes its keys, botocore and the AWS CLI take web identity, " +
        "the AWS SDK for Go takes its keys",
    );
    assertEquals(
      await noticeOf(`${web}credential_source = Environment\n`),
      "names a role and web identity: stsaval takes a role, the AWS SDK for JavaScript takes a role, " +
        "botocore and the AWS CLI take web identity, the AWS SDK for Go takes a role",
    );
    assertEquals(
      await noticeOf(web + keys),
      "names web identity and its keys: stsaval takes web identity, " +
        "the AWS SDK for JavaScript takes its keys, botocore and the AWS CLI take web identity, " +
        "the AWS SDK for Go takes its keys",
    );
  },
});
