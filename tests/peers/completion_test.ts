/**
 * Real shells complete command lines with the scripts of `stsaval completion`.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { configNames, credentialsNames } from "../../src/cli/help/completion/profile_names.ts";
import { readHeader } from "../../src/config/file/section_header.ts";
import { isInstalled } from "./stsaval_process.ts";
import { complete, type CompletionDriver, drivers } from "./completion_drivers.ts";

const config = `[default]
[profile dev]
[profile deploy-qa] # a comment
[ profile ops ]
[profile "$(touch pwned)"]
[profile zed name]
[profile 'Smith, John'] # quoted as the AWS CLI writes it
[profile 'it'"'"'s mine']
[profile m\u00fcller]
[profile not]]
[[profile nor]]
[other]
[sso-session login]
[services local]
[stsaval-group backend]
profiles = dev, ops
`;
const credentials = "[IAM_USER1]\n[ default ]\n[profile nobody]\n[two words]; c\n";
const hostile = "$(touch pwned)";
const known = [
  ...[hostile, "IAM_USER1", "default", "deploy-qa", "dev", "ops", "zed name", "Smith, John"],
  ...["it's mine", "m\u00fcller", "two words"],
];
const knownAndGroups = [...known, "backend"];

/** Lines, and what may follow; as whole words, in any order. */
const cases: readonly (readonly [line: string, offers: readonly string[]])[] = [
  ["stsaval cr", ["creds"]],
  ["stsaval creds --prof", ["--profile", "--profiles"]],
  ["stsaval creds ", knownAndGroups],
  ["stsaval creds dev o", ["ops"]],
  ["stsaval watch b", ["backend"]],
  ["stsaval token I", ["IAM_USER1"]],
  ["stsaval exec d", ["default", "deploy-qa", "dev"]],
  ["stsaval env ", known],
  ["stsaval process -p d", ["default", "deploy-qa", "dev"]],
  ["stsaval creds --source-profile I", ["IAM_USER1"]],
  ["stsaval profiles ", ["groups", "list"]],
  ["stsaval profiles l", ["list"]],
  ["stsaval profiles list b", ["backend"]],
  ["stsaval profiles list --prof", ["--profile", "--profiles"]],
  ["stsaval profiles groups --js", ["--json"]],
  ["stsaval help pro", ["process", "profiles"]],
  ["stsaval help profiles l", ["list"]],
  ["stsaval exec dev -- cat .aws/cred", ["credentials"]],
  ["stsaval env --profile ", known],
  ["stsaval env --profile d", ["default", "deploy-qa", "dev"]],
  ["stsaval creds --profiles dev,d", ["default", "deploy-qa"]],
  ["stsaval creds --profiles=dev,o", ["ops"]],
  ["stsaval creds --format d", ["dotenv"]],
  ["stsaval creds --format=t", ["table"]],
  ["stsaval watch --format tab", []],
  ["stsaval explain --format ", ["json", "tree"]],
  ["stsaval explain de", ["default", "deploy-qa", "dev"]],
  ["stsaval help tok", ["token"]],
  ["stsaval completion ", ["bash", "fish", "nushell", "powershell", "zsh"]],
  ["stsaval refactor .aws/con", ["config"]],
  ["stsaval creds --output .aws/con", ["config"]],
  ["stsaval creds --output=.aws/con", ["config"]],
  ["stsaval emulator --write-home .a", [".aws"]],
  ["stsaval creds --lifetime ", []],
  ["stsaval creds --config-file /dev/null --profile ", ["IAM_USER1", "default", "two words"]],
  ["stsaval creds --config-file=/dev/null --profile ", ["IAM_USER1", "default", "two words"]],
  ["stsaval creds --role-file ~/roles --profiles acme", ["acme-a", "acme-b"]],
  ["stsaval exec --profile dev -- cat .aws/cred", ["credentials"]],
];

/** What is new in an offer: shells differ in how much of what is typed they repeat, and in quotes. */
function plain(offer: string): string {
  return offer.replaceAll("\\", "").replace(/\/$/, "").replace(/^.*[=,/](?! )/, "");
}

