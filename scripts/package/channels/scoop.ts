/**
 * Scoop, for Windows: the manifest of a bucket.
 *
 * See https://github.com/ScoopInstaller/Scoop/wiki/App-Manifests
 *
 * @module
 */

import type { Channel } from "../channels.ts";
import { product, programFor, type Release } from "../release.ts";

const machines = {
  "64bit": "x86_64-pc-windows-msvc",
  arm64: "aarch64-pc-windows-msvc",
} as const;

/** An entry for each machine. */
function forEach<Entry>(make: (target: typeof machines[keyof typeof machines]) => Entry) {
  return Object.fromEntries(
    Object.entries(machines).map(([name, target]) => [name, make(target)]),
  );
}

/** Scoop saves the file under the name behind the "#/". */
function manifestOf(release: Release) {
  const latest = `${product.homepage}/releases/download/v$version`;
  return {
    version: release.version,
    description: product.summary,
    homepage: product.homepage,
    license: product.license,
    architecture: forEach((target) => {
      const { url, sha256 } = programFor(release, target);
      return { url: `${url}#/stsaval.exe`, hash: sha256 };
    }),
    bin: "stsaval.exe",
    checkver: "github",
    autoupdate: {
      architecture: forEach((target) => ({
        url: `${latest}/${programFor(release, target).name}#/stsaval.exe`,
      })),
      hash: { url: `${latest}/SHA256SUMS` },
    },
  };
}

/** The row. */
export const scoop: Channel = {
  name: "scoop",
  files: (release) => ({
    "bucket/stsaval.json": `${JSON.stringify(manifestOf(release), undefined, 4)}\n`,
  }),
};
