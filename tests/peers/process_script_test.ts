/**
 * The script `stsaval-process` and the program over one matrix, in the shells that may run the script: what it answers is
 * what the program would, and in any doubt it asks the program.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { missingJsSdk } from "./js_sdk.ts";
import { kept, makeScriptHome, type ScriptHome, shells } from "./process_script_home.ts";
import { isInstalled, isRoot, runIn } from "./stsaval_process.ts";

/** One row: what is done to the home, and with what the script is called. */
interface Row {
  readonly change?: (home: ScriptHome) => Promise<unknown>;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A variable that is unset. */
  readonly unset?: string;
  readonly root?: boolean;
  /** True where the script answers by itself. */
  readonly hit?: boolean;
  /** What the program is asked; default: for the profile, to keep the answer. */
  readonly asked?: readonly string[];
}

const aws = ({ path }: ScriptHome, name: string) => `${path}/.aws/${name}`;
const file = ({ answers }: ScriptHome) => `${answers}/${kept}`;

/** Puts another text in the place of the answer. */
const write = (change: (answer: string) => string) => async (home: ScriptHome) =>
  await Deno.writeTextFile(file(home), change(await home.answer()), { mode: 0o600 });

/** Makes the configuration another one, of which the answer is not made, though it is the newer file. */
const outlive = (change: (home: ScriptHome) => Promise<unknown>) => async (home: ScriptHome) => {
  const answer = await home.answer();
  await change(home);
  await home.tick();
  await Deno.writeTextFile(file(home), answer, { mode: 0o600 });
};

/** Puts a copy in the place of a file: another file with the same text and times. */
const copy = (name: string) => async (home: ScriptHome) => {
  const { mtime } = await Deno.stat(aws(home, name));
  await Deno.copyFile(aws(home, name), `${home.path}/copy`);
  await Deno.utime(`${home.path}/copy`, mtime ?? 0, mtime ?? 0);
  await Deno.rename(`${home.path}/copy`, aws(home, name));
};

/** Puts a link in the place of a file of the configuration, and an answer that is newer than both. */
const link = (name: string, target: string) => async (home: ScriptHome) => {
  await Deno.rename(aws(home, name), `${home.path}/${name}`);
  await Deno.symlink(target, aws(home, name));
  await home.tick();
  await write((text) => text)(home);
};

/** The time of the last change of a file, in nanoseconds since 1970. */
async function changed(path: string): Promise<bigint> {
  const { stdout } = await new Deno.Command("stat", { args: ["-c", "%.9Z", path] }).output();
  return BigInt(new TextDecoder().decode(stdout).trim().replace(".", ""));
}

/** What is beside the script instead of the program, which is in PATH. */
const beside =
  (make: (path: string) => Promise<unknown>) => async ({ path, tools }: ScriptHome) => {
    await Deno.rename(`${path}/bin/stsaval`, `${tools}/stsaval`);
    await make(`${path}/bin/stsaval`);
    await Deno.remove(`${path}/.aws/stsaval/answers`, { recursive: true });
  };

/** A `stat` as it is where numbers have a decimal comma. */
const commaStat = `#!/bin/sh
PATH=\${PATH#*:}
[ "\${LC_ALL-}" != C ] || exec stat "$@"
stat "$@" | tr . ,
`;

const seconds = () => Math.floor(Date.now() / 1_000);

