/**
 * The profiles that a command line may be about.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { ParsedArguments } from "../../../src/cli/parse/arguments.ts";
import { lineNames } from "../../../src/cli/permissions/line_names.ts";
import { ProfileError } from "../../../src/errors.ts";
import { configOf, keys, roleArn, type Texts } from "../../config/in_memory.ts";

const role = (name: string) =>
  `[profile ${name}]\nrole_arn = ${roleArn(name)}\nsource_profile = user\n`;
const two = `[profile user]\n${keys}${role("a")}${role("b")}[profile other]\nregion = us-east-1\n`;
const one = `[profile user]\n${keys}`;
const onlyRole = `${role("a")}[profile other]\nregion = us-east-1\n`;
const chain = {
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/id",
};

interface Row extends Texts {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly operands?: readonly string[];
  readonly unnamed?: "user" | "everything";
  readonly canAsk?: boolean;
  readonly names: readonly string[];
}

const rows: readonly Row[] = [
  { config: two, operands: ["-"], names: ["user", "a", "b", "other"] },
  { config: two, operands: ["b", "a"], names: ["b", "a"] },
  { config: two, values: { profiles: ["a"] }, names: ["a"] },
  { config: two, operands: ["user"], values: { all: true }, names: ["user", "a", "b"] },
  { config: two, unnamed: "everything", names: ["user", "a", "b", "other"] },
  { config: two, operands: ["a"], unnamed: "everything", names: ["a"] },
  // Where several could be meant, a person picks one of them, and without a person there is none.
  { config: two, canAsk: true, names: ["user", "a", "b"] },
  { config: two, canAsk: false, names: [] },
  { config: two, unnamed: "user", canAsk: true, names: ["user"] },
  { config: two, unnamed: "user", canAsk: false, names: ["user"] },
  { config: two, values: { "role-arn": ["arn"] }, names: ["user"] },
  { config: one, names: ["user"] },
  { config: onlyRole, names: ["a"] },
  { config: two, env: { AWS_PROFILE: "b" }, names: ["b"] },
  // The default chain stands in for a profile, except where a user is wanted.
  { config: two, env: chain, names: ["container"] },
  { config: two, env: chain, unnamed: "user", names: ["user"] },
];

for (const { values = {}, operands = [], unnamed, canAsk = false, names, ...texts } of rows) {
  const line = JSON.stringify({ values, operands, unnamed, canAsk, env: texts.env });
  Deno.test({
    name: `lineNames() of ${line} is ${names.join()}`,
    permissions: "none",
    async fn() {
      const given = new ParsedArguments(values, operands, []);
      const config = await configOf(texts);
      assertEquals(lineNames({ ...(unnamed && { unnamed }) }, given, config, { canAsk }), names);
    },
  });
}

Deno.test({
  name: "lineNames() fails where a pattern matches nothing",
  permissions: "none",
  async fn() {
    const config = await configOf({ config: two });
    const given = new ParsedArguments({}, ["none*"], []);
    assertThrows(() => lineNames({}, given, config, { canAsk: true }), ProfileError);
  },
});
