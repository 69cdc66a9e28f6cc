/**
 * `install.sh` against a release on this machine, in the shells that may read it.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { formatProcessScript } from "../../src/cli/answers/script.ts";
import { isInstalled } from "../peers/stsaval_process.ts";
import { installed, linkTools, Machine, script } from "./machine.ts";
import { type Release, standIn } from "./release_server.ts";

for (const shell of ["sh", "dash", "bash", "zsh"]) {
  const missing = !await isInstalled(shell);
  Deno.test({
    name: `install.sh installs and uninstalls in ${shell}` +
      (missing ? `, skipped: ${shell} is not installed` : ""),
    ignore: missing,
    async fn() {
      await using machine = await Machine.start({ shell });
      const { code, stdout, stderr } = await machine.run();
      assertEquals([code, stderr], [0, ""]);
      assertMatch(
        stdout,
        /Installed stsaval 9\.9\.9 to .*\.local\/bin\/stsaval\n.* not in your PATH/,
      );
      assertEquals(machine.files(), installed);
      const man = await Deno.readTextFile(`${machine.home}/.local/share/man/man1/stsaval.1`);
      assertEquals(man, "the man page\n");
      assertEquals((await Deno.stat(`${machine.home}/.local/bin/stsaval`)).mode, 0o100755);
      assertEquals(machine.release.asked[0], "/releases/latest/download/SHA256SUMS");
      assertEquals((await machine.run(["--uninstall"])).code, 0);
      assertEquals(machine.files(), []);
    },
  });
}

Deno.test("install.sh takes another folder and another version", async () => {
  await using machine = await Machine.start();
  const { code, stdout } = await machine.run(["--prefix", "tools here", "--version=1.2.3"]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, `Installed stsaval 9.9.9 to ${machine.home}/tools here/bin/stsaval`);
  assertEquals(machine.files("tools here"), installed);
  assertMatch(machine.release.asked[1] ?? "", /^\/releases\/download\/v1\.2\.3\/stsaval-/);
});

Deno.test("install.sh downloads with wget where there is no curl", async () => {
  await using machine = await Machine.start();
  await linkTools(machine.home, "wget");
  const { code, stderr } = await machine.run([], { path: "/nowhere" });
  assertEquals([code, stderr], [0, ""]);
  assertEquals(machine.files(), installed);
});

/** What a Mac says of itself; a terminal that Rosetta translates speaks of Intel. */
const macs = [
  { name: "with Apple's processor", machine: "arm64", hasArm: "echo 1", wanted: "aarch64" },
  { name: "with Intel's", machine: "x86_64", hasArm: "exit 1", wanted: "x86_64" },
  { name: "whose terminal is translated", machine: "x86_64", hasArm: "echo 1", wanted: "aarch64" },
];

for (const { name, machine: answer, hasArm, wanted } of macs) {
  Deno.test(`install.sh installs the program of a Mac ${name}, whose sums shasum makes`, async () => {
    await using machine = await Machine.start({
      programs: {
        uname: `case $1 in -s) echo Darwin ;; *) echo ${answer} ;; esac`,
        sysctl: hasArm,
        // A Mac has no glibc to ask for.
        ...{ getconf: "exit 1", ldd: "exit 1" },
        shasum: 'shift 2; exec "$HOME/programs/sum"',
      },
    });
    await linkTools(machine.home, "curl");
    await Deno.rename(`${machine.home}/programs/sha256sum`, `${machine.home}/programs/sum`);
    const { code, stderr } = await machine.run([], { path: "/nowhere" });
    assertEquals([code, stderr], [0, ""]);
    assertEquals(machine.files(), installed);
    assertMatch(machine.release.asked[1] ?? "", new RegExp(`/stsaval-${wanted}-apple-darwin$`));
  });
}

Deno.test("install.sh replaces an older program, and leaves it where the new one is not right", async () => {
  await using machine = await Machine.start();
  await machine.run();
  const program = `${machine.home}/.local/bin/stsaval`;
  machine.release.files.set("SHA256SUMS", "");
  await Deno.writeTextFile(program, "the older one");
  assertEquals((await machine.run()).code, 1);
  assertEquals(await Deno.readTextFile(program), "the older one");
  assertEquals(machine.files(), installed);
});

