/**
 * Builds the .deb and the .rpm of a program that `scripts/compile.ts` has compiled, in the same folder:
 *
 *     deno task package --binary dist/stsaval-x86_64-unknown-linux-gnu --out dist
 *
 * Needs nfpm, such as `go install github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2` makes it; `--nfpm` names one that is
 * not in PATH. `packaging/nfpm.yaml` lists the content. The packages are reproducible per commit.
 *
 * @module
 */

import type { ParsedArguments } from "../src/cli/parse/arguments.ts";
import { parseArguments } from "../src/cli/parse/parse.ts";
import { UsageError } from "../src/errors.ts";
import { version } from "../src/version.ts";
import { runScript, type Script } from "./command_line.ts";
import { type Target, targets } from "./compile/arguments.ts";
import { writeDocuments } from "./package/documents.ts";
import { addSums } from "./compile/sums.ts";

/** The command line of this script, parsed like those of stsaval. */
export const script: Script = {
  name: "package",
  program: "deno task package",
  summary: "The .deb and the .rpm of a compiled program",
  options: [
    { name: "binary", value: "FILE", summary: "The program; its name ends with its target" },
    { name: "out", value: "DIR", summary: "Where the packages and SHA256SUMS go (dist)" },
    { name: "nfpm", value: "FILE", summary: "The program nfpm (nfpm)" },
  ],
};

/** What to package. */
export interface PackageOptions {
  readonly binary: string;
  readonly target: Target;
  readonly out: string;
  readonly nfpm: string;
}

const formats = ["deb", "rpm"] as const;

/** nfpm's names for architectures. */
const machines: Readonly<Record<Target, string>> = {
  "x86_64-unknown-linux-gnu": "amd64",
  "aarch64-unknown-linux-gnu": "arm64",
};

/**
 * Parses the command line.
 *
 * @throws {UsageError} if no program is given, or one for an unknown target
 */
export function parsePackageOptions(words: readonly string[]): PackageOptions {
  return readOptions(parseArguments(script, words));
}

function readOptions(given: ParsedArguments): PackageOptions {
  const binary = given.text("binary");
  if (binary === undefined) throw new UsageError("No program given: wanted --binary FILE");
  const target = targets.find((one) => binary.endsWith(one));
  if (target === undefined) {
    throw new UsageError(
      `Cannot tell the architecture of "${binary}": wanted a name ending with ${
        targets.join(" or ")
      }`,
    );
  }
  return { binary, target, out: given.text("out") ?? "dist", nfpm: given.text("nfpm") ?? "nfpm" };
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
  { binary, target }: PackageOptions,
  stage: string,
): Promise<Record<string, string>> {
  const time = await output(["git", "log", "-1", "--format=%ct"]);
  return {
    PACKAGE_ARCH: machines[target],
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
  const printed = await output([nfpm, ...words, "--target", `${out}/`], env);
  const name = /([^/\s]+\.(?:deb|rpm))\s*$/.exec(printed)?.[1];
  if (name === undefined) {
    throw new Error(`Cannot find the package name in the output of nfpm: ${printed}`);
  }
  console.log(name);
  return name;
}

async function output(
  [program = "", ...args]: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, env }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout).trim();
  throw new Error(
    `${program} ${args[0]} failed:\n${
      decoder.decode(stderr).trim() || decoder.decode(stdout).trim()
    }`,
  );
}

if (import.meta.main) {
  Deno.exit(
    await runScript(
      script,
      Deno.args,
      async (given) => void await makePackages(readOptions(given)),
    ),
  );
}
