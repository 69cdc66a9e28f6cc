import { assertEquals, assertThrows } from "@std/assert";
import type { BaseKind } from "../../../src/config/base_kind.ts";
import type { Config } from "../../../src/config/load.ts";
import {
  failTemporary,
  keysOfEnvironment,
  namedBase,
  roleBase,
  setsKeys,
  staticKeys,
  userBase,
} from "../../../src/config/plan/base.ts";
import { ProfileError } from "../../../src/errors.ts";
import type { BaseStep } from "../../../src/plan.ts";
import { configOf, configPath, keys } from "../in_memory.ts";

const id = "AKIAEXAMPLEEXAMPLE00";

async function configWith(more: string, env: Readonly<Record<string, string>> = {}) {
  const config = await configOf({ config: `[profile a]\nregion = r\n${more}`, env });
  const profile = config.profiles.get("a");
  if (profile === undefined) throw new Error("no profile");
  return { config, profile };
}

function refusal(work: () => unknown): readonly (string | undefined)[] {
  const error = assertThrows(work, ProfileError);
  return [error.message, error.hint];
}

Deno.test({
  name: "setsKeys() is true for any key, complete or not",
  permissions: "none",
  async fn() {
    for (
      const [more, wanted] of [
        ["", false],
        ["aws_access_key_id = x\n", true],
        ["aws_secret_access_key = x\n", true],
        ["aws_session_token = x\n", true],
      ] as const
    ) {
      assertEquals(setsKeys((await configWith(more)).profile), wanted, more);
    }
  },
});

Deno.test({
  name: "staticKeys() names the half of a pair that is missing, and where the other one stands",
  permissions: "none",
  async fn() {
    const of = async (more: string) => {
      const { profile } = await configWith(more);
      return refusal(() => staticKeys("asked", profile));
    };
    const at = (line: number) => `of profile "a" at "${configPath}", line ${line}`;
    assertEquals(await of(`aws_access_key_id = ${id}\n`), [
      `Cannot use profile "asked": aws_access_key_id ${
        at(3)
      } is set, but aws_secret_access_key is ` +
      "missing",
      'add aws_secret_access_key to profile "a"',
    ]);
    assertEquals(await of("aws_secret_access_key = s\naws_session_token = t\n"), [
      `Cannot use profile "asked": aws_secret_access_key ${at(3)} and aws_session_token ${at(4)} ` +
      "are set, but aws_access_key_id is missing",
      'add aws_access_key_id to profile "a"',
    ]);
    assertEquals(
      await of(`aws_access_key_id = ASIAEXAMPLEEXAMPLE00\naws_secret_access_key = s\n`),
      [
        `Cannot use profile "asked": aws_access_key_id ${
          at(3)
        } is that of temporary keys (ASIA…), but ` +
        "no session token stands beside it",
        "add the session token, or use long-term keys",
      ],
    );
    const { profile } = await configWith(`${keys}aws_session_token = t\n`);
    assertEquals(staticKeys("asked", profile), {
      kind: "static-keys",
      profile: "a",
      keys: { accessKeyId: id, secretAccessKey: "kept-secret", sessionToken: "t" },
      reason: `profile "a" sets aws_access_key_id at "${configPath}", line 3`,
    });
  },
});

const step: BaseStep = {
  ...{ kind: "source", source: "x", profile: "a", settings: {}, detail: "d", reason: "r" },
};
const kinds: Readonly<Record<"behind" | "base" | "role" | "none", BaseKind>> = {
  behind: { source: "behind", behind: () => "other" },
  base: { source: "base", credentialSource: "Ec2InstanceMetadata", ofProfile: () => step },
  role: { source: "role", ofRole: () => step },
  none: { source: "none", ofProfile: () => undefined, ofRole: () => undefined },
};