/** Stands in for GitHub's gh, signed in. */
const gh = (verdict: string) =>
  `case "$1 $2" in "auth status" | "attestation --help") ;; "attestation verify") echo "$@" >>"$HOME/asked"; ${verdict} ;; esac`;

Deno.test("install.sh checks the attestation where gh is signed in", async () => {
  await using machine = await Machine.start({ programs: { gh: gh("exit 0") } });
  const { code, stdout } = await machine.run();
  assertEquals(code, 0);
  assertStringIncludes(stdout, "The attestation is valid: x/stsaval built this program\n");
  const asked = await Deno.readTextFile(`${machine.home}/asked`);
  assertMatch(asked, /^attestation verify \S+\/stsaval --repo x\/stsaval\n$/);
});

Deno.test("install.sh says what SHA256SUMS does not prove where the attestation cannot be checked", async () => {
  for (const programs of [{ gh: "exit 1" }, { gh: '[ "$1" = auth ]' }]) {
    await using machine = await Machine.start({ programs });
    const { code, stdout } = await machine.run();
    assertEquals(code, 0);
    assertMatch(stdout, /proves that the download is intact, not who built it/);
    assertMatch(stdout, /gh attestation verify \S+\/bin\/stsaval --repo x\/stsaval/);
  }
});

/** What goes wrong, and what is said of it; nothing is installed then. */
const refusals: readonly {
  readonly name: string;
  readonly words?: readonly string[];
  readonly programs?: Readonly<Record<string, string>>;
  readonly program?: string;
  readonly change?: (release: Release) => void;
  readonly env?: Readonly<Record<string, string>>;
  readonly said: RegExp;
}[] = [
  {
    name: "a program with another checksum",
    change: ({ files }) => {
      for (const name of files.keys()) if (name !== "SHA256SUMS") files.set(name, "#!/bin/sh\n");
    },
    said:
      /the download does not match the release: its SHA-256 is [0-9a-f]{64}, wanted [0-9a-f]{64}; nothing/,
  },
  {
    name: "a program without a valid attestation",
    programs: { gh: gh("echo no attestation found >&2; exit 1") },
    said: /no attestation found\n.*no valid attestation of x\/stsaval; nothing was installed/,
  },
  {
    name: "checksums that do not name the program",
    change: ({ files }) => void files.set("SHA256SUMS", `${"0".repeat(64)}  something-else\n`),
    said: /SHA256SUMS has no line for stsaval-/,
  },
  {
    name: "a release without checksums",
    change: ({ files }) => void files.delete("SHA256SUMS"),
    said: /cannot download http.*\/SHA256SUMS; nothing was installed/,
  },
  {
    name: "a program that does not run",
    program: "#!/bin/sh\nexit 1\n",
    said: /the program does not run on this machine; nothing was installed/,
  },
  {
    name: "a glibc that is too old",
    programs: { getconf: "echo glibc 2.26" },
    said: /this system has glibc 2\.26, and the program needs 2\.27 or newer\nhint: RHEL 8/,
  },
  {
    name: "an old glibc that only ldd tells",
    programs: { getconf: "exit 1", ldd: "echo 'ldd (GNU libc) 2.17'" },
    said: /this system has glibc 2\.17,/,
  },
  {
    name: "musl",
    programs: { getconf: "exit 1", ldd: "echo 'musl libc (x86_64)' >&2; exit 1" },
    said: /this system has musl, and the program needs glibc 2\.27 or newer/,
  },
  {
    name: "a libc that cannot be told",
    programs: { getconf: "exit 1", ldd: "exit 1" },
    said: /cannot tell which glibc this system has/,
  },
  {
    name: "another machine",
    programs: { uname: "case $1 in -s) echo Linux ;; *) echo riscv64 ;; esac" },
    said: /no program for the architecture "riscv64", only for x86_64 and aarch64/,
  },
  {
    name: "another system",
    programs: { uname: "case $1 in -s) echo FreeBSD ;; *) echo amd64 ;; esac" },
    said:
      /there is no program for FreeBSD, only for Linux and macOS\nhint: on Windows, install.ps1/,
  },
  {
    name: "an address without encryption",
    env: { STSAVAL_DOWNLOAD_URL: "http://192.0.2.1/releases" },
    said:
      /cannot download from "http:\/\/192\.0\.2\.1\/releases": wanted a URL that begins with https/,
  },
  {
    name: "an address that only looks like this machine",
    env: { STSAVAL_DOWNLOAD_URL: "http://127.0.0.1:80@192.0.2.1/releases" },
    said: /it names a user/,
  },
  { name: "an unknown option", words: ["--nothing"], said: /unknown option "--nothing"/ },
  { name: "an option without its value", words: ["--prefix"], said: /--prefix needs a value/ },
  {
    name: "a version that is none",
    words: ["--version", "../1"],
    said: /cannot install version "\.\.\/1"/,
  },
  { name: "no home", env: { HOME: "" }, said: /no folder to install to: HOME is not set/ },
  {
    name: "to uninstall what is not there",
    words: ["--uninstall"],
    said: /there is no ".*\/bin\/stsaval"/,
  },
];

