/**
 * The files of the channels, read by what will read them: Ruby, Nix, mise, and the builder of images.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { standIn } from "./release_server.ts";
import { channelFolder, release, run, testWith } from "./released.ts";

const folder = await channelFolder();
const formula = `${folder}/homebrew/Formula/stsaval.rb`;

/** Homebrew's own settings, as far as they are about the form of a formula. */
const rubocopSettings = `
AllCops: { DisabledByDefault: true, SuggestExtensions: false }
Layout: { Enabled: true }
Lint: { Enabled: true }
Layout/SpaceAroundOperators: { Enabled: false }
Layout/LineLength: { Enabled: true, Max: 118 }
Style/StringLiterals: { Enabled: true, EnforcedStyle: double_quotes }
Style/FrozenStringLiteralComment: { Enabled: true }
`;

await testWith(["ruby", "rubocop"], "the formula has the form that Homebrew wants", async () => {
  const settings = `${folder}/rubocop.yml`;
  await Deno.writeTextFile(settings, rubocopSettings);
  const style = ["--config", settings, "--cache", "false", "--format", "simple", formula];
  const { code, stdout } = await run("rubocop", style);
  assertEquals(code, 0, stdout);
});

/** As much of Homebrew as the formula uses: the words of its language, and folders to install into. */
const homebrew = `
require "pathname"; require "fileutils"; require "open3"
module Utils; def self.safe_popen_read(*words) = Open3.capture2(*words.map(&:to_s)).then { |text, status| status.success? ? text : abort }; end
class Pathname
  def install(files) = files.each { |from, to| mkpath; FileUtils.mv(from, self/to); (self/to).chmod(0755) }
  alias plain_write write
  def write(text) = (dirname.mkpath; plain_write(text))
end
class Formula
  include FileUtils
  class << self
    attr_reader :facts, :check
    %i[desc homepage version license url sha256].each { |name| define_method(name) { |value = nil| (@facts ||= {})[name] = value if value; @facts[name] } }
    def on_macos = (yield if ENV["ON_SYSTEM"] == "macos")
    def on_linux = (yield if ENV["ON_SYSTEM"] == "linux")
    def on_arm = (yield if ENV["ON_MACHINE"] == "aarch64")
    def on_intel = (yield if ENV["ON_MACHINE"] == "x86_64")
    def test(&block) = @check = block
  end
  def prefix = Pathname.new(ENV["PREFIX"])
  def bin = prefix/"bin"
  def man1 = prefix/"share/man/man1"
  def version = self.class.version
  def shell_output(line) = \`#{line}\`
  def assert_equal(wanted, found) = (abort "wanted #{wanted}, found #{found}" unless wanted == found)
  def generate_completions_from_executable(program, word, shells:) = shells.each { |shell| (prefix/"completion"/shell.to_s).write(Utils.safe_popen_read(program, word, shell.to_s)) }
end
load ARGV[0]
puts Stsaval.url, Stsaval.sha256
Stsaval.new.then { |formula| formula.install; formula.instance_eval(&Stsaval.check) }
`;

await testWith(
  ["ruby"],
  "the formula installs the program of each machine, and its test runs",
  async () => {
    for (const { target, name, url, sha256 } of release.programs) {
      const system = /linux|darwin/.exec(target)?.[0].replace("darwin", "macos");
      if (system === undefined) continue;
      const [work, prefix] = [`${folder}/work-${target}`, `${folder}/prefix-${target}`];
      await Deno.mkdir(work);
      await Deno.writeTextFile(`${work}/${name}`, standIn.replace("9.9.9", release.version), {
        mode: 0o755,
      });
      const { code, stdout, stderr } = await run("ruby", ["-W0", "-e", homebrew, formula], {
        cwd: work,
        env: { ON_SYSTEM: system, ON_MACHINE: target.replace(/-.*/, ""), PREFIX: prefix },
      });
      assertEquals([code, stdout], [0, `${url}\n${sha256}\n`], stderr);
      for (
        const [path, text] of Object.entries({
          "bin/stsaval-process": "the script\n",
          "share/man/man1/stsaval.1": "the man page\n",
          "completion/fish": "the completion for fish\n",
        })
      ) {
        assertEquals(await Deno.readTextFile(`${prefix}/${path}`), text);
      }
      assertEquals((await Deno.stat(`${prefix}/bin/stsaval-process`)).mode, 0o100755);
    }
  },
);

