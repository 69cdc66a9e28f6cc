/**
 * aqua, for all systems: the entry of its registry. aqua checks the attestation of what it downloads by itself.
 *
 * See https://aquaproj.github.io/docs/reference/registry-config
 *
 * @module
 */

import { type TargetFacts, targets, targetTable } from "../../compile/targets.ts";
import type { Channel } from "../channels.ts";
import { product } from "../release.ts";

const systems = { linux: "linux", macos: "darwin", windows: "windows" } as const;
const machines = { x86_64: "amd64", aarch64: "arm64" } as const;

/** Go's names of machines and systems, and those in the names of our files. */
function replacements(): string {
  const names = targets.flatMap((target) => {
    const { system, machine }: TargetFacts = targetTable[target];
    return [[machines[machine], machine], [
      systems[system],
      target.slice(machine.length + 1),
    ]] as const;
  });
  return [...new Map(names)].map(([from, to]) => `      ${from}: ${to}\n`).join("");
}

/** The row. */
export const aqua: Channel = {
  name: "aqua",
  files: ({ version }) => ({
    "pkgs/x/stsaval/pkg.yaml": `packages:\n  - name: x/stsaval@v${version}\n`,
    "pkgs/x/stsaval/registry.yaml":
      `# yaml-language-server: $schema=https://raw.githubusercontent.com/aquaproj/aqua/main/json-schema/registry.json
packages:
  - type: github_release
    repo_owner: ${product.owner}
    repo_name: ${product.name}
    description: ${product.summary}
    asset: stsaval-{{.Arch}}-{{.OS}}
    format: raw
    files:
      - name: stsaval
    replacements:
${replacements()}    checksum:
      type: github_release
      asset: SHA256SUMS
      algorithm: sha256
    github_artifact_attestations:
      signer_workflow: x/stsaval/.github/workflows/release.yml
`,
  }),
};