async function makeHome(files: Readonly<Record<string, string>>): Promise<string> {
  const home = await Deno.makeTempDir({ prefix: "stsaval-completion-" });
  await Deno.mkdir(`${home}/.aws`);
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${home}/${name}`, text);
  }
  return home;
}

for (const driver of drivers) {
  const missing = !await isInstalled(driver.command ?? driver.shell);
  const skipped = missing ? `, skipped: ${driver.shell} is not installed` : "";

  Deno.test({
    name: `${driver.shell} completes commands, options, values, files and profiles${skipped}`,
    ignore: missing,
    async fn() {
      const roles = "[acme-a]\n[profile acme-b]\n";
      const home = await makeHome({
        ".aws/config": config,
        ".aws/credentials": credentials,
        roles,
      });
      const { offers } = await complete(driver, home, cases.map(([line]) => line));
      for (const [index, [line, wanted]] of cases.entries()) {
        const seen = (offers[index] ?? []).map(plain);
        assertEquals([...new Set(seen)].sort(), [...wanted].sort(), line);
      }
      const names = [...Deno.readDirSync(home)].map(({ name }) => name);
      assert(!names.includes("pwned"), "a name was run");
      await Deno.remove(home, { recursive: true });
    },
  });

  Deno.test({
    name:
      `${driver.shell} completes profiles of AWS_CONFIG_FILE, and takes no offence at no files${skipped}`,
    ignore: missing,
    async fn() {
      const home = await makeHome({ elsewhere: "[profile far-away]\n" });
      const lines = ["stsaval creds --profile "];
      const env = { AWS_CONFIG_FILE: `${home}/elsewhere` };
      assertEquals((await complete(driver, home, lines, env)).offers, [["far-away"]]);
      assertEquals((await complete(driver, home, lines)).offers, [[]]);
      await Deno.remove(home, { recursive: true });
    },
  });

  Deno.test({
    name: `${driver.shell} completes one of 1,000 profiles about as fast as one of ten${skipped}`,
    ignore: missing,
    async fn() {
      const few = await completeAmong(driver, 10);
      const many = await completeAmong(driver, 1_000);
      console.log(`${driver.shell}: ${(many / few).toFixed(1)} times the work of ten profiles`);
      assert(many < 25 * few, `${many} ms, ten profiles take ${few} ms`);
    },
  });
}

/** How long the quickest of some completions takes among that many profiles. */
async function completeAmong(driver: CompletionDriver, count: number): Promise<number> {
  const sections = Array.from(
    { length: count },
    (_, index) =>
      `[profile role-${index}]\nrole_arn = arn:aws:iam::123456789012:role/r${index}\n` +
      "source_profile = default\nregion = eu-central-1\n",
  );
  const home = await makeHome({ ".aws/config": sections.join("") });
  const { offers, quickest } = await complete(driver, home, ["stsaval creds --profiles role-"]);
  assertEquals(offers[0]?.length, count);
  await Deno.remove(home, { recursive: true });
  return quickest;
}

for (
  const { kind, program } of [
    { kind: "config", program: configNames },
    { kind: "credentials", program: credentialsNames },
  ] as const
) {
  Deno.test(`sed finds the names in a ${kind} file that stsaval finds`, async () => {
    const insides = [
      "default",
      "DEFAULT",
      "dev",
      "profile dev",
      "profile\tdev",
      " profile  a.b/c ",
      "profile",
    ]
      .concat([
        "profile a b",
        '"a b"',
        'profile "a b"',
        'profile "a',
        "profile é",
        "profile 'a, b'",
        `profile 'it'"'"'s a'`,
        "it's a",
        "profile o'brien",
        "profile a]",
        "sso-session s",
        "services v",
      ])
      .concat([
        "profile default",
        "profile x@y:z+1%",
        'profile ""',
        "profile a#b",
        "",
        "[a",
        "profile a-b_c",
      ]);
    const ends = ["", " ", " # comment", ";comment"];
    const lines = insides.flatMap((inside) => ends.map((end) => `[${inside}]${end}`));
    for (
      const line of [...lines, "[profile open", "[open # ]", "# [profile no]", " [profile no]"]
    ) {
      const header = line.trim().startsWith("[") ? readHeader(line.trim(), kind) : undefined;
      const name = header !== undefined && "kind" in header &&
          (header.kind === "profile" || header.kind === "default")
        ? `${header.name}\n`
        : "";
      assertEquals(await sed(program, line), name, line);
    }
  });
}

async function sed(program: string, line: string): Promise<string> {
  const child = new Deno.Command("sed", {
    args: ["-n", program],
    stdin: "piped",
    stdout: "piped",
    env: { LC_ALL: "C" },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${line}\n`));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout);
}
