/**
 * New profiles at the ends of the two files: what is added, and which sections stand in the way.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import {
  addToConfig,
  addToCredentials,
  type NewProfiles,
} from "../../../src/config/file/new_profiles.ts";
import { ConfigError } from "../../../src/errors.ts";

const roleArn = "arn:aws:iam::123456789012:role/Dev";
const mfaSerial = "arn:aws:iam::123456789012:mfa/kim";
const keys = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "the/secret" };
const kim: NewProfiles = {
  ...{ user: "kim", keys, mfaSerial, region: "eu-west-1", endpointUrl: "http://127.0.0.1:4566" },
  roles: [{ name: "dev", roleArn }],
};

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function config(text: string | undefined, added: NewProfiles = kim) {
  return addToConfig({ path: "/config", text }, added);
}

function credentials(text: string | undefined, added: NewProfiles = kim) {
  return addToCredentials({ path: "/credentials", text }, added);
}

const userLines = [
  "[profile kim]",
  "region = eu-west-1",
  "endpoint_url = http://127.0.0.1:4566",
  `mfa_serial = ${mfaSerial}`,
];
const roleLines = [
  "[profile dev]",
  `role_arn = ${roleArn}`,
  "source_profile = kim",
  `mfa_serial = ${mfaSerial}`,
  "region = eu-west-1",
  "endpoint_url = http://127.0.0.1:4566",
];

pure("addToConfig() writes the user and the roles, each with the device and the place", () => {
  const lines = [...userLines, "", ...roleLines];
  assertEquals(config(undefined), {
    path: "/config",
    before: undefined,
    after: `${lines.join("\n")}\n`,
    diff: lines.map((line) => `+${line}`),
  });
});

pure("addToConfig() writes no section of the user where there is nothing to say of it", () => {
  const added = { user: "kim", roles: [{ name: "dev", roleArn }] };
  assertEquals(
    config(undefined, added)?.after,
    `[profile dev]\nrole_arn = ${roleArn}\nsource_profile = kim\n`,
  );
  assertEquals(config("[profile x]\n", { user: "kim", roles: [] }), undefined);
});

pure("addToConfig() writes the default profile without the word", () => {
  const added = { user: "default", region: "r", roles: [] };
  assertEquals(config("", added)?.after, "[default]\nregion = r\n");
});

pure("what is added stands apart from the text before it, with its line ends", () => {
  const added = { user: "kim", region: "r", roles: [{ name: "dev", roleArn }] };
  const lines = (end: string) =>
    [
      ...["[profile kim]", "region = r", "", "[profile dev]", `role_arn = ${roleArn}`],
      ...["source_profile = kim", "region = r", ""],
    ].join(end);
  const rows = [
    ["", lines("\n")],
    ["[profile x]\n", `\n${lines("\n")}`],
    ["[profile x]", `\n\n${lines("\n")}`],
    ["[profile x]\r\n", `\r\n${lines("\r\n")}`],
    ["[profile x]\r\nregion = r", `\r\n\r\n${lines("\r\n")}`],
    ["[profile x]\r", `\n${lines("\n")}`],
  ] as const;
  for (const [text, wanted] of rows) {
    const changed = config(text, added);
    assertEquals([changed?.before, changed?.after], [text, text + wanted], JSON.stringify(text));
  }
});

/** Sections that some reader takes for the profile. */
const taken: readonly (readonly [text: string, name: string])[] = [
  ["[profile kim]", "kim"],
  ["  [profile kim]  ", "kim"],
  ["\ufeff[profile kim]", "kim"],
  ['[profile "kim"]', "kim"],
  ["[kim]", "kim"],
  ["[profile kim", "kim"],
  ["[default]", "default"],
  ["[Default]", "default"],
  ["[profile default]", "default"],
];

/** Sections of other kinds, and texts that name the profile elsewhere. */
const free: readonly (readonly [text: string, name: string])[] = [
  ["[sso-session kim]", "kim"],
  ["[services kim]", "kim"],
  ["[stsaval-group kim]", "kim"],
  ["[profile kim2]", "kim"],
  ["[Default]", "Default"],
  ["# [profile kim]", "kim"],
  ["#kim", "kim"],
  ["# profile kim", "kim"],
  ["source_profile = kim", "kim"],
  ["kim", "kim"],
];

pure("addToConfig() leaves a section of the user as it is", () => {
  for (const [text, name] of taken) {
    assertEquals(config(text, { user: name, region: "r", roles: [] }), undefined, text);
  }
  for (const [text, name] of free) {
    const changed = config(`${text}\n`, { user: name, region: "r", roles: [] });
    assertEquals(changed?.diff.at(-1), "+region = r", text);
  }
});

pure("addToConfig() refuses a role whose section is there, and says on which line", () => {
  for (const [text, name] of taken) {
    const added = { user: "lee", roles: [{ name: "other", roleArn }, { name, roleArn }] };
    const error = assertThrows(() => config(text.replace(/^(?!\ufeff)/, "\n\n"), added));
    const line = text.startsWith("\ufeff") ? 1 : 3;
    assertEquals(
      [error instanceof ConfigError, (error as ConfigError).message, (error as ConfigError).hint],
      [
        true,
        `Cannot add a profile to "/config", line ${line}: ` +
        `found a section for "${name}", which is never overwritten`,
        "take another name, or remove that section",
      ],
    );
  }
  for (const [text, name] of free) {
    const added = { user: "lee", roles: [{ name, roleArn }] };
    assertEquals(config(`${text}\n`, added)?.diff.at(-1), "+source_profile = lee", text);
  }
});

pure("addToCredentials() writes the keys, and masks the secret in what it shows", () => {
  const lines = ["[kim]", "aws_access_key_id = AKIAEXAMPLE", "aws_secret_access_key = the/secret"];
  const changed = credentials("[x]\n");
  assertEquals([changed?.path, changed?.before], ["/credentials", "[x]\n"]);
  assertEquals(changed?.after, `[x]\n\n${lines.join("\n")}\n`);
  assertEquals(changed?.diff, [
    ...["+[kim]", "+aws_access_key_id = AKIAEXAMPLE", "+aws_secret_access_key = ********"],
  ]);
  assertEquals(credentials("[x]\n", { user: "kim", roles: [] }), undefined);
});

pure("addToCredentials() refuses a section of that name", () => {
  for (const text of ["[kim]", "\ufeff[kim]", "[profile kim]", "a = b\n[ kim ]"]) {
    assertThrows(() => credentials(text), ConfigError, 'Cannot add a profile to "/credentials"');
  }
  for (const text of ["[sso-session kim]", "[Kim]", "kim"]) {
    assertEquals(credentials(text)?.diff.length, 3, text);
  }
  // There, no shell's backslash stands for a blank.
  assertEquals(credentials("[my\\ kim]", { ...kim, user: "my kim" })?.diff[0], "+[my kim]");
});
