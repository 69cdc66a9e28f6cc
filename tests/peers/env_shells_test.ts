/**
 * `stsaval env` in real shells, as users write it: hostile profile names go in, hostile values come out as the same
 * bytes, and nothing in them is run.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { misleadingVariables } from "../../src/output/variable_names.ts";
import { hostileTexts } from "../output/hostile_texts.ts";
import { credentialsXml, xml } from "../sts/handmade.ts";
import { type Home, isInstalled, makeHome, runIn, stsavalWords } from "./stsaval_process.ts";

/** Names that try to break out of a shell, an option, a path or a line. */
const profileNames = [
  "a'b\"c",
  "$(touch found)",
  "`touch found`",
  "a;touch found;#",
  "'; touch found; '",
  "!x $'\\n' ${HOME} %PATH% | & > found",
  "-rf --help",
  "../../etc \\ * ~ \u{1f511}",
];

/** XML has no place for most control characters, and blanks at the ends are not kept. */
const isFitForXml = (text: string) =>
  // deno-lint-ignore no-control-regex -- the ones that XML has no place for
  text !== "" && text.trim() === text && !/[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text);
const values = hostileTexts(600).filter(isFitForXml);

/** The three values of the profile at `index`. */
function valuesOf(index: number): readonly string[] {
  const each = Math.floor(values.length / profileNames.length / 3);
  return [0, 1, 2].map((part) =>
    // Many texts in one value, so that few runs of a shell try them all.
    values.slice((index * 3 + part) * each, (index * 3 + part + 1) * each).join("x")
  );
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"'\t\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** An STS that gives each role its hostile values. */
async function answer(request: Request): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  const index = Number(form.get("RoleArn")?.split("/Role").at(-1));
  const [id = "", secret = "", token = ""] = valuesOf(index).map(escapeXml);
  return xml(credentialsXml("AssumeRole", [
    `<AccessKeyId>${id}</AccessKeyId>`,
    `<SecretAccessKey>${secret}</SecretAccessKey>`,
    `<SessionToken>${token}</SessionToken>`,
    "<Expiration>2126-01-01T01:00:00Z</Expiration>",
  ]));
}

/** A home whose role file holds the profiles: JSON takes names that no INI file could. */
function makeHostileHome(): Promise<Home> {
  return makeHome(answer, (url) => ({
    ".aws/credentials":
      "[base]\naws_access_key_id = AKIAEXAMPLEEXAMPLE7Q\naws_secret_access_key = s\n",
    "roles.json": JSON.stringify(Object.fromEntries(profileNames.map((name, index) => [name, {
      "role_arn": `arn:aws:iam::123456789012:role/Role${index}`,
      "source_profile": "base",
      "region": "eu-west-1",
      "endpoint_url": url,
    }]))),
  }));
}

const printed = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION"];
const printAll = `printf '%s\\0' ${printed.map((name) => `"$${name}"`).join(" ")}`;
/** `env` writes the variables as the programs see them that the shell starts. */
const count = "env | grep -c '^AWS'";

const posix = (shell: string) => ({
  shell,
  format: "env",
  take: ["-c", `eval "$("$@")"; ${printAll}`, shell],
  taken: ["-c", `eval "$("$@")"; ${count}`, shell],
  failing: [
    "-c",
    `set -e; trap "echo stopped" EXIT; eval "$("$@")"; echo "went on"`,
    shell,
  ],
  takeAway: ["-c", `eval "$("$@")"; eval "$("$@" --unset)"; ${count}`, shell],
});
const shells = [
  posix("sh"),
  posix("bash"),
  posix("zsh"),
  {
    shell: "fish",
    format: "fish",
    take: ["-c", `command $argv | source; ${printAll}`],
    taken: ["-c", `command $argv | source; ${count}`],
    failing: ["-c", "command $argv | source; and echo went on; or echo stopped"],
    takeAway: ["-c", `command $argv | source; command $argv --unset | source; ${count}`],
  },
];

