import { assertEquals, assertThrows } from "@std/assert";
import type { BaseKind } from "../../../src/config/base_kind.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { resolveChain } from "../../../src/config/plan/chain.ts";
import { chainLinks, defaultLink } from "../../../src/config/plan/default_chain.ts";
import { defaultChainNotices } from "../../../src/config/plan/default_chain_notices.ts";
import { ProfileError } from "../../../src/errors.ts";
import { environmentStep } from "../../../src/source/source.ts";
import { fakeSystem } from "../../fake_system.ts";

const order = ["environment", "web-identity", "profile", "container", "instance-metadata"] as const;
type Link = typeof order[number];

/** A kind that a variable of its own name turns on. */
function kind(source: Link): BaseKind {
  const variable = source.toUpperCase();
  return {
    source,
    ofEnvironment: (env) =>
      env.get(variable) === undefined
        ? undefined
        : environmentStep({ source, detail: "", settings: {}, reason: `${variable} is set` }),
  };
}

const kinds = [kind("instance-metadata"), kind("container"), kind("web-identity")];
const keys = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
const role = "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/Dev\nsource_profile = ";

/** A configuration in which these links have credentials. */
async function configWith(links: readonly Link[], config = "", more = {}) {
  const profile = links.includes("profile") ? "[default]\ncredential_process = /bin/keys\n" : "";
  const env = Object.fromEntries(links.map((link) => [link.toUpperCase(), "1"]));
  const system = fakeSystem({
    files: { "/home/kim/.aws/config": profile + config },
    env: { ...env, ...(links.includes("environment") ? keys : {}), ...more },
  });
  return await loadConfig(system, { kinds });
}

for (const [index, first] of order.entries()) {
  for (const second of order.slice(index + 1)) {
    Deno.test(`the default chain takes ${first} before ${second}`, async () => {
      const config = await configWith([second, first]);
      assertEquals(chainLinks(config).map((link) => link.kind), [first, second]);
      assertEquals(defaultLink(config)?.kind, first);
    });
  }
}

Deno.test("a profile that the environment names comes before the default chain", async () => {
  const config = await configWith(["environment", "profile"], "", { AWS_PROFILE: "dev" });
  assertEquals(defaultLink(config), undefined);
});

Deno.test("an instance is not asked where there are profiles", async () => {
  const config = await configWith(["instance-metadata"], role + "kim\n");
  assertEquals(defaultLink(config), undefined);
});

Deno.test("a link is the base of roles, under its name", async () => {
  const config = await configWith(["container"], role + "container\n");
  const { base, roles } = resolveChain(config, "dev");
  assertEquals([base.kind, roles.length], ["source", 1]);
  assertThrows(() => resolveChain(config, "web-identity"), ProfileError, "Cannot find profile");
});

Deno.test("a profile keeps its name, and the link gets another", async () => {
  const config = await configWith(["container"], "[profile container]\ncredential_process = x\n");
  assertEquals(defaultLink(config)?.name, "container-link");
  assertEquals(resolveChain(config, "container-link").base.kind, "source");
});

