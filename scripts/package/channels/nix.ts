/**
 * Nix, for Linux and macOS: a flake that installs the released program. On Linux it runs where the loader is that it was
 * linked for: patching the file would cut off the modules at its end.
 *
 * @module
 */

import { type TargetFacts, targetsOf, targetTable } from "../../compile/targets.ts";
import type { Channel } from "../channels.ts";
import { product, programFor, type Release } from "../release.ts";

const systems = { linux: "linux", macos: "darwin", windows: undefined } as const;

function programs(release: Release): string {
  return [...targetsOf("linux"), ...targetsOf("macos")].map((target) => {
    const { system, machine }: TargetFacts = targetTable[target];
    const { url, sha256 } = programFor(release, target);
    return `        ${machine}-${systems[system]} = {
          url = "${url}";
          sha256 = "${sha256}";
        };
`;
  }).join("");
}

/** The row. */
export const nix: Channel = {
  name: "nix",
  files: (release) => ({
    "flake.nix": `{
  description = "${product.summary}";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      version = "${release.version}";
      programs = {
${programs(release)}      };
      packageFor =
        system: source:
        let
          pkgs = nixpkgs.legacyPackages.\${system};
          program = pkgs.stdenvNoCC.mkDerivation {
            pname = "stsaval";
            inherit version;
            src = pkgs.fetchurl source;
            dontUnpack = true;
            dontStrip = true;
            dontPatchELF = true;
            installPhase = "install -D -m 755 $src $out/bin/stsaval";
            meta = {
              description = "${product.summary}";
              homepage = "${product.homepage}";
              license = pkgs.lib.licenses.mit;
              mainProgram = "stsaval";
            };
          };
        in
        if pkgs.stdenv.hostPlatform.isLinux then
          pkgs.buildFHSEnv {
            name = "stsaval";
            targetPkgs = pkgs: [ pkgs.stdenv.cc.cc.lib ];
            runScript = "\${program}/bin/stsaval";
          }
        else
          program;
    in
    {
      packages = builtins.mapAttrs (system: source: { default = packageFor system source; }) programs;
    };
}
`,
  }),
};
