/**
 * The answers that `process --keep-answer` keeps, and those that it does not.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { processFromCache } from "../../../src/cli/cached_process.ts";
import { keepAnswer } from "../../../src/cli/answers/keep.ts";
import { silentLogger } from "../../../src/logger.ts";
import { isFreshForPrograms } from "../../../src/schedule.ts";
import { Desk, type DeskOptions, role, user } from "../desk.ts";

const aws = "/home/kim/.aws";
const answers = `${aws}/stsaval/answers`;

/** What is kept for the profile: the second, the answer as an object, and as it is written. */
async function answerOf(desk: Desk, profile = role) {
  const text = await desk.system.files.readText(`${answers}/${profile}`);
  if (text === undefined) return undefined;
  assertMatch(text, /^\d+\n\S+ \S+\n\{.*\}\n$/);
  const [second = "", madeOf, line = ""] = text.split("\n");
  return { madeOf, freshUntil: Number(second), answer: JSON.parse(line), line };
}

async function keep(desk: Desk, ...words: readonly string[]): Promise<string> {
  const { terminal, clock } = desk.system;
  // A code is good for one call.
  clock.jump(31_000);
  const before = terminal.stdout.length;
  const given = words.length > 0 ? words : ["--profile", role];
  const { status, out, err } = await desk.run(
    ...["process", "--keep-answer", "--mfa-code", desk.code, ...given],
  );
  assertEquals([status, err], [0, ""]);
  return out.slice(before);
}

/** A desk with an answer for the role. */
async function deskWithAnswer(options: DeskOptions = {}): Promise<Desk> {
  const desk = new Desk(options);
  await keep(desk);
  return desk;
}

Deno.test("process prints what it keeps, with the second until which process itself would give it", async () => {
  const desk = new Desk();
  const out = await keep(desk);
  const found = await answerOf(desk);
  assert(found !== undefined);
  assertEquals(out, `${found.line}\n`);
  const plain = JSON.parse((await desk.run("process", role)).out.slice(out.length));
  assertEquals(found.answer, plain);
  assertEquals(desk.system.files.modes.get(`${answers}/${role}`), 0o600);
  const times = {
    StartTime: new Date(desk.system.clock.now()),
    Expiration: new Date(plain.Expiration),
  };
  const end = found.freshUntil * 1_000;
  assert(isFreshForPrograms(times, end - 1));
  assert(isFreshForPrograms(times, end));
  assert(!isFreshForPrograms(times, end + 2_000));
});

Deno.test("a cache hit keeps the answer too, on the short way, and without the option none", async () => {
  const desk = await deskWithAnswer();
  const first = await answerOf(desk);
  await desk.system.files.remove(`${answers}/${role}`);
  assertEquals(await processFromCache(["--profile", role], desk.system), 0);
  assertEquals(await answerOf(desk), undefined);
  const before = desk.system.terminal.stdout.length;
  assertEquals(await processFromCache(["--profile", role, "--keep-answer"], desk.system), 0);
  assertEquals(await answerOf(desk), first);
  assertEquals(desk.system.terminal.stdout.slice(before), `${first?.line}\n`);
  assertEquals(desk.system.terminal.stderr, "");
});

Deno.test("the session token of a user is kept as well", async () => {
  const desk = new Desk();
  await keep(desk, user);
  assertEquals((await answerOf(desk, user))?.answer.Version, 1);
});

Deno.test("the answer of a clock that is behind STS's ends earlier by as much", async () => {
  const options = { world: new Desk().emulator.world };
  const [right, slow] = [new Desk(options), new Desk(options)];
  await keep(right);
  const { fetch } = slow.system.network;
  // This machine is three minutes behind: STS's dates and expirations are three minutes ahead.
  slow.system.network.fetch = async (request, more) => {
    const response = await fetch(request, more);
    const shift = (time: string) =>
      new Date(Date.parse(time) + 180_000).toISOString().replace(".000Z", "Z");
    const text = (await response.text()).replace(/(?<=<Expiration>)[^<]+/g, shift);
    const headers = new Headers(response.headers);
    headers.set("date", new Date(slow.system.clock.now() + 180_000).toUTCString());
    headers.delete("content-length");
    return new Response(text, { status: response.status, headers });
  };
  await keep(slow);
  const [a, b] = [await answerOf(right), await answerOf(slow)];
  const life = (found: typeof a) =>
    Date.parse(found?.answer.Expiration) / 1_000 - (found?.freshUntil ?? 0);
  const more = life(b) - life(a);
  assert(more >= 175 && more <= 185, `${more} seconds`);
});

/** Lines with which no answer is kept for the role. */
const others: Readonly<Record<string, readonly string[]>> = {
  "another region": [role, "--region", "eu-west-1"],
  "another endpoint": [role, "--endpoint-url", "http://127.0.0.1:4567"],
  "a lifetime": [role, "--lifetime", "2h"],
  "another config file": [role, "--config-file", `${aws}/config`],
  "another credentials file": [role, "--credentials-file", `${aws}/credentials`],
  "plain http": [role, "--allow-http"],
  "no cache": [role, "--no-cache"],
  "the AWS CLI's cache": [role, "--share-aws-cache"],
  "a role of the command line": [user, "--role-arn", `arn:aws:iam::123456789012:role/${role}`],
  "a pattern": ["Dynamo*"],
};

