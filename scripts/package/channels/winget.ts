/**
 * winget, for Windows: the three manifests of a version, for a program that is one file.
 *
 * See https://github.com/microsoft/winget-pkgs/tree/master/doc/manifest
 *
 * @module
 */

import type { Channel } from "../channels.ts";
import { product, programFor, type Release } from "../release.ts";

const schema = "1.9.0";
const id = "x.stsaval";
const machines = { x64: "x86_64-pc-windows-msvc", arm64: "aarch64-pc-windows-msvc" } as const;

/** A manifest: where its schema is, what all of them begin with, and its own lines. */
function manifest(kind: string, { version }: Release, lines: string): string {
  return `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${kind}.${schema}.schema.json
PackageIdentifier: ${id}
PackageVersion: ${version}
${lines}ManifestType: ${kind}
ManifestVersion: ${schema}
`;
}

function installers(release: Release): string {
  return Object.entries(machines).map(([machine, target]) => {
    const { url, sha256 } = programFor(release, target);
    return `- Architecture: ${machine}
  InstallerUrl: ${url}
  InstallerSha256: ${sha256.toUpperCase()}
`;
  }).join("");
}

/** The row. */
export const winget: Channel = {
  name: "winget",
  files(release) {
    const folder = `manifests/x/x/stsaval/${release.version}/${id}`;
    return {
      [`${folder}.yaml`]: manifest("version", release, "DefaultLocale: en-US\n"),
      [`${folder}.installer.yaml`]: manifest(
        "installer",
        release,
        `InstallerType: portable\nCommands:\n- stsaval\nInstallers:\n${installers(release)}`,
      ),
      [`${folder}.locale.en-US.yaml`]: manifest(
        "defaultLocale",
        release,
        `PackageLocale: en-US
Publisher: the stsaval authors
PackageName: ${product.name}
PackageUrl: ${product.homepage}
License: ${product.license}
LicenseUrl: ${product.homepage}/blob/v${release.version}/LICENSE
ShortDescription: ${product.summary}
Tags:
- aws
- credentials
- mfa
- sts
`,
      ),
    };
  },
};