/** As much of nixpkgs as the flake uses. */
const nixpkgs = (isLinux: boolean) =>
  `{ legacyPackages = builtins.mapAttrs (name: _: {
  stdenvNoCC.mkDerivation = facts: "program of \${facts.src.url} \${facts.src.sha256}";
  stdenv = { cc.cc.lib = "lib"; hostPlatform.isLinux = ${isLinux}; };
  fetchurl = source: source;
  buildFHSEnv = facts: facts.runScript;
  lib.licenses.mit = "MIT";
}) { x86_64-linux = 1; aarch64-linux = 1; x86_64-darwin = 1; aarch64-darwin = 1; }; }`;

await testWith(
  ["nix-instantiate"],
  "the flake has a package of each machine of Linux and macOS",
  async () => {
    for (const [isLinux, system] of [[true, "linux"], [false, "darwin"]] as const) {
      const text = `((import ${folder}/nix/flake.nix).outputs { self = {}; nixpkgs = ${
        nixpkgs(isLinux)
      }; }).packages`;
      const words = ["--eval", "--strict", "--json", "--expr", text];
      const { code, stdout, stderr } = await run("nix-instantiate", words, {
        env: {
          NIX_STORE_DIR: `${folder}/store`,
          NIX_STATE_DIR: `${folder}/state`,
          NIX_LOG_DIR: folder,
        },
      });
      assertEquals(code, 0, stderr);
      const packages = JSON.parse(stdout);
      for (const machine of ["x86_64", "aarch64"]) {
        const program = release.programs.find(({ target }) =>
          target.startsWith(machine) && target.includes(system)
        );
        const made = `program of ${program?.url} ${program?.sha256}`;
        const wanted = isLinux ? `${made}/bin/stsaval` : made;
        assertEquals(packages[`${machine}-${system}`].default, wanted);
      }
    }
  },
);

await testWith(["hadolint"], "the Containerfile is what hadolint wants", async () => {
  const { code, stdout } = await run("hadolint", [`${folder}/container/Containerfile`]);
  assertEquals([code, stdout], [0, ""]);
});

/** Without a daemon, without mounts, and with nothing kept of it. */
const buildah = [
  "--storage-driver",
  "vfs",
  "--root",
  `${folder}/images`,
  "--runroot",
  `${folder}/run`,
];

await testWith(
  ["buildah"],
  "the image holds the program of its machine, and is not run as root",
  async () => {
    for (const { name } of release.programs) {
      await Deno.writeTextFile(
        `${folder}/container/${name}`,
        name,
      );
    }
    for (const [machine, name] of [["amd64", "x86_64"], ["arm64", "aarch64"]] as const) {
      const built = await run("buildah", [
        ...[...buildah, "build", "--isolation", "chroot", "--arch", machine],
        ...[
          "--build-arg",
          "BASE=scratch",
          "--build-arg",
          `TARGETARCH=${machine}`,
          "--tag",
          machine,
        ],
        ...["--file", `${folder}/container/Containerfile`, `${folder}/container`],
      ]);
      assertEquals(built.code, 0, built.stderr);
      const inspected = await run("buildah", [...buildah, "inspect", "--type", "image", machine]);
      const { config } = JSON.parse(inspected.stdout).OCIv1;
      assertEquals(config.User, "65532:65532");
      assertEquals(config.Entrypoint, ["/usr/local/bin/stsaval"]);
      assertEquals(config.Labels["org.opencontainers.image.version"], release.version);
      const from = await run("buildah", [...buildah, "from", machine]);
      const mount = await run("buildah", [...buildah, "mount", from.stdout.trim()]);
      const path = `${mount.stdout.trim()}/usr/local/bin/stsaval`;
      assertStringIncludes(await Deno.readTextFile(path), name);
      assertEquals((await Deno.stat(path)).mode, 0o100755);
    }
  },
);