for (const [what, words] of Object.entries(others)) {
  Deno.test(`no answer is kept with ${what}`, async () => {
    const desk = new Desk();
    await keep(desk, ...words).catch(() => {});
    const kept = [...desk.system.files.contents.keys()].filter((path) => path.startsWith(answers));
    assertEquals(kept, []);
    assertStringIncludes(desk.system.terminal.stdout, '"Version":1');
  });
}

const variables: Readonly<Record<string, string>> = {
  AWS_REGION: "eu-west-1",
  AWS_DEFAULT_REGION: "eu-west-1",
  AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
  AWS_CONFIG_FILE: `${aws}/config`,
  AWS_SHARED_CREDENTIALS_FILE: `${aws}/credentials`,
  STSAVAL_CACHE_DIR: `${aws}/stsaval`,
};

for (const [name, value] of Object.entries(variables)) {
  Deno.test(`no answer is kept where ${name} is set, and the log says why`, async () => {
    const desk = new Desk({ env: { [name]: value } });
    const { status, err } = await desk.run(
      ...["process", role, "--keep-answer", "--verbose", "--mfa-code", desk.code],
    );
    assertEquals(status, 0, err);
    assertEquals(await answerOf(desk), undefined);
    assertStringIncludes(err, `answer: not kept: ${name} is set`);
  });
}

Deno.test("AWS_PROFILE, which programs set that ask, changes nothing", async () => {
  const desk = await deskWithAnswer({
    env: { AWS_PROFILE: "sdk", AWS_EC2_METADATA_DISABLED: "true" },
  });
  assertEquals((await answerOf(desk))?.answer.Version, 1);
});

/** Settings with which the role rests on more than the two files, or comes with a warning. */
const restsOnMore: Readonly<Record<string, string>> = {
  "the AWS CLI's cache": "share_aws_cache = true",
  "a duration that AWS caps": "duration_seconds = 7200",
};

for (const [what, line] of Object.entries(restsOnMore)) {
  Deno.test(`no answer is kept for a role with ${what}, and an older one is removed`, async () => {
    const desk = await deskWithAnswer();
    const { files } = desk.system;
    const config = await files.readText(`${aws}/config`) ?? "";
    // A role on the role, so that AWS caps its duration.
    const [first, , ...others] = config.split("\n\n");
    const middle =
      `[profile middle]\nrole_arn = arn:aws:iam::123456789012:role/M\nsource_profile = ${user}`;
    const next =
      `[profile ${role}]\nrole_arn = arn:aws:iam::123456789012:role/N\nsource_profile = middle\n${line}`;
    await files.replaceText(`${aws}/config`, [first, middle, next, ...others].join("\n\n"));
    await keepAnswer({ system: desk.system, logger: silentLogger }, role);
    assertEquals(await answerOf(desk), undefined);
  });
}

/** What a role can rest on beside keys of the two files. */
const bases: readonly string[] = [
  "credential_process = prog",
  "web_identity_token_file = /token\nrole_arn = arn:aws:iam::123456789012:role/W",
  "sso_start_url = https://kim.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 123456789012\nsso_role_name = R",
  "login_session = arn:aws:iam::123456789012:user/kim",
];

for (const base of bases) {
  Deno.test(`no answer is kept for a role on ${base.replace(/ .*/s, "")}, nor for such a profile`, async () => {
    const desk = await deskWithAnswer();
    const { files } = desk.system;
    await files.replaceText(`${answers}/base`, await files.readText(`${answers}/${role}`) ?? "");
    const config = `[profile base]\n${base}\n[profile ${role}]\nsource_profile = base\n` +
      "role_arn = arn:aws:iam::123456789012:role/N\n";
    await files.replaceText(`${aws}/config`, config);
    for (const name of [role, "base"]) {
      await keepAnswer({ system: desk.system, logger: silentLogger }, name);
      assertEquals(await answerOf(desk, name), undefined, name);
    }
  });
}

Deno.test("keys of the environment are no keys of the files", async () => {
  const desk = await deskWithAnswer();
  const { files } = desk.system;
  const config = `[profile ${role}]\ncredential_source = Environment\n` +
    "role_arn = arn:aws:iam::123456789012:role/N\n";
  await files.replaceText(`${aws}/config`, config);
  const env = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "s".repeat(40) };
  const system = {
    ...desk.system,
    env: { get: (name: string) => ({ HOME: "/home/kim", ...env })[name] },
  };
  await keepAnswer({ system, logger: silentLogger }, role);
  assertEquals(await answerOf(desk), undefined);
});

Deno.test("a profile whose name makes an odd file name has no answer", async () => {
  const edit = (config: string) => config.replace(`[profile ${role}]`, "[profile team/dev]");
  const desk = new Desk({ edit });
  await keep(desk, "team/dev");
  const names = [...desk.system.files.contents.keys()].filter((path) => path.includes("/answers/"));
  assertEquals(names, []);
});