const rows: Readonly<Record<string, Row>> = {
  "a fresh answer": { hit: true },
  "a fresh answer, with variables that change nothing": {
    env: {
      AWS_PROFILE: "other",
      AWS_EC2_METADATA_DISABLED: "true",
      HTTPS_PROXY: "http://127.0.0.1:1",
    },
    hit: true,
  },
  "an empty variable": { env: { AWS_REGION: "", AWS_CONFIG_FILE: "" }, hit: true },
  "variables of the same names as the script's": {
    env: { stsaval_until: "9", stsaval_line: "x", stsaval_facts: "y", stsaval_more: "z", IFS: "0" },
    hit: true,
  },
  "a language with a decimal comma": {
    change: ({ tools }) => Deno.writeTextFile(`${tools}/stat`, commaStat, { mode: 0o755 }),
    hit: true,
  },
  "a language that the program is to have too": {
    env: { LC_ALL: "POSIX" },
    change: write((text) => text.replace(/^\d+/, String(seconds() - 1))),
  },
  "a printf that is a program, whose words others can read": {
    change: ({ tools }) => Deno.writeTextFile(`${tools}/printf`, "#!/bin/sh\n", { mode: 0o755 }),
    hit: true,
  },
  "an answer with a backslash, which echo may take for something else": {
    change: write((text) => text.replace('"SessionToken":"', "$&\\t")),
  },
  "a stale answer": { change: write((text) => text.replace(/^\d+/, String(seconds() - 1))) },
  "an answer that ends this second": {
    change: async (home) => {
      await write((text) => text.replace(/^\d+/, String(seconds())))(home);
      // The script takes the second from the kernel's clock for files, which may still show the one before.
      await home.tick();
    },
  },
  "an edited config file": {
    change: (home) => Deno.writeTextFile(aws(home, "config"), "\n", { append: true }),
  },
  "an edited credentials file": {
    change: (home) => Deno.writeTextFile(aws(home, "credentials"), "\n", { append: true }),
  },
  "a config file of the very time of the answer": {
    change: async (home) => {
      const { mtime } = await Deno.stat(file(home));
      await Deno.utime(aws(home, "config"), mtime ?? 0, mtime ?? 0);
    },
  },
  "an answer older than the config file, though later for who counts nanoseconds in 32 bits": {
    change: async (home) => {
      const config = await changed(aws(home, "config"));
      const older = config + 1_000_000n - 0x1_0000_0000n;
      await Deno.utime(file(home), Number(older) / 1e9, Number(older) / 1e9);
    },
  },
  "an edited config file that says it is old": {
    change: async (home) => {
      await Deno.writeTextFile(aws(home, "config"), "\n", { append: true });
      await Deno.utime(aws(home, "config"), 1, 1);
    },
  },
  "an older file in the place of the config file": {
    change: async (home) => {
      await Deno.writeTextFile(`${home.path}/older`, "[default]\n");
      await Deno.utime(`${home.path}/older`, 1, 1);
      await Deno.rename(`${home.path}/older`, aws(home, "config"));
    },
  },
  "a config file that is a link": { change: link("config", "../config") },
  "a credentials file that is a link": { change: link("credentials", "../credentials") },
  "a link to nothing in the place of the config file": { change: link("config", "nowhere") },
  "a link to nothing in the place of the credentials file": {
    change: link("credentials", "nowhere"),
  },
  "a config file that is a folder": {
    change: async (home) => {
      await Deno.remove(aws(home, "config"));
      await Deno.mkdir(aws(home, "config"));
    },
  },
  "a config file that was removed": { change: (home) => Deno.remove(aws(home, "config")) },
  "an answer of a time when there already was no config file": {
    change: async (home) => {
      await Deno.remove(aws(home, "config"));
      await home.tick();
      await write((text) => text)(home);
    },
    hit: true,
  },
  "another config file, older than the answer": { change: outlive(copy("config")) },
  "another credentials file, older than the answer": { change: outlive(copy("credentials")) },
  "a config file that was edited by a clock that was set back": {
    change: outlive((home) => Deno.writeTextFile(aws(home, "config"), "\n", { append: true })),
  },
  "a config file that was touched by a clock that was set back": {
    change: outlive((home) => Deno.utime(aws(home, "config"), 1, 1)),
  },
  "a credentials file that was touched by a clock that was set back": {
    change: outlive((home) => Deno.utime(aws(home, "credentials"), 1, 1)),
  },
  "a config file that was removed by a clock that was set back": {
    change: outlive((home) => Deno.remove(aws(home, "config"))),
  },
  "a config file that was made by a clock that was set back": {
    change: async (home) => {
      const text = await Deno.readTextFile(aws(home, "config"));
      await Deno.remove(aws(home, "config"));
      await outlive(() => Deno.writeTextFile(aws(home, "config"), text))(home);
    },
  },
  "the cache folder of another home": {
    change: outlive(async (home) => {
      const { path } = home;
      await Deno.rename(`${path}/.aws`, `${path}/other`);
      await Deno.mkdir(`${path}/.aws`);
      for (const name of ["config", "credentials"]) {
        await Deno.copyFile(`${path}/other/${name}`, aws(home, name));
      }
      await Deno.rename(`${path}/other/stsaval`, aws(home, "stsaval"));
      await Deno.remove(`${path}/other`, { recursive: true });
    }),
  },
  "an answer of the time when none said what it was made of": {
    change: write((text) => text.replace(/\n.*/, "")),
  },
  "an answer that says of one file alone what it was made of": {
    change: write((text) => text.replace(/(?<=\n.*) .*/, "")),
  },
  "a configuration that was written before 1970": {
    change: async (home) => {
      await Deno.utime(aws(home, "config"), -1.5, -1.5);
      await home.tick();
      await write((text) => text)(home);
    },
  },
  "a folder of the program's name beside the script": {
    change: beside((path) => Deno.mkdir(path)),
  },
  "a file of the program's name beside the script that is no program": {
    change: beside((path) => Deno.writeTextFile(path, "")),
  },
  "no program beside the script, but in PATH": { change: beside(() => Promise.resolve()) },
  "another region": { env: { AWS_REGION: "eu-west-1" } },
  "another default region": { env: { AWS_DEFAULT_REGION: "eu-west-1" } },
  "another endpoint": { env: { AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1" } },
  "another config file": { env: { AWS_CONFIG_FILE: "/dev/null" } },
  "another credentials file": { env: { AWS_SHARED_CREDENTIALS_FILE: "/dev/null" } },
  "keys in the environment": { env: { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE" } },
  "another cache folder": { env: { STSAVAL_CACHE_DIR: "/tmp/none" } },
  "a code in the environment": { env: { STSAVAL_MFA_CODE: "123456" } },
  "no home folder": { unset: "HOME" },
  "an empty home folder": { env: { HOME: "" } },
  "a relative home folder": { env: { HOME: "." } },
  "another home folder": { env: { HOME: "/nonexistent" } },
  "a name with a slash": { words: ["team/dev"] },
  "a name with a quote": { words: ["it's"] },
  "a name with a newline": { words: [`${kept}\n`] },
  "a name with a blank": { words: ["a b"] },
  "a name with a star": { words: ["*"] },
  "a name in other letters": { words: ["größe"] },
  "a folder up": { words: [".."] },
  "a way out": { words: [`../answers/${kept}`] },
  "a name with a comma": { words: ["a,b"] },
  "a name with a dollar": { words: ["$HOME"] },
  "a name that is empty": { words: [""] },
  "a name that is too long": { words: ["a".repeat(300)] },
  "a hidden file's name, and such a file": {
    change: (home) => Deno.copyFile(file(home), `${home.answers}/.dev`),
    words: [".dev"],
  },
  "a name with a blank, and such a file": {
    change: (home) => Deno.copyFile(file(home), `${home.answers}/a b`),
    words: ["a b"],
  },
  "a name in other letters, and such a file": {
    change: (home) => Deno.copyFile(file(home), `${home.answers}/größe`),
    words: ["größe"],
  },
  "another profile": { words: ["dev"] },
  "no word": { words: [], asked: [] },
  "an option": { words: ["--help"], asked: ["--help"] },
  "two words": { words: [kept, "--verbose"], asked: [kept, "--verbose"] },
  "an option and the end of options": { words: ["--", kept], asked: ["--", kept] },
  "an answer of another owner": {
    change: (home) => Deno.chown(file(home), 12345, null),
    root: true,
  },
  "a folder of another owner": {
    change: (home) => Deno.chown(home.answers, 12345, null),
    root: true,
  },
  "a cache folder of another owner": {
    change: (home) => Deno.chown(aws(home, "stsaval"), 12345, null),
    root: true,
  },
  "an answer that others can read": { change: (home) => Deno.chmod(file(home), 0o640) },
  "an answer that others can write": { change: (home) => Deno.chmod(file(home), 0o602) },
  "an answer that can be run": { change: (home) => Deno.chmod(file(home), 0o700) },
  "an answer that nobody can write": { change: (home) => Deno.chmod(file(home), 0o400), hit: true },
  "a folder that others can write": { change: (home) => Deno.chmod(home.answers, 0o770) },
  "a folder that others can enter": { change: (home) => Deno.chmod(home.answers, 0o711) },
  "a cache folder that others can enter": {
    change: (home) => Deno.chmod(aws(home, "stsaval"), 0o755),
  },
  "a folder that gives files its group": {
    change: (home) => Deno.chmod(home.answers, 0o2700),
    hit: true,
  },
  "an answer that is a link": {
    change: async (home) => {
      await Deno.rename(file(home), `${home.path}/answer`);
      await Deno.symlink(`${home.path}/answer`, file(home));
    },
  },
  "an answer that is a folder": {
    change: async (home) => {
      await Deno.remove(file(home));
      await Deno.mkdir(file(home), { mode: 0o600 });
    },
  },
  "a folder that is a link": {
    change: async (home) => {
      await Deno.rename(home.answers, `${home.path}/answers`);
      await Deno.symlink(`${home.path}/answers`, home.answers);
    },
  },
  "no answer": { change: (home) => Deno.remove(file(home)) },
  "no folder": { change: (home) => Deno.remove(home.answers, { recursive: true }) },
  "an empty answer": { change: write(() => "") },
  "half an answer": { change: write((text) => text.slice(0, text.length / 2)) },
  "half an answer that ends a line": { change: write((text) => `${text.slice(0, 100)}\n`) },
  "an answer without its end": { change: write((text) => text.trimEnd()) },
  "an answer with more behind it": { change: write((text) => `${text}more`) },
  "an answer with a line more": { change: write((text) => `${text}\n`) },
  "an answer without its second": { change: write((text) => text.replace(/^\d+\n/, "")) },
  "a second that is none": { change: write((text) => text.replace(/^\d+/, "1e9")) },
  "a second that is empty": { change: write((text) => text.replace(/^\d+/, "")) },
  "a second with a sign": { change: write((text) => `-${text}`) },
  "a second beyond all numbers": { change: write((text) => text.replace(/^\d+/, "9".repeat(30))) },
  "an answer that is no JSON": { change: write((text) => text.replace(/\n\{.*/, "\nhello")) },
  "an answer of the long-term keys": {
    change: write((text) => text.replace(/,"SessionToken".*\}/, "}")),
  },
  "a clock that was set back": {
    change: async (home) => {
      const later = seconds() + 3_600;
      await Deno.utime(file(home), later, later);
    },
  },
};

const root = await isRoot();

/** Tries one row; `plain` is what the program prints. */
async function tryRow(
  home: ScriptHome,
  shell: readonly string[],
  [name, row]: readonly [string, Row],
  plain: string,
): Promise<void> {
  await home.restore();
  await row.change?.(home);
  const { words = [kept], asked = ["--profile", ...words] } = row;
  const line = row.unset === undefined ? shell : ["env", "-u", row.unset, ...shell];
  const { code, stdout, stderr } = await home.script(line, words, row.env);
  if (row.hit) {
    assertEquals([name, code, stderr], [name, 0, ""]);
    assertEquals(JSON.parse(stdout), JSON.parse(plain));
    return assertMatch(stdout, /^\{"Version":1,.*\}\n$/);
  }
  const given = asked[0] === "--profile"
    ? ["process", ...asked, "--keep-answer"]
    : ["process", "--keep-answer", ...asked];
  if (row.env?.LC_ALL !== undefined) given.push(`LC_ALL=${row.env.LC_ALL}`);
  const wanted = `asked:\n${given.map((word) => `${word}\n`).join("")}`;
  assertEquals([name, code, stderr, stdout], [name, 7, "", wanted]);
}

for (const shell of shells) {
  const missing = !await isInstalled(shell[0]);
  Deno.test({
    name: `stsaval-process in ${shell.join(" ")} answers as the program does, or asks it` +
      (missing ? `, skipped: ${shell[0]} is not installed` : ""),
    ignore: missing,
    async fn() {
      await using home = await makeScriptHome();
      const { stdout } = await home.program(["process", "--profile", kept]);
      for (const row of Object.entries(rows)) {
        if (row[1].root && !root) continue;
        await tryRow(home, shell, row, stdout);
      }
    },
  });
}

Deno.test("where stsaval is found nowhere, the script says where it looked and what helps, in any shell", async () => {
  await using home = await makeScriptHome();
  await Deno.remove(`${home.path}/bin/stsaval`);
  await Deno.remove(file(home));
  for (const [shell, ...more] of shells) {
    if (!await isInstalled(shell)) continue;
    const found = (await runIn(homeOf(home), ["sh", "-c", `command -v ${shell}`])).stdout.trim();
    const nowhere = { PATH: home.tools };
    const tell = "no such program in";
    const hint = "hint: install stsaval beside this script, or put its folder on PATH\n";
    for (
      const [script, where] of [
        [`${home.path}/bin/stsaval-process`, `${home.path}/bin/ or PATH`],
        ["stsaval-process", "PATH"],
      ] as const
    ) {
      const folder = { path: `${home.path}/bin`, env: homeOf(home).env };
      const { code, stdout, stderr } = await runIn(folder, [found, ...more, script, kept], {
        env: nowhere,
      });
      const message = `stsaval-process: Cannot find "stsaval": ${tell} ${where}\n${hint}`;
      assertEquals([shell, code, stdout, stderr], [shell, 127, "", message]);
    }
  }
});

const locale = "de_DE.UTF-8";

/** Makes the locale in the folder; why that cannot be, where it cannot. */
async function missingLocale(folder: string): Promise<string | undefined> {
  try {
    const args = ["-i", "de_DE", "-f", "UTF-8", `${folder}/${locale}`];
    const { success } = await new Deno.Command("localedef", { args, stderr: "null" }).output();
    return success ? undefined : `localedef makes no ${locale}`;
  } catch {
    return "localedef is not installed";
  }
}

const locales = await Deno.makeTempDir({ prefix: "stsaval-locales-" });
const noLocale = await missingLocale(locales);

Deno.test({
  name: "a program of the system with a decimal comma does not keep the script from its answer" +
    (noLocale === undefined ? "" : `, skipped: ${noLocale}`),
  ignore: noLocale !== undefined,
  async fn() {
    await using home = await makeScriptHome();
    const env = { LOCPATH: locales, LC_ALL: locale };
    const printed = await runIn(homeOf(home), ["stat", "-c", "%.9Y", home.path], { env });
    assertMatch(printed.stdout, /^\d+,\d{9}\n$/);
    for (const shell of shells) {
      if (!await isInstalled(shell[0])) continue;
      const { code, stdout, stderr } = await home.script(shell, [kept], env);
      assertEquals([shell, code, stderr], [shell, 0, ""]);
      assertMatch(stdout, /^\{"Version":1,.*\}\n$/);
    }
  },
});

globalThis.addEventListener("unload", () => Deno.removeSync(locales, { recursive: true }));

const botocore = `
import botocore.session
found = botocore.session.Session().get_credentials().get_frozen_credentials()
print(found.access_key, found.secret_key, found.token)`;

const javascript = `
const { fromIni } = require("@aws-sdk/credential-provider-ini");
fromIni()().then(({ accessKeyId, secretAccessKey, sessionToken }) =>
  console.log(accessKeyId, secretAccessKey, sessionToken));`;

/** Clients, each with what starts it. */
const clients: Readonly<Record<string, readonly [string, ...string[]]>> = {
  botocore: ["python3", "-c", botocore],
  "the SDK for JavaScript": ["node", "-e", javascript],
};
const noJsSdk = await missingJsSdk();

for (const [client, words] of Object.entries(clients)) {
  const missing = client === "botocore" ? undefined : noJsSdk;
  Deno.test({
    name: `${client} takes what the script answers, with AWS_PROFILE in its environment` +
      (missing === undefined ? "" : ` (left out: ${missing})`),
    ignore: missing !== undefined,
    async fn() {
      await using home = await makeScriptHome();
      const line = `credential_process = ${home.path}/bin/stsaval-process ${kept}`;
      const profile = `\n[profile sdk]\nregion = us-east-1\n${line}\n`;
      await Deno.writeTextFile(aws(home, "config"), profile, { append: true });
      const { stdout } = await home.program(["process", "--profile", kept, "--keep-answer"]);
      const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(stdout);
      // The program beside the script fails, so that the answer is the script's own.
      const env = {
        ...{ AWS_PROFILE: "sdk", AWS_SDK_LOAD_CONFIG: "1", NODE_NO_WARNINGS: "1" },
        NODE_PATH: Deno.env.get("NODE_PATH") ?? "",
      };
      const found = await runIn(homeOf(home), words, { env });
      assertEquals([found.stdout, found.stderr], [
        ...[`${AccessKeyId} ${SecretAccessKey} ${SessionToken}\n`, ""],
      ]);
    },
  });
}

function homeOf({ path }: ScriptHome) {
  return { path, env: { HOME: path, PATH: Deno.env.get("PATH") ?? "" } };
}
