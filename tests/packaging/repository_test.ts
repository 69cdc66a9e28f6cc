/**
 * The repositories for apt and dnf: made of real packages, signed, and read by apt and dnf themselves.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { makeAll, parsePackageOptions } from "../../scripts/package.ts";
import { version } from "../../src/version.ts";
import { isInstalled } from "../peers/stsaval_process.ts";
import { run, testWith } from "./released.ts";

const nfpm = Deno.env.get("NFPM") ?? "nfpm";
const folder = await Deno.makeTempDir({ prefix: "stsaval-repository-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
// apt reads as another user.
await Deno.chmod(folder, 0o755);

const [packages, site, keys] = [`${folder}/packages`, `${folder}/site`, `${folder}/keys`];
const keyName = "Test <test@example.com>";

/** Packs a stand-in for both machines, and makes the repositories with a key of their own. */
async function makeSite(): Promise<void> {
  await Deno.mkdir(keys, { mode: 0o700 });
  Deno.env.set("GNUPGHOME", keys);
  const words = ["--batch", "--passphrase", "", "--quick-generate-key", keyName, "default"];
  assertEquals((await run("gpg", words)).code, 0);
  await run("gpg", ["--output", `${folder}/key.gpg`, "--export", keyName]);
  for (const machine of ["x86_64", "aarch64"]) {
    const binary = `${folder}/stsaval-${machine}-unknown-linux-gnu`;
    await Deno.writeTextFile(binary, `#!/bin/sh\necho stsaval ${version}\n`, { mode: 0o755 });
    const made = ["--binary", binary, "--out", packages, "--nfpm", nfpm];
    await makeAll(parsePackageOptions(made));
  }
  const sign = ["--repository", site, "--out", packages, "--sign", keyName];
  await makeAll(parsePackageOptions(sign));
}

const needed = [nfpm, "apt-ftparchive", "createrepo_c", "gpg"];
const canMake = (await Promise.all(needed.map(isInstalled))).every((found) => found);
if (canMake) await makeSite();

/** apt with settings, lists and trust of its own, and nothing of this machine's. */
async function apt(machine: string, ...words: readonly string[]) {
  const own = `${folder}/apt-${machine}`;
  for (const part of ["lists/partial", "cache/archives/partial", "etc"]) {
    await Deno.mkdir(`${own}/${part}`, { recursive: true });
  }
  await Deno.writeTextFile(`${own}/status`, "");
  await Deno.writeTextFile(
    `${own}/etc/sources.list`,
    `deb [signed-by=${folder}/key.gpg] file:${site}/apt stable main\n`,
  );
  const settings = {
    ...{ "APT::Architecture": machine, "APT::Architectures": machine },
    ...{ "Dir::State": own, "Dir::State::lists": `${own}/lists`, "Dir::Cache": `${own}/cache` },
    ...{ "Dir::State::status": `${own}/status`, "Dir::Etc": `${own}/etc` },
    "APT::Sandbox::User": "root",
  };
  const options = Object.entries(settings).map(([name, value]) => `-o${name}=${value}`);
  return await run("apt-get", [...options, ...words], { cwd: own });
}

await testWith(
  [...needed, "apt-get", "dpkg-deb"],
  "apt takes the package of each machine from the signed repository",
  async () => {
    for (const machine of ["amd64", "arm64"]) {
      const { code, stderr } = await apt(machine, "update");
      assertEquals([code, stderr], [0, ""]);
      const got = await apt(machine, "download", "stsaval");
      assertEquals(got.code, 0, got.stderr);
      const name = `stsaval_${version}-1_${machine}.deb`;
      const [made, downloaded] = await Promise.all(
        [`${packages}/${name}`, `${folder}/apt-${machine}/${name}`].map((path) =>
          Deno.readFile(path)
        ),
      );
      assertEquals(made, downloaded);
      // Its libraries are not in this repository: apt looks for them before it would install.
      const tried = await apt(machine, "install", "--simulate", "stsaval");
      assertMatch(tried.stdout + tried.stderr, /Depends: libc6 \(>= 2\.27\)/);
    }
  },
);

await testWith(
  [...needed, "apt-get"],
  "apt refuses a list that was changed after it was signed",
  async () => {
    const path = `${site}/apt/dists/stable/InRelease`;
    const signed = await Deno.readTextFile(path);
    try {
      await Deno.writeTextFile(path, signed.replace("Origin: stsaval", "Origin: another"));
      const { code, stderr } = await apt("amd64", "update");
      assert(code !== 0 || /not signed|invalid|BADSIG/i.test(stderr), stderr);
      assertMatch(stderr, /BADSIG|invalid signature|were invalid/i);
    } finally {
      await Deno.writeTextFile(path, signed);
    }
  },
);

await testWith(
  [...needed, "dnf"],
  "dnf finds the package of each machine in its repository",
  async () => {
    for (const machine of ["x86_64", "aarch64"]) {
      const { code, stdout, stderr } = await run("dnf", [
        ...["--quiet", "--setopt=reposdir=/nowhere", `--setopt=cachedir=${folder}/dnf`],
        ...[`--installroot=${folder}/root`, `--forcearch=${machine}`, "--releasever=9"],
        ...[`--repofrompath=stsaval,file://${site}/rpm/${machine}`, "--repo=stsaval"],
        ...["repoquery", "--qf", "%{name} %{version} %{arch}", "stsaval"],
      ]);
      assertEquals([code, stdout.trim()], [0, `stsaval ${version} ${machine}`], stderr);
    }
  },
);

await testWith([...needed], "the list of dnf is signed by the key", async () => {
  const list = `${site}/rpm/x86_64/repodata/repomd.xml`;
  assertEquals((await run("gpg", ["--verify", `${list}.asc`, list])).code, 0);
});

await testWith([...needed], "there is no repository of nothing", async () => {
  const empty = `${folder}/empty`;
  await Deno.mkdir(empty);
  const options = parsePackageOptions(["--repository", `${folder}/none`, "--out", empty]);
  const message = await makeAll(options).then(() => "made", (error) => error.message);
  assertEquals(message, `Cannot make a repository: "${empty}" has no .deb`);
});
