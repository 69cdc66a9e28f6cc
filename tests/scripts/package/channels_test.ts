/**
 * The files of the channels: what they name is what a release holds.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { load } from "js-yaml";
import { type TargetFacts, targets, targetTable } from "../../../scripts/compile/targets.ts";
import { channels } from "../../../scripts/package/channels.ts";
import { describeRelease, product } from "../../../scripts/package/release.ts";
import { release, sums } from "../../packaging/released.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

/** The text of a channel's file. */
function fileOf(channel: string, ending: string): string {
  const files = channels.find(({ name }) => name === channel)?.files(release) ?? {};
  const found = Object.entries(files).find(([path]) => path.endsWith(ending))?.[1];
  assert(found !== undefined, `${channel} has no ${ending}`);
  return found;
}

pure("describeRelease() has a program with its digest for every target", () => {
  assertEquals(release.programs.map(({ target }) => target), targets);
  assertEquals(release.programs[5], {
    target: "aarch64-pc-windows-msvc",
    name: "stsaval-aarch64-pc-windows-msvc.exe",
    url:
      "https://github.com/x/stsaval/releases/download/v1.2.3/stsaval-aarch64-pc-windows-msvc.exe",
    sha256: "5".repeat(64),
  });
});

pure("describeRelease() refuses sums without one of the programs", () => {
  for (const target of targets) {
    const without = sums.split("\n").filter((line) => !line.includes(target)).join("\n");
    assertThrows(() => describeRelease(without), Error, `no line for "stsaval-${target}`);
  }
});

for (const channel of channels) {
  pure(`${channel.name} names only files of the release, each with its own digest`, () => {
    for (const [path, text] of Object.entries(channel.files(release))) {
      assert(text.endsWith("\n") && !/undefined|\[object/.test(text), path);
      const urls = text.match(/https:[^"\s#]*\/download\/v1[^"\s#]*/g) ?? [];
      for (const url of urls) {
        const program = release.programs.find((one) => one.url === url);
        assert(program !== undefined, `${path}: ${url}`);
        const after = text.slice(text.indexOf(url)).toLowerCase();
        assertEquals(/[0-9a-f]{64}/.exec(after)?.[0], program.sha256, `${path}: ${url}`);
      }
    }
  });
}

pure("the channels of macOS and Windows have every program of theirs", () => {
  const wanted = { homebrew: ["linux", "macos"], nix: ["linux", "macos"], scoop: ["windows"] };
  for (const [channel, systems] of Object.entries({ ...wanted, winget: ["windows"] })) {
    const texts = Object.values(
      channels.find(({ name }) => name === channel)?.files(release) ?? {},
    );
    for (const { target, url } of release.programs) {
      const { system }: TargetFacts = targetTable[target];
      assertEquals(texts.join("").includes(`${url}`), systems.includes(system), channel + url);
    }
  }
});

interface AquaPackage {
  readonly asset: string;
  readonly replacements: Readonly<Record<string, string>>;
  readonly checksum: { readonly asset: string };
  readonly "github_artifact_attestations": { readonly "signer_workflow": string };
}

pure("aqua comes to the names of the release's files, for every system and machine", () => {
  const { packages: [entry] } = load(fileOf("aqua", "registry.yaml")) as {
    readonly packages: readonly AquaPackage[];
  };
  assert(entry !== undefined);
  const names = ["linux", "darwin", "windows"].flatMap((os) =>
    ["amd64", "arm64"].map((arch) => {
      const name = entry.asset.replace("{{.Arch}}", entry.replacements[arch] ?? arch)
        .replace("{{.OS}}", entry.replacements[os] ?? os);
      // aqua adds it by itself where the format is "raw".
      return os === "windows" ? `${name}.exe` : name;
    })
  );
  assertEquals(names.toSorted(), release.programs.map(({ name }) => name).toSorted());
  assertEquals(entry.checksum.asset, "SHA256SUMS");
  assertStringIncludes(
    `${product.owner}/${product.name}/.github/workflows/release.yml`,
    entry.github_artifact_attestations.signer_workflow,
  );
});

/** The fields that winget wants of each kind, with the pattern of its schema where there is one. */
const wingetFields: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  "x.stsaval.yaml": { DefaultLocale: /^[a-z]{2}-[A-Z]{2}$/, ManifestType: /^version$/ },
  "installer.yaml": { InstallerType: /^portable$/, ManifestType: /^installer$/ },
  "locale.en-US.yaml": {
    ...{ PackageLocale: /^en-US$/, Publisher: /^.{2,256}$/, PackageName: /^.{2,256}$/ },
    ...{ License: /^.{3,512}$/, ShortDescription: /^.{3,256}$/, ManifestType: /^defaultLocale$/ },
  },
};

pure("winget's three manifests have what its schemas require", () => {
  for (const [ending, fields] of Object.entries(wingetFields)) {
    const manifest = load(fileOf("winget", ending)) as Readonly<Record<string, string>>;
    const shared = {
      PackageIdentifier: /^[^.\s\\/:*?"<>|]{1,32}(\.[^.\s\\/:*?"<>|]{1,32}){1,7}$/,
      PackageVersion: /^[^\\/:*?"<>|]+$/,
      ManifestVersion: /^\d+\.\d+\.\d+$/,
    };
    for (const [name, pattern] of Object.entries({ ...shared, ...fields })) {
      assert(pattern.test(String(manifest[name])), `${ending}: ${name} is ${manifest[name]}`);
    }
  }
});

pure("scoop's manifest can be read, and updates itself from the sums of a release", () => {
  const manifest = JSON.parse(fileOf("scoop", ".json"));
  assertEquals(manifest.bin, "stsaval.exe");
  for (const machine of ["64bit", "arm64"]) {
    const { url, hash } = manifest.architecture[machine];
    assert(url.endsWith(".exe#/stsaval.exe") && /^[0-9a-f]{64}$/.test(hash));
    const next: string = manifest.autoupdate.architecture[machine].url;
    assertEquals(next.replaceAll("$version", "1.2.3"), url);
  }
  assert(manifest.autoupdate.hash.url.endsWith("/v$version/SHA256SUMS"));
});