for (const { name, words, programs, program, change, env, said } of refusals) {
  Deno.test(`install.sh refuses ${name}, and installs nothing`, async () => {
    await using machine = await Machine.start({
      ...(programs === undefined ? {} : { programs }),
      ...(program === undefined ? {} : { program }),
    });
    change?.(machine.release);
    const { code, stderr } = await machine.run(words, env === undefined ? {} : { env });
    assertEquals(code, 1);
    assertMatch(stderr, said);
    assertEquals(machine.files(), []);
  });
}

// Root may write everywhere, so it switches to another user first.
const isRoot = Deno.uid() === 0;
const cannotBecomeOther = isRoot && !await isInstalled("setpriv");
Deno.test({
  name: "install.sh says where it may not write" +
    (cannotBecomeOther ? ", skipped: root needs setpriv to switch to another user" : ""),
  ignore: cannotBecomeOther,
  async fn() {
    await using machine = await Machine.start();
    const before = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
    await Deno.mkdir(`${machine.home}/theirs/bin`, { recursive: true });
    for (const folder of ["theirs/bin", "theirs"]) {
      await Deno.chmod(`${machine.home}/${folder}`, 0o555);
    }
    const there = await machine.run(["--prefix", `${machine.home}/theirs`], { before });
    assertEquals(there.code, 1);
    assertMatch(there.stderr, /cannot write to the folder ".*theirs\/bin"\nhint: choose another/);
    const below = await machine.run(["--prefix", `${machine.home}/theirs/new`], { before });
    assertMatch(
      below.stderr,
      /cannot create the folder ".*theirs\/new\/bin"\nhint: choose another/,
    );
    assertEquals(machine.files("theirs"), []);
    for (const folder of ["theirs/bin", "theirs"]) {
      await Deno.chmod(`${machine.home}/${folder}`, 0o755);
    }
  },
});

Deno.test("install.sh installs a script that is to be run, and none with a program that knows none", async () => {
  await using machine = await Machine.start();
  await machine.run();
  const path = `${machine.home}/.local/bin/stsaval-process`;
  assertEquals((await Deno.stat(path)).mode, 0o100755);
  assertEquals(await Deno.readTextFile(path), "the script\n");
  const older = standIn.replace(/.*process-script.*\n/, "");
  await using other = await Machine.start({ program: older });
  await Deno.mkdir(`${other.home}/.local/bin`, { recursive: true });
  await Deno.writeTextFile(`${other.home}/.local/bin/stsaval-process`, "of a newer version");
  const { code, stderr } = await other.run();
  assertEquals([code, stderr], [0, ""]);
  assertEquals(other.files(), installed.filter((name) => name !== "bin/stsaval-process"));
});

const noShellcheck = !await isInstalled("shellcheck");
Deno.test({
  name: "install.sh and stsaval-process are what shellcheck wants of scripts for sh" +
    (noShellcheck ? ", skipped: shellcheck is not installed" : ""),
  ignore: noShellcheck,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "stsaval-script-" });
    await Deno.writeTextFile(`${folder}/stsaval-process`, formatProcessScript());
    const args = [script, `${folder}/stsaval-process`];
    const { code, stdout } = await new Deno.Command("shellcheck", { args }).output();
    await Deno.remove(folder, { recursive: true });
    assertEquals([code, new TextDecoder().decode(stdout)], [0, ""]);
  },
});
