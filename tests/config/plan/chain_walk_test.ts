/**
 * How a chain is walked: names in quotes, the source that was given, the most roles, and what is noted on the way.
 *
 * @module
 */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type ChainOptions, resolveChain } from "../../../src/config/plan/chain.ts";
import { ProfileError } from "../../../src/errors.ts";
import { configOf, configPath, keys, roleArn } from "../in_memory.ts";

const role = (name: string, source: string) =>
  `[profile ${name}]\nrole_arn = ${roleArn(name)}\nsource_profile = ${source}\n`;

async function chainOf(config: string, name = "a", source?: string, options?: ChainOptions) {
  return resolveChain(await configOf({ config }), name, source, options);
}

async function refusalOf(config: string, name = "a", source?: string, options?: ChainOptions) {
  const loaded = await configOf({ config });
  return assertThrows(() => resolveChain(loaded, name, source, options), ProfileError);
}

function pure(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

pure(
  "a name in quotes is that of the profile in the quotes, unless one has them itself",
  async () => {
    const user = `[profile user]\n${keys}`;
    assertEquals((await chainOf(role("a", '"user"') + user)).baseProfile.name, "user");
    assertEquals((await chainOf(user, "'user'")).profile.name, "user");
    const { message } = await refusalOf(role("a", '"user') + user);
    assertStringIncludes(message, "which does not exist");
  },
);

pure("outside quotes, a backslash is a part of the name", async () => {
  const config = `[profile "two words"]\n${keys}`;
  assertEquals((await chainOf(config, "two words")).profile.name, "two words");
  assertStringIncludes((await refusalOf(config, "two\\ words")).message, "it is neither in");
});

pure("of several ignored sections of a name, the first is told", async () => {
  const config = `[profile x]\n${keys}[dev]\n${keys}[profile dev] more\n${keys}`;
  assertStringIncludes((await refusalOf(config, "dev")).message, `"${configPath}", line 4: `);
});

pure("a role without a source is assumed by the profile given, and says so", async () => {
  const config = `[profile a]\nrole_arn = ${roleArn("a")}\n[profile user]\n${keys}`;
  const { roles, baseProfile } = await chainOf(config, "a", "user");
  assertEquals([roles.map(({ roleArn }) => roleArn), baseProfile.name], [[roleArn("a")], "user"]);
  assertEquals(
    roles[0]?.reason,
    `profile "a" sets role_arn at "${configPath}", line 2; it names no source, so it is assumed ` +
      'by profile "user"',
  );
  for (const source of [undefined, "a"]) {
    const { message, hint } = await refusalOf(config, "a", source);
    assertStringIncludes(message, "needs source_profile or credential_source");
    assertEquals(hint, `add source_profile to profile "a" at "${configPath}", line 1`);
  }
});

pure("a profile that has a source of its own does not take the one given", async () => {
  const config = `${role("a", "b")}[profile b]\n${keys}[profile user]\n${keys}`;
  const { roles, baseProfile } = await chainOf(config, "a", "user");
  assertEquals([roles.length, baseProfile.name], [1, "b"]);
});

pure("a chain may have as many roles as the most, and not one more", async () => {
  const config = `${role("a", "b")}${role("b", "c")}${role("c", "user")}[profile user]\n${keys}`;
  assertEquals((await chainOf(config, "a", undefined, { mostRoles: 3 })).roles.length, 3);
  assertEquals((await chainOf(config)).roles.length, 3);
  const { message, hint } = await refusalOf(config, "a", undefined, { mostRoles: 2 });
  assertEquals(
    message,
    'Cannot use profile "a": more than 2 roles would be assumed one after another, and AWS ends ' +
      "the last after one hour",
  );
  assertEquals(hint, "let its role name a source profile that is nearer to the keys");
});

pure(
  "each command line of stsaval on the way is noted once, in the order of the walk",
  async () => {
    const line = (name: string, next: string) =>
      `[profile ${name}]\ncredential_process = stsaval process ${next}\n`;
    const { notices, roles } = await chainOf(
      `${line("a", "b")}${line("b", "c")}${role("c", "user")}[profile user]\n${keys}`,
    );
    assertEquals(roles.length, 1);
    assertEquals(
      notices,
      [["a", 2, "b"], ["b", 4, "c"]].map(([name, line, next]) =>
        `credential_process of profile "${name}" at "${configPath}", line ${line} asks stsaval for ` +
        `profile "${next}", so no program is started for it`
      ),
    );
  },
);

pure("what a command line of stsaval asks for takes its role before its keys", async () => {
  const both = `[profile both]\n${keys}role_arn = ${roleArn("both")}\nsource_profile = both\n`;
  const asking = `[profile a]\ncredential_process = stsaval process both\n`;
  assertEquals((await chainOf(asking + both)).roles.length, 1);
  // A source profile takes its keys.
  assertEquals((await chainOf(role("a", "both") + both)).roles.length, 1);
  assertEquals((await chainOf(role("a", "both") + both)).roles[0]?.roleArn, roleArn("a"));
});

pure("a command line of stsaval that asks for no profile says what it asks for", async () => {
  const { message, hint } = await refusalOf(
    `[profile a]\ncredential_process = stsaval process usr\n[profile user]\n${keys}`,
  );
  assertEquals(
    message,
    `Cannot use profile "a": credential_process of profile "a" at "${configPath}", line 2 asks ` +
      'for "usr", which does not exist',
  );
  assertEquals(hint, 'did you mean "user"?');
});

pure(
  "a name is suggested, unless that is not wanted; of groups where a profile is asked for",
  async () => {
    const config = `${
      role("a", "grp")
    }[profile user]\n${keys}[stsaval-group group]\nprofiles = user\n`;
    const list = "'stsaval profiles' lists the known profiles";
    assertEquals((await refusalOf(config, "usr")).hint, 'did you mean "user"?');
    assertEquals(
      (await refusalOf(config, "usr", undefined, { suggest: true })).hint,
      'did you mean "user"?',
    );
    assertEquals((await refusalOf(config, "usr", undefined, { suggest: false })).hint, list);
    assertEquals((await refusalOf(config, "grup")).hint, 'did you mean "group"?');
    assertEquals((await refusalOf(config, "a")).hint, list);
  },
);

pure("settings of a sign-in count only where the profile has no keys", async () => {
  const broken = "sso_account_id = 123456789012\n  3\n";
  assertEquals((await chainOf(`[profile a]\n${keys}${broken}`)).base.kind, "static-keys");
  const signIn = `[profile a]\nsso_start_url = https://s.example\nsso_region = r\n${broken}`;
  assertStringIncludes(
    (await refusalOf(`${signIn}sso_role_name = R\n`)).message,
    'sso_account_id of profile "a" at "/home/kim/.aws/config", line 4 continues on an indented line',
  );
});

pure(
  "a line that cannot be read, or a key on several lines, may have been meant for anything",
  async () => {
    for (
      const [name, config] of Object.entries({
        a: `[profile a]\n${keys}no setting\n`,
        b: `[profile b]\n${keys}aws_session_token = x\n  y\n`,
        c: `${role("c", "a")}no setting\n[profile a]\n${keys}`,
      })
    ) {
      const { message } = await refusalOf(config, name);
      assertStringIncludes(message, name === "b" ? "aws_session_token" : "line ");
    }
  },
);

pure("a profile that is its own source without keys is told what to do", async () => {
  const { hint } = await refusalOf(role("a", "a"));
  assertEquals(hint, "name the profile that has the keys");
});
