import { assert, assertEquals } from "@std/assert";
import { resolvePlans } from "../../src/config/plan/plan.ts";
import { loadRoleFile } from "../../src/config/load.ts";
import { type IniKind, parseIni } from "../../src/config/file/ini.ts";
import { ConfigError } from "../../src/errors.ts";
import { configOf, configPath, portsOf } from "./in_memory.ts";
import { createChance, type Malformed, malformedConfigs } from "./malformed.ts";

const seed = 20_170_825;

async function refuseVictim({ text, line }: Malformed): Promise<string> {
  const { plans, problems } = resolvePlans(await configOf({ config: text }), ["victim", "user"]);
  assertEquals(plans.map(({ profile }) => profile), ["user"]);
  const message = problems[0]?.message ?? "";
  assert(
    message.includes(`"${configPath}", line ${line}`),
    `${message}, not ${line} of:\n${text}`,
  );
  return message;
}

Deno.test({
  name: "a hundred malformed configurations each give an error with the right line",
  permissions: "none",
  async fn() {
    let count = 0;
    for (const malformed of malformedConfigs(seed, 100)) {
      const message = await refuseVictim(malformed);
      const start = malformed.breaks === "section" ? "Cannot find" : "Cannot use";
      assert(message.startsWith(`${start} profile "victim": `), message);
      assert(!message.includes("kept-secret") && !message.includes("undefined"), message);
      count++;
    }
    assertEquals(count, 100);
  },
});

/** Pieces of which the grammar is made, so that chance finds its corners. */
const pieces = [
  ..."[]=#;:\"'\\ \t\n\r\n\n\n{}>",
  ...["profile ", "services ", "sso-session ", "default", "a", "__proto__", "\r\n", "\ufeff", "\0"],
  ...["role_arn", "source_profile", "s3 =\n", " b = c\n", "\u2028", "\u{1f602}", "\ud800", "//"],
  ...["[a]\n", "[profile a]\n", "\nx = 1\n", "\nkey = v # c\n", "# c\n", "\n more\n"],
];

function randomText(chance: () => number): string {
  const fromBytes = chance() < 0.3;
  return Array.from({ length: Math.floor(chance() * 16) }, () => {
    if (fromBytes) return String.fromCharCode(Math.floor(chance() * 256));
    return pieces[Math.floor(chance() * pieces.length)] ?? "";
  }).join("");
}

Deno.test({
  name: "parseIni() reads or refuses any text, and never fails otherwise",
  permissions: "none",
  fn() {
    const chance = createChance(seed);
    const kinds: readonly IniKind[] = ["config", "credentials", "roles"];
    let refused = 0;
    for (let round = 0; round < 20_000; round++) {
      const text = randomText(chance);
      const kind = kinds[round % 3] ?? "config";
      try {
        parseIni(text, { file: "f", kind });
      } catch (error) {
        assert(error instanceof ConfigError, `${JSON.stringify(text)}: ${error}`);
        const lines = text.split(/\r\n|\n|\r/).length;
        const { line = error.message.includes("its encoding is") ? 1 : 0 } = error.place;
        assert(line >= 1 && line <= lines, error.message);
        refused++;
      }
    }
    assert(refused > 500 && refused < 19_000, `${refused} refused`);
  },
});

Deno.test({
  name: "a file of roles that is any text is read or refused, as JSON too",
  permissions: "none",
  async fn() {
    const chance = createChance(seed + 1);
    for (let round = 0; round < 1_000; round++) {
      const text = (round % 2 === 0 ? "{" : "") + randomText(chance);
      try {
        await loadRoleFile(portsOf({ files: { f: text } }), "f");
      } catch (error) {
        assert(error instanceof ConfigError, `${JSON.stringify(text)}: ${error}`);
      }
    }
  },
});

Deno.test({
  name: "resolvePlans() never throws over profiles made by chance",
  permissions: "none",
  async fn() {
    const chance = createChance(seed + 2);
    const values = [
      "a",
      "b",
      "c",
      "x y",
      "",
      "Environment",
      "3600",
      "true",
      "arn:aws:iam::1:role/R",
    ];
    const names = ["role_arn", "source_profile", "credential_source", "aws_access_key_id"];
    const rest = [
      "aws_secret_access_key",
      "mfa_serial",
      "duration_seconds",
      "services",
      "sso_session",
    ];
    const pick = (choices: readonly string[]) => choices[Math.floor(chance() * choices.length)];
    for (let round = 0; round < 500; round++) {
      const sections = ["a", "b", "c"].map((name) => {
        const lines = Array.from(
          { length: Math.floor(chance() * 6) },
          () => `${pick([...names, ...rest])} = ${pick(values)}\n`,
        );
        return `[profile ${name}]\n${lines.join("")}`;
      });
      const asked = ["a", "b", "c", "d"];
      const { plans, problems } = resolvePlans(
        await configOf({ config: sections.join("") }),
        asked,
      );
      assertEquals([...plans, ...problems].map(({ profile }) => profile).sort(), asked);
    }
  },
});
