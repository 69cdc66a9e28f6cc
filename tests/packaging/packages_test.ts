/**
 * The .deb and the .rpm: made, looked into, installed, run and removed again. `STSAVAL_BINARY` names the program that
 * is packed, as `scripts/compile.ts` has made it; without it, a stand-in is. `NFPM` names nfpm where it is not in PATH.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makePackages, parsePackageOptions } from "../../scripts/package.ts";
import { commands as directory } from "../../src/cli/commands.ts";
import { completionShells, formatCompletion } from "../../src/cli/help/completion/completion.ts";
import { formatProcessScript } from "../../src/cli/answers/script.ts";
import { version } from "../../src/version.ts";
import { isInstalled } from "../peers/stsaval_process.ts";

const nfpm = Deno.env.get("NFPM") ?? "nfpm";
const binary = Deno.env.get("STSAVAL_BINARY");
const isRoot = Deno.uid() === 0;
const commands = await directory.all();

/** The programs that a test needs, and what is said where one is missing. */
async function lacking(programs: readonly string[], root = false): Promise<string | undefined> {
  for (const program of programs) {
    if (!await isInstalled(program)) return `, skipped: ${program} is not installed`;
  }
  return root && !isRoot ? ", skipped: only root can do that" : undefined;
}

/** What one check of the packages needs and does. */
interface Check {
  readonly name: string;
  readonly programs: readonly string[];
  readonly root?: boolean;
  fn(folder: string, deb: string, rpm: string): Promise<void>;
}

async function optionsFor(folder: string) {
  const standIn = `${folder}/stsaval-x86_64-unknown-linux-gnu`;
  if (binary === undefined) {
    await Deno.writeTextFile(standIn, `#!/bin/sh\necho stsaval ${version}\n`, { mode: 0o755 });
  }
  return parsePackageOptions(["--binary", binary ?? standIn, "--out", folder, "--nfpm", nfpm]);
}

async function run(program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`${program} ${args.join(" ")}: ${decoder.decode(stderr)}`);
}

const shared = [
  "/usr/bin/stsaval",
  "/usr/bin/stsaval-process",
  "/usr/lib/systemd/user/stsaval-serve@.service",
  "/usr/lib/systemd/user/stsaval-watch@.path",
  "/usr/lib/systemd/user/stsaval-watch@.service",
  "/usr/share/bash-completion/completions/stsaval",
  "/usr/share/fish/vendor_completions.d/stsaval.fish",
  "/usr/share/man/man1/stsaval.1.gz",
];

/** The release that apt takes packages of here, and where it is, if apt says so in a way that others understand. */
async function release(): Promise<readonly string[]> {
  const targets = await run("apt-get", "indextargets", "--format", "$(CODENAME) $(SITE)");
  const [first = "", ...others] = targets.split("\n").filter((line) => /^\w+ /.test(line));
  const plain = [first, ...others].find((line) => / https?:/.test(line));
  return plain?.split(" ") ?? [first.replace(/ .*/, "")];
}

