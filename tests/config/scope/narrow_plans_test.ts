/**
 * What narrows a plan: where the policies of profiles are read, what they are added to, and that none is left out.
 *
 * @module
 */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ProfileError, UsageError } from "../../../src/errors.ts";
import type { StepDescription } from "../../../src/output/plan_description.ts";
import { StsCore, type StsCore as Core } from "../../../src/session/core.ts";
import { createStsEmulator, formatSampleHome } from "../../../src/testing/mod.ts";
import { fakeSystem, VirtualClock } from "../../fake_system.ts";

const account = "123456789012";
const arnOf = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const policy = '{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}';
const keys = "[kim]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" +
  "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n";

function coreOver(
  config: string,
  files: Readonly<Record<string, string>> = {},
  options: ConstructorParameters<typeof Core>[0] = {},
) {
  const system = fakeSystem({
    files: {
      "/home/kim/.aws/config": `[profile kim]\nregion = eu-west-1\n${config}`,
      "/home/kim/.aws/credentials": keys,
      ...files,
    },
    fetch: () => Promise.reject(new Error("a call")),
  });
  return { system, core: new StsCore({ system, ...options }) };
}

async function stepsOf(
  profile: string,
  ...setup: Parameters<typeof coreOver>
): Promise<readonly StepDescription[]> {
  const { plans: [plan] } = await coreOver(...setup).core.explain([profile]);
  return plan?.steps ?? [];
}

async function lastStep(profile: string, ...setup: Parameters<typeof coreOver>) {
  return (await stepsOf(profile, ...setup)).at(-1);
}

async function why(profile: string, ...setup: Parameters<typeof coreOver>): Promise<string> {
  const error = await assertRejects(
    () => coreOver(...setup).core.explain([profile]),
    ProfileError,
  );
  return error.message.replace(`Cannot use profile "${profile}": `, "");
}

const role = (name: string, more = "") =>
  `[profile ${name}]\nrole_arn = ${arnOf(name)}\nsource_profile = kim\n${more}`;

Deno.test("a policy is JSON, over several lines too, or a file beside the one that names it", async () => {
  const lines =
    'policy = {\n  "Statement": {\n    "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"\n  } }\n';
  const inLines = await lastStep("dev", role("dev", lines));
  assertEquals(JSON.parse(inLines?.policy ?? ""), JSON.parse(policy));
  assertEquals((await lastStep("dev", role("dev", `policy = ${policy}\n`)))?.policy, policy);
  const places = {
    "p/read.json": "/home/kim/.aws/p/read.json",
    "./read.json": "/home/kim/.aws/./read.json",
    "~/read.json": "/home/kim/read.json",
    "/etc/read.json": "/etc/read.json",
  };
  for (const [written, path] of Object.entries(places)) {
    const config = role("dev", `policy = ${written}\n`);
    assertEquals(
      (await lastStep("dev", config, { [path]: `${policy}\n` }))?.policy,
      policy,
      written,
    );
  }
  const elsewhere = { "/srv/aws.ini": `[profile kim]\n${role("dev", "policy = read.json\n")}` };
  const step = await lastStep("dev", "", { ...elsewhere, "/srv/read.json": policy }, {
    configFile: "/srv/aws.ini",
  });
  assertEquals(step?.policy, policy);
});

Deno.test("a file of no profile that is asked for is not read, nor is its fault told", async () => {
  const { core, system } = coreOver(role("dev") + role("other", "policy = broken.json\n"), {
    "/home/kim/.aws/broken.json": "{",
  });
  const read: string[] = [];
  const { readText } = system.files;
  system.files.readText = (path: string) => {
    read.push(path);
    return readText.call(system.files, path);
  };
  await core.explain(["dev"]);
  assertEquals(read.filter((path) => path.includes("broken")), []);
  assertStringIncludes(
    (await assertRejects(() => core.explain(["other"]), ProfileError)).message,
    'line 9 names "/home/kim/.aws/broken.json", which is not valid JSON at line 1, column 2',
  );
});

Deno.test("one profile with a broken policy stops no other where not all must succeed", async () => {
  const { core } = coreOver(role("dev") + role("other", "policy = {\n"));
  const set = await core.generateCredentials(["other"], { strict: false });
  assertStringIncludes(set.errors["other"]?.message ?? "", "is not valid JSON at line 1, column 2");
});

