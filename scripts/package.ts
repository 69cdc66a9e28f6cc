/**
 * Makes what the channels take, of programs that `scripts/compile.ts` has compiled:
 *
 *     deno task package --binary dist/stsaval-x86_64-unknown-linux-gnu --out dist    the .deb and the .rpm
 *     deno task package --channels channels --out dist        for Homebrew, winget and others, of dist/SHA256SUMS
 *     deno task package --repository site --out dist          for apt and dnf, of the .deb and .rpm files in dist
 *
 * Packages need nfpm, such as `go install github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2` makes it; `--nfpm` names one
 * that is not in PATH. `packaging/nfpm.yaml` lists the content. The packages are reproducible per commit.
 *
 * @module
 */

import type { ParsedArguments } from "../src/cli/parse/arguments.ts";
import { parseArguments } from "../src/cli/parse/parse.ts";
import { UsageError } from "../src/errors.ts";
import { version } from "../src/version.ts";
import { runScript, type Script } from "./command_line.ts";
import { addSums } from "./compile/sums.ts";
import { targetOfProgram, targetsOf, targetTable } from "./compile/targets.ts";
import { writeChannels } from "./package/channels.ts";
import { writeDocuments } from "./package/documents.ts";
import { describeRelease } from "./package/release.ts";
import { makeRepository } from "./package/repository.ts";
import { output } from "./package/run.ts";

/** The command line of this script, parsed like those of stsaval. */
export const script: Script = {
  name: "package",
  program: "deno task package",
  summary: "Packages of a compiled program, and the files of all channels",
  options: [
    {
      name: "binary",
      value: "FILE",
      summary: "Make the .deb and the .rpm of this program for Linux",
    },
    { name: "channels", value: "DIR", summary: "Make the files of all channels in this folder" },
    { name: "repository", value: "DIR", summary: "Make repositories for apt and dnf here" },
    { name: "out", value: "DIR", summary: "The release: programs, packages, SHA256SUMS (dist)" },
    { name: "nfpm", value: "FILE", summary: "The program nfpm (nfpm)" },
    { name: "sign", value: "KEY", summary: "Sign the repositories with this key of gpg" },
  ],
};

/** What to make. */
export interface PackageOptions {
  /** The program to pack, and nfpm's name of its machine. */
  readonly binary?: string | undefined;
  readonly machine?: string | undefined;
  readonly channels?: string | undefined;
  readonly repository?: string | undefined;
  readonly out: string;
  readonly nfpm: string;
  readonly key?: string | undefined;
}

const formats = ["deb", "rpm"] as const;

/** nfpm's names for architectures. */
const machines = { x86_64: "amd64", aarch64: "arm64" } as const;

/**
 * Parses the command line.
 *
 * @throws {UsageError} if it says nothing to make, or names a program for an unknown target
 */
export function parsePackageOptions(words: readonly string[]): PackageOptions {
  return readOptions(parseArguments(script, words));
}

function readOptions(given: ParsedArguments): PackageOptions {
  const [binary, channels, repository] = ["binary", "channels", "repository"].map((name) =>
    given.text(name)
  );
  if (binary === undefined && channels === undefined && repository === undefined) {
    throw new UsageError(
      "Nothing to make: wanted --binary FILE, --channels DIR or --repository DIR",
    );
  }
  return {
    ...{ binary, machine: binary === undefined ? undefined : machineOf(binary) },
    ...{ channels, repository, key: given.text("sign") },
    out: given.text("out") ?? "dist",
    nfpm: given.text("nfpm") ?? "nfpm",
  };
}

function machineOf(binary: string): string {
  const linux = targetsOf("linux");
  const target = targetOfProgram(binary);
  if (target !== undefined && linux.includes(target)) return machines[targetTable[target].machine];
  throw new UsageError(
    `Cannot tell the architecture of "${binary}": wanted a name ending with ${linux.join(" or ")}`,
  );
}

/** Makes what the options say. */
export async function makeAll(options: PackageOptions): Promise<void> {
  const { binary, channels, repository, out, key } = options;
  if (binary !== undefined) await makePackages(options);
  if (channels !== undefined) {
    const release = describeRelease(await Deno.readTextFile(`${out}/SHA256SUMS`));
    for (const path of await writeChannels(channels, release)) console.log(path);
  }
  if (repository === undefined) return;
  const folders = await makeRepository({ packages: out, folder: repository, key });
  for (const folder of folders) console.log(folder);
}

/** Builds the packages and returns their names; adds their checksums to `SHA256SUMS`. */
export async function makePackages(options: PackageOptions): Promise<readonly string[]> {
  await Deno.mkdir(options.out, { recursive: true });
  const stage = await Deno.makeTempDir({ prefix: "stsaval-package-" });
  try {
    await writeDocuments(stage);
    const env = await environment(options, stage);
    const names: string[] = [];
    for (const format of formats) names.push(await runNfpm(options, format, env));
    await addSums(options.out, names);
    return names;
  } finally {
    await Deno.remove(stage, { recursive: true });
  }
}

async function environment(
  { binary = "", machine = "" }: PackageOptions,
  stage: string,
): Promise<Record<string, string>> {
  const time = await output(["git", "log", "-1", "--format=%ct"]);
  return {
    PACKAGE_ARCH: machine,
    PACKAGE_BINARY: binary,
    PACKAGE_STAGE: stage,
    PACKAGE_VERSION: version,
    SOURCE_DATE_EPOCH: time,
  };
}

/** The name of the package, as nfpm prints it. */
async function runNfpm(
  { nfpm, out }: PackageOptions,
  format: string,
  env: Record<string, string>,
): Promise<string> {
  const words = ["package", "--config", "packaging/nfpm.yaml", "--packager", format];
  const printed = await output([nfpm, ...words, "--target", `${out}/`], { env });
  const name = /([^/\s]+\.(?:deb|rpm))\s*$/.exec(printed)?.[1];
  if (name === undefined) {
    throw new Error(`Cannot find the package name in the output of nfpm: ${printed}`);
  }
  console.log(name);
  return name;
}

if (import.meta.main) {
  Deno.exit(await runScript(script, Deno.args, (given) => makeAll(readOptions(given))));
}