/** The files below a root folder, but for what the package manager keeps for itself. */
async function filesBelow(root: string): Promise<string[]> {
  const list = await run("find", root, "-xdev", "-printf", "/%P\n");
  return list.split("\n").filter((path) => !/^\/(var\/(lib\/dpkg|log|cache)|proc)\//.test(path))
    .sort();
}

const checks: readonly Check[] = [
  {
    name: "the packages have their sums, and are the same when made again",
    programs: ["sha256sum"],
    async fn(folder, deb, rpm) {
      const sums = await Deno.readTextFile(`${folder}/SHA256SUMS`);
      await run("sh", "-c", `cd '${folder}' && sha256sum --check --strict SHA256SUMS`);
      for (const path of [deb, rpm]) assertStringIncludes(sums, `  ${path.replace(/^.*\//, "")}\n`);
      await makePackages(await optionsFor(folder));
      assertEquals(await Deno.readTextFile(`${folder}/SHA256SUMS`), sums);
    },
  },
  {
    name: "the .deb holds program, script, man page, completions, unit and licence",
    programs: ["dpkg-deb"],
    async fn(_folder, deb) {
      const rows = (await run("dpkg-deb", "--contents", deb)).trim().split("\n");
      const files = rows.filter((row) => !row.startsWith("d")).map((row) => row.split(/\s+/));
      assertEquals(files.map(([, owner]) => owner).filter((owner) => owner !== "root/root"), []);
      assertEquals(
        files.map((columns) => columns[5]?.slice(1)).sort(),
        [
          ...shared,
          "/usr/share/doc/stsaval/copyright",
          "/usr/share/zsh/vendor-completions/_stsaval",
        ].sort(),
      );
      const executable = files.filter(([mode]) => mode?.includes("x")).map((columns) => columns[5]);
      assertEquals(executable.sort(), ["./usr/bin/stsaval", "./usr/bin/stsaval-process"]);
      const control = await run("dpkg-deb", "--field", deb);
      assertStringIncludes(control, `Version: ${version}-1\nSection: admin`);
      assertStringIncludes(control, "Depends: libc6 (>= 2.27), libgcc-s1 | libgcc1\n");
      assertEquals(
        await run("dpkg-deb", "--ctrl-tarfile", deb).then((tar) => /inst|rm\0/.test(tar)),
        false,
      );
    },
  },
  {
    name: "the .rpm holds the same, in the places of its family",
    programs: ["rpm"],
    async fn(_folder, _deb, rpm) {
      const files = (await run("rpm", "-qp", "--list", rpm)).trim().split("\n");
      assertEquals(
        files.sort(),
        [
          ...shared,
          "/usr/share/licenses/stsaval",
          "/usr/share/licenses/stsaval/LICENSE",
          "/usr/share/zsh/site-functions/_stsaval",
        ].sort(),
      );
      const requires = (await run("rpm", "-qp", "--requires", rpm)).trim().split("\n");
      assertEquals(requires.filter((line) => !line.startsWith("rpmlib(")), [
        "glibc >= 2.27",
        "libgcc",
      ]);
      assertEquals((await run("rpm", "-qp", "--scripts", rpm)).trim(), "");
      assertMatch(
        await run("rpm", "-qp", "--queryformat", "%{LICENSE} %{BUILDHOST}", rpm),
        /^MIT localhost$/,
      );
    },
  },
  {
    name: "the .deb installs, runs and is removed in a system of its own",
    programs: ["debootstrap", "chroot", "unshare", "apt-get"],
    root: true,
    async fn(folder, deb) {
      const root = `${folder}/system`;
      const [codename = "", ...sites] = await release();
      await run("debootstrap", "--variant=minbase", codename, root, ...sites);
      await Deno.copyFile(deb, `${root}/stsaval.deb`);
      // A compiled program finds itself through /proc, which lives only in this namespace and ends with it.
      const inside = (...words: string[]) =>
        run(
          "unshare",
          "--mount",
          "--",
          "sh",
          "-c",
          'mount -t proc proc "$1/proc"; exec chroot "$@"',
          "sh",
          root,
          ...words,
        );
      const before = await filesBelow(root);
      await inside("dpkg", "--install", "/stsaval.deb");
      assertStringIncludes(await inside("stsaval", "--version"), `stsaval ${version}`);
      if (binary !== undefined) {
        assertStringIncludes(await inside("stsaval", "help", "creds"), "stsaval creds [OPTIONS]");
      }
      assertEquals(await inside("dpkg", "--verify", "stsaval"), "");
      for (const shell of completionShells) {
        const path = shared.find((file) =>
          /complet/.test(file) && file.endsWith(`/${shell.fileName}`)
        );
        if (path === undefined) continue;
        assertEquals(await Deno.readTextFile(root + path), formatCompletion(shell, commands));
      }
      const script = `${root}/usr/bin/stsaval-process`;
      assertEquals(await Deno.readTextFile(script), formatProcessScript());
      await inside("dpkg", "--purge", "stsaval");
      assertEquals(await filesBelow(root), before);
    },
  },
  {
    name: "the .rpm installs, runs and is removed below a root folder",
    programs: ["rpm"],
    root: true,
    async fn(folder, _deb, rpm) {
      const root = `${folder}/root`;
      await Deno.mkdir(root);
      await run("rpm", "--root", root, "--initdb");
      // Nothing else is there, glibc included.
      await run("rpm", "--root", root, "--install", "--nodeps", rpm);
      assertEquals(await run(`${root}/usr/bin/stsaval`, "--version"), `stsaval ${version}\n`);
      assertEquals(await run("rpm", "--root", root, "--verify", "--nodeps", "stsaval"), "");
      const script = `${root}/usr/bin/stsaval-process`;
      assertEquals(await Deno.readTextFile(script), formatProcessScript());
      await run("rpm", "--root", root, "--erase", "stsaval");
      const left = (await filesBelow(root)).filter((path) => path.includes("stsaval"));
      assertEquals(left, []);
    },
  },
];

const noNfpm = await lacking([nfpm]);
Deno.test({
  name: `the packages of ${binary === undefined ? "a stand-in" : "the program"}${noNfpm ?? ""}`,
  ignore: noNfpm !== undefined,
  async fn(test) {
    const folder = await Deno.makeTempDir({ prefix: "stsaval-packages-" });
    const [deb = "", rpm = ""] = await makePackages(await optionsFor(folder));
    for (const { name, programs, root, fn } of checks) {
      const missing = await lacking(programs, root);
      await test.step({
        name: `${name}${missing ?? ""}`,
        ignore: missing !== undefined,
        fn: () => fn(folder, `${folder}/${deb}`, `${folder}/${rpm}`),
      });
    }
    await Deno.remove(folder, { recursive: true });
  },
});