Deno.test("an answer is not kept where the configuration was edited meanwhile", async () => {
  const desk = new Desk();
  const { files } = desk.system;
  const replace = files.replaceText.bind(files);
  files.replaceText = async (path, text, options) => {
    if (path.startsWith(answers)) {
      const config = await files.readText(`${aws}/config`) ?? "";
      await replace(`${aws}/config`, config.replace(`role/${role}`, "role/other"));
    }
    await replace(path, text, options);
  };
  assertStringIncludes(await keep(desk), '{"Version":1');
  assertEquals(await answerOf(desk), undefined);
});

Deno.test("an answer says which files it was made of, and a file that is missing by a dash", async () => {
  const desk = new Desk();
  const { files } = desk.system;
  files.said.set(`${aws}/config`, { version: "1:2:3:4:5.006" });
  files.said.set(`${aws}/credentials`, { version: "7:8:9:10:11.012" });
  await keep(desk);
  assertEquals((await answerOf(desk))?.madeOf, "1:2:3:4:5.006 7:8:9:10:11.012");
  const [config, credentials] = ["config", "credentials"].map((name) => `${aws}/${name}`);
  const text = await files.readText(credentials ?? "") ?? "";
  await files.replaceText(
    config ?? "",
    `${await files.readText(config ?? "")}\n${text.replace(/^\[/gm, "[profile ")}`,
  );
  await files.remove(credentials ?? "");
  await keepAnswer({ system: desk.system, logger: silentLogger }, user);
  assertEquals((await answerOf(desk, user))?.madeOf, "1:2:3:4:5.006 -");
});

Deno.test("no answer is kept where another file of the same text came meanwhile, or files have no versions", async () => {
  for (const change of ["at once", "meanwhile", "no versions"]) {
    const desk = new Desk();
    const { files } = desk.system;
    if (change === "no versions") files.said.set(`${aws}/config`, { version: undefined });
    const readText = files.readText.bind(files);
    const replace = files.replaceText.bind(files);
    const changed = () => void files.said.set(`${aws}/config`, { version: "6:6:6:6:6.666" });
    assertStringIncludes(await keep(desk), '{"Version":1');
    await files.remove(`${answers}/${role}`);
    files.readText = (path) => {
      if (change === "at once" && path === `${aws}/config`) changed();
      return readText(path);
    };
    files.replaceText = async (path, ...rest) => {
      if (change === "meanwhile" && path.startsWith(answers)) changed();
      await replace(path, ...rest);
    };
    await keepAnswer({ system: desk.system, logger: silentLogger }, role);
    assertEquals(await answerOf(desk), undefined, change);
  }
});

Deno.test("what a logout overtakes is not kept, with locks or without them", async () => {
  for (const hasLocks of [true, false]) {
    const desk = await deskWithAnswer();
    const { files } = desk.system;
    if (!hasLocks) files.lock = () => Promise.reject(new Error("no locks here"));
    const replace = files.replaceText.bind(files);
    let logout: Promise<unknown> = Promise.resolve();
    files.replaceText = async (path, text, options) => {
      if (path.startsWith(`${answers}/`)) {
        files.replaceText = replace;
        logout = desk.run("logout");
        if (!hasLocks) await logout;
      }
      await replace(path, text, options);
    };
    await desk.run("process", role, "--keep-answer");
    await logout;
    assertEquals(await answerOf(desk), undefined, `locks: ${hasLocks}`);
  }
});

Deno.test("where the answer cannot be written, the answer is printed all the same", async () => {
  const desk = new Desk();
  const { files } = desk.system;
  const replace = files.replaceText.bind(files);
  files.replaceText = async (path, ...rest) => {
    if (path.startsWith(`${answers}/`)) throw new Error("read-only file system");
    await replace(path, ...rest);
  };
  const { status, out, err } = await desk.run(
    ...["process", role, "--keep-answer", "--mfa-code", desk.code],
  );
  assertEquals(status, 0);
  assertEquals(JSON.parse(out).Version, 1);
  assertStringIncludes(err, `"${answers}" is not used: read-only file system`);
});

Deno.test("no answer is kept for a profile or a line that narrows the credentials, and one from before is removed", async () => {
  const settings = [
    ...["scope_policy = s3-read:reports", "policy = s3-read:reports", "session_tags = a=1"],
    ...["policy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess", "source_identity = kim"],
  ];
  for (const setting of settings) {
    const desk = await deskWithAnswer();
    assert(await answerOf(desk) !== undefined);
    const path = `${aws}/config`;
    const config = await desk.system.files.readText(path) ?? "";
    desk.system.files.contents.set(
      path,
      config.replace(`[profile ${role}]\n`, `$&${setting}\n`),
    );
    await keep(desk);
    assertEquals(await answerOf(desk), undefined, setting);
  }
  const desk = new Desk();
  for (const words of [["--scope", "ecr-pull"], ["--policy", "ecr-pull"], ["--tag", "a=1"]]) {
    await keep(desk, "--profile", role, ...words);
    assertEquals(await answerOf(desk), undefined, words.join(" "));
  }
});
