/**
 * A repository for apt and one for dnf, of packages that were made: folders for any web server. Needs apt-ftparchive (in
 * apt-utils) and createrepo_c, and gpg where it is signed.
 *
 *     DIR/apt/dists/stable/…, DIR/apt/pool/…      deb [signed-by=…] https://HOST/apt stable main
 *     DIR/rpm/ARCH/…                              baseurl=https://HOST/rpm/$basearch
 *
 * @module
 */

import { output } from "./run.ts";

/** The packages' folder, the repositories', and the key's name for gpg. */
export interface RepositoryOptions {
  readonly packages: string;
  readonly folder: string;
  readonly key?: string | undefined;
}

/** Debian's and RPM's names of the machines. */
const machines = { deb: ["amd64", "arm64"], rpm: ["x86_64", "aarch64"] } as const;

/**
 * Makes both, and returns their folders.
 *
 * @throws {Error} when there are no packages, or a program that is needed is missing or fails
 */
export async function makeRepository(options: RepositoryOptions): Promise<readonly string[]> {
  const names = (await Array.fromAsync(Deno.readDir(options.packages))).map(({ name }) => name);
  return [
    await makeApt(options, packagesAmong(names, "deb", options)),
    await makeRpm(options, packagesAmong(names, "rpm", options)),
  ];
}

function packagesAmong(
  names: readonly string[],
  format: keyof typeof machines,
  { packages }: RepositoryOptions,
): readonly string[] {
  const found = names.filter((name) => name.endsWith(`.${format}`)).sort();
  if (found.length > 0) return found;
  throw new Error(`Cannot make a repository: "${packages}" has no .${format}`);
}

async function makeApt(
  { packages, folder, key }: RepositoryOptions,
  names: readonly string[],
): Promise<string> {
  const apt = `${folder}/apt`;
  const pool = "pool/main/s/stsaval";
  await Deno.mkdir(`${apt}/${pool}`, { recursive: true });
  for (const name of names) await Deno.copyFile(`${packages}/${name}`, `${apt}/${pool}/${name}`);
  for (const machine of machines.deb) {
    const list = `${apt}/dists/stable/main/binary-${machine}`;
    await Deno.mkdir(list, { recursive: true });
    const words = ["apt-ftparchive", "--arch", machine, "packages", pool];
    await Deno.writeTextFile(`${list}/Packages`, `${await output(words, { cwd: apt })}\n`);
  }
  const facts = Object.entries({
    ...{ Origin: "stsaval", Label: "stsaval", Suite: "stable", Codename: "stable" },
    ...{ Architectures: machines.deb.join(" "), Components: "main" },
  }).map(([name, value]) => `-oAPT::FTPArchive::Release::${name}=${value}`);
  const dists = `${apt}/dists/stable`;
  const release = await output(["apt-ftparchive", ...facts, "release", "."], { cwd: dists });
  await Deno.writeTextFile(`${dists}/Release`, `${release}\n`);
  if (key !== undefined) {
    await sign(key, ["--clear-sign"], `${dists}/Release`, `${dists}/InRelease`);
  }
  return apt;
}

async function makeRpm(
  { packages, folder, key }: RepositoryOptions,
  names: readonly string[],
): Promise<string> {
  const rpm = `${folder}/rpm`;
  for (const machine of machines.rpm) {
    const own = names.filter((name) => name.endsWith(`.${machine}.rpm`));
    await Deno.mkdir(`${rpm}/${machine}`, { recursive: true });
    for (const name of own) {
      await Deno.copyFile(`${packages}/${name}`, `${rpm}/${machine}/${name}`);
    }
    await output(["createrepo_c", "--quiet", "--no-database", `${rpm}/${machine}`]);
    const list = `${rpm}/${machine}/repodata/repomd.xml`;
    if (key !== undefined) await sign(key, ["--armor", "--detach-sign"], list, `${list}.asc`);
  }
  return rpm;
}

async function sign(key: string, how: readonly string[], file: string, to: string): Promise<void> {
  const usual = ["gpg", "--batch", "--yes", "--local-user", key];
  await output([...usual, ...how, "--output", to, file]);
}