Deno.test("half a key pair in the environment is the link that fails", async () => {
  const config = await configWith(["profile"], "", { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE" });
  const link = defaultLink(config);
  assertEquals(link?.name, "environment");
  assertThrows(
    () => resolveChain(config, "environment"),
    ProfileError,
    "Cannot use the keys of the environment: AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
  );
});

const notices: [links: readonly Link[], env: object, name: string, notices: string[]][] = [
  [["profile"], {}, "default", [
    "no profile was named: the first link of the default chain is used: " +
    'profile "default" ("~/.aws/config", line 1)',
  ]],
  [["environment", "container"], {}, "environment", [
    "no profile was named: the first link of the default chain is used: " +
    "environment (AWS_ACCESS_KEY_ID is set)",
    "this shadows container (CONTAINER is set)",
  ]],
  [["web-identity", "profile"], {}, "web-identity", [
    "no profile was named: the first link of the default chain is used: " +
    "web-identity (WEB-IDENTITY is set)",
    'this shadows profile "default" ("~/.aws/config", line 1)',
    'the AWS SDKs for JavaScript and Rust take profile "default" before web identity, and the AWS CLI ' +
    "and boto3 do where it assumes a role",
  ]],
  [["environment"], { AWS_PROFILE: "dev" }, "dev", [
    'no profile was named: AWS_PROFILE names "dev"',
    "this shadows environment (AWS_ACCESS_KEY_ID is set)",
    "the AWS CLI and boto3 take the keys of the environment before AWS_PROFILE",
  ]],
];

notices.push(
  [["environment"], { AWS_DEFAULT_PROFILE: "dev" }, "dev", [
    'no profile was named: AWS_DEFAULT_PROFILE names "dev"',
    "this shadows environment (AWS_ACCESS_KEY_ID is set)",
    "the AWS CLI and boto3 take the keys of the environment before AWS_PROFILE",
  ]],
  [["profile", "container"], { AWS_PROFILE: "dev" }, "dev", [
    'no profile was named: AWS_PROFILE names "dev"',
    'this shadows profile "default" ("~/.aws/config", line 1), and container (CONTAINER is set)',
  ]],
  [["environment", "profile"], {}, "environment", [
    "no profile was named: the first link of the default chain is used: " +
    "environment (AWS_ACCESS_KEY_ID is set)",
    'this shadows profile "default" ("~/.aws/config", line 1)',
  ]],
  [["web-identity", "container"], {}, "web-identity", [
    "no profile was named: the first link of the default chain is used: " +
    "web-identity (WEB-IDENTITY is set)",
    "this shadows container (CONTAINER is set)",
  ]],
  [["web-identity", "profile", "container"], {}, "web-identity", [
    "no profile was named: the first link of the default chain is used: " +
    "web-identity (WEB-IDENTITY is set)",
    'this shadows profile "default" ("~/.aws/config", line 1), and container (CONTAINER is set)',
    'the AWS SDKs for JavaScript and Rust take profile "default" before web identity, and the AWS CLI ' +
    "and boto3 do where it assumes a role",
  ]],
  // An instance is asked last, and is no rival.
  [["container", "instance-metadata"], {}, "container", [
    "no profile was named: the first link of the default chain is used: " +
    "container (CONTAINER is set)",
  ]],
);

for (const [links, env, name, expected] of notices) {
  Deno.test(`explain tells of ${name} before ${links.join(", ")}`, async () => {
    const config = await configWith(links, "", env);
    const found = defaultChainNotices(config, name);
    assertEquals(found.map((one) => one.replaceAll("/home/kim", "~")), expected);
  });
}

Deno.test("a profile that is only a region is no link of the default chain", async () => {
  const config = await configWith(["container"], "[default]\nregion = eu-west-1\n");
  assertEquals(chainLinks(config).map((link) => link.kind), ["container"]);
  assertEquals(defaultChainNotices(config, undefined), []);
});

Deno.test("an instance is asked where no profile leads to credentials", async () => {
  const config = await configWith(["instance-metadata"], "[profile x]\nregion = r\n");
  assertEquals(defaultLink(config)?.kind, "instance-metadata");
  assertEquals(defaultLink(await configWith(["instance-metadata"]))?.kind, "instance-metadata");
});

Deno.test("a link has no settings, and its place is the environment", async () => {
  const { profile } = resolveChain(await configWith(["container"]), "container");
  assertEquals(profile, {
    ...{ name: "container", place: { file: "environment" }, places: {}, problems: [] },
  });
});

Deno.test("a kind that fails by a fault of its own is not told as a link", async () => {
  const config = await configWith([]);
  const odd: BaseKind = {
    source: "container",
    ofEnvironment() {
      throw new TypeError("odd");
    },
  };
  assertThrows(() => chainLinks({ ...config, kinds: [odd] }), TypeError, "odd");
});

Deno.test("a kind is told what is asked for, and of the default profile", async () => {
  const config = await configWith([], "[default]\nregion = eu-west-1\n");
  const seen: unknown[] = [];
  const asking: BaseKind = {
    source: "container",
    ofEnvironment(_env, context) {
      seen.push(context?.request, context?.defaults?.region);
      return environmentStep({ source: "container", detail: "", settings: {}, reason: "" });
    },
  };
  const request = { region: "r" };
  resolveChain({ ...config, kinds: [asking] }, "container", undefined, { request });
  assertEquals(seen, [request, "eu-west-1"]);
});

Deno.test("where no link counts, the only profile that leads to credentials does", async () => {
  const config = await configWith([], "[profile other]\ncredential_process = /bin/keys\n");
  assertEquals(defaultChainNotices(config, "other"), [
    'no profile was named: nothing else says which, so "other" is used, the only profile that leads ' +
    "to credentials",
  ]);
});