Deno.test("an included profile gives its policies too", async () => {
  const config = "[profile base]\nscope_policy = ecr-pull\nsession_tags = a=1\n" +
    role("dev", "include_profile = base\n");
  const steps = await stepsOf("dev", config);
  assertEquals(steps.at(-2)?.tags, [{ key: "a", value: "1" }]);
  assertEquals(steps.at(-1)?.kind, "get-scoped-credentials");
});

Deno.test("the scope of a profile counts where it is asked for, not where it is a source", async () => {
  const config = role("first", "scope_policy = ecr-pull\npolicy = ecr-pull\n") +
    `[profile second]\nrole_arn = ${arnOf("second")}\nsource_profile = first\n`;
  const steps = await stepsOf("second", config);
  assertEquals(steps.map(({ kind }) => kind), ["static-keys", "assume-role", "assume-role"]);
  assertEquals(steps[1]?.policy !== undefined, true);
  assertEquals(steps[2]?.policy, undefined);
});

Deno.test("a ready-made scope of managed policies is sent with the last role alone", async () => {
  const config = role("first") +
    `[profile second]\nrole_arn = ${arnOf("second")}\nsource_profile = first\n`;
  const steps = await stepsOf("second", config, {}, { scope: "read-only" });
  assertEquals(steps.map(({ kind, policyArns }) => [kind, policyArns]), [
    ["static-keys", undefined],
    ["assume-role", undefined],
    ["assume-role", ["arn:aws:iam::aws:policy/ReadOnlyAccess"]],
  ]);
});

Deno.test("a profile that asks stsaval for one with a scope gets what the program would print", async () => {
  const config = role("dev", "scope_policy = ecr-pull\n") + role("wide") +
    "[profile a]\ncredential_process = stsaval process dev\n" +
    "[profile b]\ncredential_process = stsaval process wide\nscope_policy = logs-read\n" +
    "[profile c]\ncredential_process = stsaval process wide --scope logs-read\n";
  // Taken over, it would be the role without its scope: the program is run.
  assertEquals((await stepsOf("a", config)).map(({ kind }) => kind), ["credential-process"]);
  assertEquals((await stepsOf("c", config)).map(({ kind }) => kind), ["credential-process"]);
  const taken = await stepsOf("b", config);
  assertEquals(taken.map(({ kind }) => kind), [
    ...["static-keys", "assume-role", "get-scoped-credentials"],
  ]);
});

