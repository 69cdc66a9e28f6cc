/**
 * botocore and the AWS SDK for JavaScript read the files that `stsaval write` changes, and find what they found before
 * and the new profiles; what the AWS CLI writes into such a file is kept.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { addSections, removeSections } from "../../src/config/file/edit.ts";
import { formatIni } from "../../src/output/ini.ts";
import { credentialsTexts, lastSection, readableText } from "../config/file/credentials_texts.ts";
import { seededRandom } from "../fake_system.ts";

type Profiles = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A program that takes paths as JSON, and gives the profiles of each, or null where it refuses the file. */
interface Reader {
  readonly name: string;
  readonly command: string;
  readonly args: (folder: string) => Promise<readonly string[]>;
  /** How many of the texts of {@linkcode credentialsTexts} it accepts at least. */
  readonly accepts: number;
}

const botocore = `
import json, sys
from botocore import configloader, exceptions

def profiles(path):
    try:
        return configloader.raw_config_parse(path)
    except exceptions.ConfigParseError:
        return None

print(json.dumps([profiles(path) for path in json.load(sys.stdin)]))
`;

/** The loader that the pinned SDK itself depends on. */
const javaScript = `
import { loadSharedConfigFiles } from "npm:@smithy/core@3.41.1/config";

const paths = await new Response(Deno.stdin.readable).json();
const read = (filepath) => loadSharedConfigFiles({ filepath, configFilepath: "/dev/null" });
const files = await Promise.all(paths.map(read));
console.log(JSON.stringify(files.map(({ credentialsFile }) => credentialsFile)));
`;

const readers: readonly Reader[] = [
  {
    name: "botocore",
    command: "python3",
    args: () => Promise.resolve(["-c", botocore]),
    accepts: 20,
  },
  {
    name: "the AWS SDK for JavaScript",
    command: Deno.execPath(),
    async args(folder) {
      await Deno.writeTextFile(`${folder}/reader.js`, javaScript);
      return ["run", "--quiet", "--no-lock", "--no-config", "--allow-all", `${folder}/reader.js`];
    },
    accepts: Object.keys(credentialsTexts).length,
  },
];

const names = ["sts-new-a", "sts-new-b.c@d:e+f%g/h_i"];
const credentials = {
  AccessKeyId: "ASIAEXAMPLE",
  SecretAccessKey: "s+/=;#x",
  SessionToken: "t//+==",
  StartTime: new Date(0),
  Expiration: new Date(0),
};
const sections = names.map((name) => ({
  name,
  text: formatIni({ [name]: credentials }, { now: 0, region: "eu-west-1" }),
}));
const settings = {
  "aws_access_key_id": "ASIAEXAMPLE",
  "aws_secret_access_key": "s+/=;#x",
  "aws_session_token": "t//+==",
  region: "eu-west-1",
};
const written: Profiles = Object.fromEntries(names.map((name) => [name, settings]));

const random = seededRandom(6);
const readable = Array.from({ length: 1_000 }, () => readableText(random));
const texts = [...readable, ...Object.values(credentialsTexts)];

for (const { name, command, args, accepts } of readers) {
  Deno.test(`${name} finds in a written file what it found before, and the new profiles`, async () => {
    await inFolder(async (folder) => {
      const edited = texts.map((text) => addSections(text, sections, "credentials"));
      const paths = await writeAll(folder, [...texts, ...edited]);
      const found: readonly (Profiles | null)[] = JSON.parse(
        await run(command, await args(folder), JSON.stringify(paths)),
      );
      let accepted = 0;
      for (const [index, text] of texts.entries()) {
        const before = found[index];
        if (before === null || before === undefined) {
          assert(index >= readable.length, `refused before anything was written: ${text}`);
          continue;
        }
        accepted++;
        assertEquals(found[texts.length + index], { ...before, ...written }, text);
      }
      assert(accepted >= readable.length + accepts, `only ${accepted} texts were accepted`);
    });
  });
}

/** Changes each file as `aws configure set` does: settings that are new or change, above the block and behind it. */
const configure = `
import json, sys
from awscli.customizations.configure.writer import ConfigFileWriter

for path in json.load(sys.stdin):
    writer = ConfigFileWriter()
    for section in ["default", "${lastSection}", "added"]:
        writer.update_config({"__section__": section, "aws_session_token": "cli"}, path)
        writer.update_config({"__section__": section, "aws_access_key_id": "AKIACLI"}, path)
`;

Deno.test("what the AWS CLI writes into a written file is in the user's part, and stays", async () => {
  await inFolder(async (folder) => {
    const some = readable.slice(0, 200);
    const edited = some.map((text) => addSections(text, sections, "credentials"));
    // The AWS CLI itself joins a new setting to a comment on a last line without end.
    const ended = some.map((text) => text.endsWith("\n") ? text : `${text}\n`);
    const paths = await writeAll(folder, [...ended, ...edited]);
    await run("python3", ["-c", configure], JSON.stringify(paths));
    const removed = paths.slice(some.length).map(async (path) =>
      removeSections(await Deno.readTextFile(path), "all", path) ?? ""
    );
    const restored = await writeAll(folder, await Promise.all(removed), "restored");
    const all = JSON.stringify([...paths, ...restored]);
    const found: readonly Profiles[] = JSON.parse(await run("python3", ["-c", botocore], all));
    for (const [index, text] of some.entries()) {
      const expected = found[index];
      assertEquals(expected?.added?.aws_session_token, "cli");
      assertEquals(found[some.length + index], { ...expected, ...written }, text);
      assertEquals(found[2 * some.length + index], expected, text);
    }
  });
});

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-peers-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function writeAll(
  folder: string,
  contents: readonly string[],
  prefix = "file",
): Promise<readonly string[]> {
  const paths = contents.map((_, index) => `${folder}/${prefix}-${index}`);
  for (const [index, path] of paths.entries()) {
    await Deno.writeTextFile(path, contents[index] ?? "");
  }
  return paths;
}

async function run(command: string, args: readonly string[], input: string): Promise<string> {
  const child = new Deno.Command(command, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout } = await output;
  assert(success, `${command} failed`);
  return new TextDecoder().decode(stdout);
}
