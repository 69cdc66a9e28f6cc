import { assertEquals, assertThrows } from "@std/assert";
import type { Chain } from "../../../src/config/plan/chain.ts";
import {
  chooseMfa,
  firstMfa,
  hasUsableMfa,
  mfaNotices,
  withCommand,
} from "../../../src/config/plan/mfa_choice.ts";
import { isLongTerm } from "../../../src/plan.ts";
import type { Profile } from "../../../src/config/profile.ts";
import type { BaseStep } from "../../../src/plan.ts";
import { ProfileError } from "../../../src/errors.ts";
import { configOf, configPath, serialOf } from "../in_memory.ts";

/** Profiles by their names, from the text of a file. */
async function profilesOf(config: string): Promise<(name: string) => Profile> {
  const { profiles } = await configOf({ config });
  return (name) => {
    const profile = profiles.get(name);
    if (profile === undefined) throw new Error(`no profile ${name}`);
    return profile;
  };
}

const longTerm: BaseStep = {
  kind: "static-keys",
  profile: "user",
  keys: { accessKeyId: "AKIAEXAMPLEEXAMPLE00", secretAccessKey: "s" },
  reason: "r",
};
const fetched: BaseStep = {
  ...{ kind: "source", source: "sso", profile: "user", settings: {}, detail: "d", reason: "r" },
};

function chainOf(base: BaseStep, baseProfile: Profile, roles: readonly Profile[]): Chain {
  const steps = roles.map((profile) => ({ profile, roleArn: "arn", reason: "r" }));
  const profile = roles.at(-1) ?? baseProfile;
  return { profile, base, baseProfile, roles: steps } as never as Chain;
}

const text = `[profile user]\nmfa_serial = ${serialOf("user")}\nmfa_process = user-code\n` +
  `[profile first]\nmfa_serial = ${serialOf("first")}\n` +
  `[profile last]\nmfa_serial = ${serialOf("last")}\nmfa_process = last-code\n[profile plain]\n` +
  "region = r\n[profile command]\nmfa_process = any-code\n";

Deno.test({
  name: "isLongTerm() is true for keys without a session token alone",
  permissions: "none",
  fn() {
    assertEquals(isLongTerm(longTerm), true);
    assertEquals(isLongTerm({ ...longTerm, keys: { ...longTerm.keys, sessionToken: "t" } }), false);
    assertEquals(isLongTerm(fetched), false);
  },
});

Deno.test({
  name:
    "chooseMfa() takes the first role's device, the base's, a later role's, or the one asked for",
  permissions: "none",
  async fn() {
    const of = await profilesOf(text);
    const names = (base: string, roles: readonly string[], requested?: string) => {
      const choice = chooseMfa(chainOf(longTerm, of(base), roles.map(of)), requested);
      return [choice?.serial.replace(/^.*\//, ""), choice?.command];
    };
    assertEquals(names("user", ["first", "last"]), ["first", undefined]);
    assertEquals(names("user", ["plain", "last"]), ["user", "user-code"]);
    assertEquals(names("plain", ["plain", "first", "last"]), ["first", undefined]);
    assertEquals(names("plain", ["plain", "last"]), ["last", "last-code"]);
    assertEquals(names("plain", ["plain"]), [undefined, undefined]);
    assertEquals(names("user", []), ["user", "user-code"]);
    assertEquals(names("first", ["command"]), ["first", "any-code"]);
    assertEquals(names("user", ["first"], "GAHT12345678"), ["GAHT12345678", undefined]);
    assertEquals(names("user", ["first"], serialOf("user")), ["user", "user-code"]);
    const asked = chooseMfa(chainOf(longTerm, of("plain"), []), "GAHT12345678");
    assertEquals(asked?.reason, "the MFA device was requested");
  },
});

Deno.test({
  name: "withCommand() adds a command for any device, but none for another one",
  permissions: "none",
  async fn() {
    const of = await profilesOf(text);
    const choice = { serial: serialOf("user"), reason: "r" };
    assertEquals(withCommand(undefined, [of("command")]), undefined);
    assertEquals(withCommand(choice, [of("last"), of("plain")]), choice);
    assertEquals(withCommand(choice, [of("last"), of("command"), of("user")]), {
      ...{ ...choice, command: "any-code" },
    });
  },
});

Deno.test({
  name: "firstMfa() refuses a device that gives no code, where it is used, with its place",
  permissions: "none",
  async fn() {
    const of = await profilesOf(
      `[profile key]\nmfa_serial = arn:aws:iam::123456789012:u2f/user/kim/Key\n` +
        `[profile person]\nmfa_serial = arn:aws:iam::123456789012:user/kim\n` +
        `[profile short]\nmfa_serial = 12345678\n${text}`,
    );
    const refusal = (name: string) => {
      const error = assertThrows(() => firstMfa("asked", [of("plain"), of(name)]), ProfileError);
      return [error.message, error.hint];
    };
    const wanted =
      "name a device that shows six digits, such as arn:aws:iam::123456789012:mfa/kim: " +
      "a virtual device or a hardware token";
    assertEquals(refusal("key"), [
      `Cannot use profile "asked": mfa_serial of profile "key" at "${configPath}", line 2 is ` +
      `"arn:aws:iam::123456789012:u2f/user/kim/Key": it is a security key or a passkey, which gives ` +
      "no six digits, and STS takes nothing else",
      `${wanted}; AWS lets a user have up to eight devices, so it can stand beside the key`,
    ]);
    assertEquals(refusal("person"), [
      `Cannot use profile "asked": mfa_serial of profile "person" at "${configPath}", line 4 is ` +
      '"arn:aws:iam::123456789012:user/kim": it is the ARN of a user, not of an MFA device',
      wanted,
    ]);
    assertThrows(() => firstMfa("asked", [of("short")]), ProfileError, "line 6");
    assertEquals(
      firstMfa("asked", [of("user"), of("key")])?.reason,
      'profile "user" sets ' +
        `mfa_serial at "${configPath}", line 8`,
    );
    assertEquals(
      ["user", "plain", "key", "person", "short"].map((name) => hasUsableMfa(of(name))),
      [true, false, false, false, false],
    );
  },
});

Deno.test({
  name: "mfaNotices() says of each role's device why it is not used",
  permissions: "none",
  async fn() {
    const of = await profilesOf(text);
    const roles = [of("first"), of("plain"), of("last")];
    const notices = (base: BaseStep, used?: string) =>
      mfaNotices(
        chainOf(base, of("user"), roles),
        used === undefined ? undefined : { serial: used, reason: "r" },
      );
    const about = (name: string) =>
      `MFA device ${serialOf(name)} of profile "${name}" is not used: `;
    assertEquals(notices(longTerm, serialOf("first")), [
      `${about("last")}only one device is prompted for, ${serialOf("first")}`,
    ]);
    assertEquals(
      notices(longTerm),
      ["first", "last"].map((name) =>
        `${about(name)}the base credentials of profile "user" are temporary already`
      ),
    );
    assertEquals(
      notices(fetched),
      ["first", "last"].map((name) =>
        `${about(name)}the base credentials of profile "user" are used as they come`
      ),
    );
  },
});