Deno.test("a web identity's role takes policies, and no tags: they come with the token", async () => {
  const web = (more: string) =>
    `[profile web]\nrole_arn = ${
      arnOf("web")
    }\nweb_identity_token_file = /t\nregion = eu-west-1\n${more}`;
  const step = await lastStep(
    "web",
    web("policy = ecr-pull\npolicy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess\n"),
  );
  assertEquals(step?.policyArns, ["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
  assertEquals(step?.policy !== undefined, true);
  const narrowed = await lastStep("web", web("scope_policy = read-only\n"));
  assertEquals([narrowed?.kind, narrowed?.policyArns], ["web-identity", [
    "arn:aws:iam::aws:policy/ReadOnlyAccess",
  ]]);
  const onTop = `${web("")}[profile top]\nrole_arn = ${arnOf("top")}\nsource_profile = web\n`;
  const steps = await stepsOf("top", `${onTop}session_tags = a=1\n`);
  assertEquals(steps.map(({ kind, policy, policyArns }) => [kind, policy, policyArns]), [
    ...[["web-identity", undefined, undefined], ["assume-role", undefined, undefined]],
  ]);
  for (const setting of ["session_tags = a=1", "source_identity = kim"]) {
    assertStringIncludes(
      await why("web", web(`${setting}\n`)),
      "is not sent with a web identity token: AWS reads tags and the source identity from the token",
    );
  }
  assertStringIncludes(
    await why("web", web(""), {}, { sessionTags: { a: "1" } }),
    "the tag that was given is not sent with a web identity token",
  );
});

Deno.test("what is sent with a role alone is refused where no role is assumed, be it a setting or an option", async () => {
  const sso = "[profile sso]\nsso_account_id = 123456789012\nsso_role_name = Dev\n" +
    "sso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n";
  assertStringIncludes(
    await why("sso", `${sso}policy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess\n`),
    'is sent when a role is assumed, but its credentials come from sso of profile "sso"',
  );
  for (
    const options of [{ policy: "ecr-pull" }, { sessionTags: { a: "1" } }, {
      sourceIdentity: "kim",
    }]
  ) {
    assertStringIncludes(await why("sso", sso, {}, options), "is sent when a role is assumed");
    assertStringIncludes(await why("kim", "", {}, options), "but no role is assumed for it");
  }
  assertEquals(
    (await lastStep("sso", `${sso}scope_policy = ecr-pull\n`))?.kind,
    "get-scoped-credentials",
  );
  // The role on top is narrowed by the option, and its base by nothing: the setting of the base would be lost.
  const onTop = `${sso}session_tags = a=1\n[profile top]\nrole_arn = ${
    arnOf("top")
  }\nsource_profile = sso\n`;
  assertStringIncludes(await why("top", onTop), 'session_tags of profile "sso"');
});

Deno.test("what belongs to the role of a source profile is no matter where its keys are used", async () => {
  const own = `role_arn = ${arnOf("Own")}\nsource_profile = kim\n`;
  const setting = "source_identity = kim\n";
  const both = `[profile both]\n${own}${setting}` +
    "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n";
  const next = `[profile next]\nrole_arn = ${arnOf("Next")}\nsource_profile = both\n`;
  assertEquals((await stepsOf("next", `${both}${next}`)).length, 2);
  assertStringIncludes(
    await why("sealed", `[profile sealed]\nsealed_keys = pass\n${setting}`),
    "is sent when a role is assumed, but no role is assumed for it",
  );
  const keysAlone = both.replace(own, "");
  assertStringIncludes(
    await why("next", `${keysAlone}${next}`),
    "is sent when a role is assumed, but no role is assumed for it",
  );
});

Deno.test("an option that breaks a rule fails as such, for all profiles", async () => {
  for (
    const options of [
      ...[{ policy: "{" }, { policyArns: ["x"] }, { sessionTags: { "": "1" } }],
      ...[{ sourceIdentity: "x" }, { scope: "missing.json" }, { scope: "" }, { policy: " " }],
      ...[{ scopeFor: "40h" }, { scopeFor: "x" }, { scope: "ecr-pull", scopeDescription: "x" }],
      { scope: "ecr-pull", scopeDescription: "\u0085ab" },
    ]
  ) {
    const { core } = coreOver(role("dev"), {}, options);
    await assertRejects(() => core.explain(["dev"]), UsageError, "Cannot", JSON.stringify(options));
  }
});

Deno.test("a policy may be given as an object", async () => {
  const step = await lastStep("dev", role("dev"), {}, { policy: JSON.parse(policy) });
  assertEquals(step?.policy, policy);
});

Deno.test("the partition of a ready-made scope is that of the role", async () => {
  const gov =
    "[profile gov]\nrole_arn = arn:aws-us-gov:iam::123456789012:role/Dev\nsource_profile = kim\n" +
    "region = us-gov-west-1\n";
  const read = await lastStep("gov", gov, {}, { scope: "read-only" });
  assertEquals(read?.policyArns, ["arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess"]);
  const s3 = await lastStep("gov", gov, {}, { scope: "s3-read:reports" });
  assertStringIncludes(s3?.policy ?? "", "arn:aws-us-gov:s3:::reports/*");
});

Deno.test("the AWS CLI's cache neither gives nor takes a session with parameters", async () => {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({ clock });
  const home = formatSampleHome(emulator.world, { url: "http://127.0.0.1:4566" });
  const system = fakeSystem({
    ...{ clock, fetch: emulator.handle },
    files: { "/home/kim/.aws/config": home.config, "/home/kim/.aws/credentials": home.credentials },
  });
  const shared = () =>
    [...system.files.contents.keys()].filter((path) => path.includes("/.aws/cli/cache/"));
  const name = "DynamoDBRole-dev";
  for (const options of [{ policy: "ecr-pull" }, { sessionTags: { a: "1" } }, {}]) {
    const core = new StsCore({ system, shareAwsCache: true, cache: "disk", ...options });
    await using _core = core;
    await core.generateCredentials([name], { mfaCode: (serial) => emulator.mfaCode(serial) });
    assertEquals(shared().length, Object.keys(options).length === 0 ? 1 : 0);
  }
  clock.jump(31_000);
  const core = new StsCore({ system, shareAwsCache: true, policy: "logs-read" });
  await using _core = core;
  const set = await core.generateCredentials([name], {
    mfaCode: (serial) => emulator.mfaCode(serial),
  });
  const { AccessKeyId } = set[`sts-${name}`];
  assertEquals(emulator.isAllowed(AccessKeyId, { action: "sqs:ListQueues" }), false);
});