Deno.test({
  name: "userBase() takes a profile's keys first, then the first kind that it names",
  permissions: "none",
  async fn() {
    const { config, profile } = await configWith("");
    const withKinds = (...names: readonly (keyof typeof kinds)[]): Config => ({
      ...{ ...config, kinds: names.map((name) => kinds[name]) },
    });
    assertEquals(userBase("a", profile, withKinds("none", "base", "behind")), { base: step });
    assertEquals(userBase("a", profile, withKinds("behind", "base")), { source: "other" });
    assertEquals(refusal(() => userBase("asked", profile, withKinds("none"))), [
      `Cannot use profile "asked": profile "a" at "${configPath}", line 1 has neither keys nor a role`,
      'add aws_access_key_id and aws_secret_access_key, or role_arn, to profile "a"',
    ]);
    const { profile: withKeys } = await configWith(keys);
    const found = userBase("a", withKeys, withKinds("base"));
    assertEquals("base" in found && found.base.kind, "static-keys");
    assertEquals(roleBase("a", profile, withKinds("none", "base")), undefined);
    assertEquals(roleBase("a", profile, withKinds("none", "role")), step);
  },
});

const environment = "credential_source = Environment\n";
const pair = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: "s" };

Deno.test({
  name: "namedBase() takes the environment or the kind, and says which variable is wrong",
  permissions: "none",
  async fn() {
    const of = async (env: Readonly<Record<string, string>>) => {
      const { config, profile } = await configWith(environment, env);
      return () => namedBase("asked", profile, "Environment", config);
    };
    const where =
      `Cannot use profile "asked": credential_source of profile "a" at "${configPath}", ` +
      "line 3 is Environment, but ";
    assertEquals(refusal(await of({})), [
      `${where}AWS_ACCESS_KEY_ID is not set`,
      "set AWS_ACCESS_KEY_ID",
    ]);
    assertEquals(refusal(await of({ AWS_ACCESS_KEY_ID: id })), [
      `${where}AWS_SECRET_ACCESS_KEY is not set`,
      "set AWS_SECRET_ACCESS_KEY",
    ]);
    assertEquals(refusal(await of({ ...pair, AWS_SECRET_ACCESS_KEY: "'s'" })), [
      `${where}AWS_SECRET_ACCESS_KEY stands in quotes, which would be part of it`,
      "take the quotes away",
    ]);
    assertEquals(
      refusal(await of({ ...pair, AWS_SECURITY_TOKEN: "'t'" }))[0],
      `${where}` +
        "AWS_SECURITY_TOKEN stands in quotes, which would be part of it",
    );
    assertEquals((await of({ ...pair, AWS_SESSION_TOKEN: "t" }))(), {
      kind: "environment",
      profile: "a",
      keys: { accessKeyId: id, secretAccessKey: "s", sessionToken: "t" },
      reason: `profile "a" sets credential_source at "${configPath}", line 3`,
    });
    const { config, profile } = await configWith("credential_source = Ec2InstanceMetadata\n");
    const withKind = { ...config, kinds: [kinds.none, kinds.base] };
    assertEquals(namedBase("a", profile, "Ec2InstanceMetadata", withKind), step);
    assertEquals(
      refusal(() => namedBase("asked", profile, "EcsContainer", withKind))[0],
      `Cannot use profile "asked": credential_source of profile "a" at "${configPath}", line 3 is of ` +
        "no known kind",
    );
  },
});

Deno.test({
  name:
    "keysOfEnvironment() wants both keys, whole, and failTemporary() names what makes them temporary",
  permissions: "none",
  async fn() {
    const of = async (env: Readonly<Record<string, string>>) =>
      (await configWith("", env)).config.environment;
    const begin = "Cannot use the keys of the environment: ";
    const unset = "unset the AWS_ variables, or name a profile";
    const half = await of({ AWS_ACCESS_KEY_ID: id });
    assertEquals(refusal(() => keysOfEnvironment(half)), [
      `${begin}AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not`,
      unset,
    ]);
    const quoted = await of({ ...pair, AWS_ACCESS_KEY_ID: `'${id}'` });
    assertEquals(refusal(() => keysOfEnvironment(quoted)), [
      `${begin}AWS_ACCESS_KEY_ID stands in quotes, which would be part of it`,
      "take the quotes away",
    ]);
    assertEquals(keysOfEnvironment(await of(pair)), {
      kind: "environment",
      profile: "environment",
      keys: { accessKeyId: id, secretAccessKey: "s" },
      reason: "AWS_ACCESS_KEY_ID is set",
    });
    const temporary = await of({ ...pair, AWS_SESSION_TOKEN: "t" });
    assertEquals(refusal(() => failTemporary(temporary)), [
      `${begin}AWS_SESSION_TOKEN makes them temporary, so no session token can be issued`,
      unset,
    ]);
  },
});
