/**
 * Homebrew, for macOS and Linux: a formula that installs the released program, for a tap.
 *
 * See https://docs.brew.sh/Formula-Cookbook
 *
 * @module
 */

import { type TargetFacts, targetsOf, targetTable } from "../../compile/targets.ts";
import type { Channel } from "../channels.ts";
import { product, programFor, type Release } from "../release.ts";

const blocks = { x86_64: "on_intel", aarch64: "on_arm" } as const;

/** The programs of one system, each for its machine. */
function programsOf(system: "macos" | "linux", release: Release): string {
  const machines = targetsOf(system).toSorted((a, b) => a < b ? -1 : 1).map((target) => {
    const { url, sha256 } = programFor(release, target);
    const { machine }: TargetFacts = targetTable[target];
    return `    ${blocks[machine]} do\n      url "${url}"\n      sha256 "${sha256}"\n    end\n`;
  });
  return `  on_${system} do\n${machines.join("")}  end\n`;
}

/** The row. */
export const homebrew: Channel = {
  name: "homebrew",
  files: (release) => ({
    "Formula/stsaval.rb": `# frozen_string_literal: true

# Made by scripts/package.ts of ${product.homepage}
class Stsaval < Formula
  desc "${product.summary}"
  homepage "${product.homepage}"
  version "${release.version}"
  license "${product.license}"

${programsOf("macos", release)}
${programsOf("linux", release)}
  def install
    bin.install Dir["stsaval-*"].first => "stsaval"
    (bin/"stsaval-process").write Utils.safe_popen_read(bin/"stsaval", "help", "--process-script")
    chmod 0755, bin/"stsaval-process"
    (man1/"stsaval.1").write Utils.safe_popen_read(bin/"stsaval", "help", "--man")
    generate_completions_from_executable(bin/"stsaval", "completion", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_equal "stsaval #{version}\\n", shell_output("#{bin}/stsaval --version")
  end
end
`,
  }),
};