for (const { shell, format, take, taken, failing, takeAway } of shells) {
  const missing = shell !== "sh" && !await isInstalled(shell);
  const skipped = missing ? `, skipped: ${shell} is not installed` : "";

  Deno.test({
    name: `${shell} takes what env prints for every profile as the same bytes${skipped}`,
    ignore: missing,
    async fn() {
      await using home = await makeHostileHome();
      for (const [index, name] of profileNames.entries()) {
        const words = stsavalWords(
          ["env", "--role-file", "roles.json", `--profile=${name}`, "--format", format],
        );
        const { code, stdout, stderr } = await runIn(home, [shell, ...take, ...words]);
        assertEquals([code, stderr], [0, ""], name);
        assertEquals(stdout.split("\0"), [...valuesOf(index), "eu-west-1", ""], name);
      }
      assertEquals(await namesIn(home), [".aws", "roles.json"]);
    },
  });

  Deno.test({
    name: `${shell} fails where env does, and goes on with no other credentials${skipped}`,
    ignore: missing,
    async fn() {
      await using home = await makeHostileHome();
      const words = stsavalWords(["env", "nope", "--format", format]);
      const fails = await runIn(home, [shell, ...failing, ...words], {
        env: { AWS_ACCESS_KEY_ID: "old" },
      });
      assertEquals(fails.stdout, "stopped\n", fails.stderr);
    },
  });

  Deno.test({
    name: `${shell} takes over from variables that lead elsewhere${skipped}`,
    ignore: missing,
    async fn() {
      await using home = await makeHostileHome();
      const [name = ""] = profileNames;
      const words = stsavalWords(
        ["env", "--role-file", "roles.json", "--profile", name, "--format", format],
      );
      const env = Object.fromEntries(misleadingVariables.map((variable) => [variable, "x"]));
      const { stdout, stderr } = await runIn(home, [shell, ...taken, ...words], { env });
      assertEquals([stdout, stderr], ["6\n", ""]);
    },
  });

  Deno.test({
    name: `${shell} takes away with --unset all that env has set${skipped}`,
    ignore: missing,
    async fn() {
      await using home = await makeHostileHome();
      const [name = ""] = profileNames;
      const words = stsavalWords(
        ["env", "--role-file", "roles.json", "--profile", name, "--format", format],
      );
      const { stdout, stderr } = await runIn(home, [shell, ...takeAway, ...words]);
      assertEquals([stdout, stderr], ["0\n", ""]);
    },
  });
}

Deno.test("exec gives a program the name of every profile as the same bytes", async () => {
  await using home = await makeHostileHome();
  const [program, ...args] = [
    "sh",
    "-c",
    'printf \'%s\\0\' "$STSAVAL_PROFILE" "$AWS_SESSION_TOKEN"',
  ];
  for (const [index, name] of profileNames.entries()) {
    const words = ["exec", "--role-file", "roles.json", `--profile=${name}`, "--"];
    const { code, stdout } = await runIn(home, stsavalWords([...words, program ?? "", ...args]));
    assertEquals([code, stdout], [0, `${name}\0${valuesOf(index)[2]}\0`]);
  }
});

Deno.test("env refuses a session name that AWS would refuse, and prints nothing for the shell", async () => {
  await using home = await makeHostileHome();
  const role = "[profile named]\nrole_arn = arn:aws:iam::123456789012:role/Role0\n" +
    "source_profile = base\nrole_session_name = ";
  for (const name of ["a'b", "$(touch found)", "`touch found`", "a;touch found"]) {
    await Deno.writeTextFile(`${home.path}/.aws/config`, `${role}${name}\n`);
    const script = 'eval "$("$@")"; echo "${AWS_ACCESS_KEY_ID-nothing}"';
    const words = stsavalWords(["env", "--profile", "named"]);
    const { stdout } = await runIn(home, ["sh", "-c", script, "sh", ...words]);
    assertEquals(stdout, "nothing\n");
  }
  assertEquals(await namesIn(home), [".aws", "roles.json"]);
});

Deno.test("env refuses a profile's name of two lines, and prints nothing for the shell", async () => {
  await using home = await makeHostileHome();
  const script = 'eval "$("$@")"; echo "${AWS_ACCESS_KEY_ID-nothing}"';
  const words = stsavalWords(["env", "--profile", "a\ntouch found\n"]);
  const { stdout } = await runIn(home, ["sh", "-c", script, "sh", ...words]);
  assertEquals(stdout, "nothing\n");
  assertEquals(await namesIn(home), [".aws", "roles.json"]);
});

async function namesIn(home: Home): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(home.path)) names.push(name);
  // What Deno and the shells leave there is theirs.
  return names.filter((name) => !/^\.(?:cache|config|local|zcompdump)/.test(name)).sort();
}
