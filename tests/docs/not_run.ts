/**
 * What the pages show and the test of the pages does not run, each with the reason. Command lines of stsaval are parsed by
 * its own parser all the same.
 *
 * @module
 */

/** Command lines of stsaval, by how they begin after "stsaval"; with where they are run. */
export const notRun: readonly (readonly [line: RegExp, reason: string])[] = [
  [
    /^watch\b/,
    "runs until it is ended: tests/cli/commands/watch_test.ts, tests/peers/watch_peers_test.ts",
  ],
  [
    /^serve\b/,
    "runs until it is ended: tests/cli/serve/serve_test.ts, tests/peers/server_clients_test.ts",
  ],
  [/^emulator\b/, "runs until it is ended: tests/cli/commands/emulator_test.ts"],
  [
    /^login\b.*--sso-session|^login admin/,
    "waits for a person in a browser: tests/cli/commands/sso_login_test.ts",
  ],
  [/^console\b/, "opens a browser: tests/cli/commands/console_test.ts"],
  [/^init\b/, "asks, or reads a secret: tests/cli/commands/init_test.ts"],
  [
    /^keys (?:import|add|export|remove)\b/,
    "seals keys that the page's home has in plain text: tests/transcripts/keys.txt",
  ],
  [/^mfa (?:add|code|list|remove)\b/, "reads a secret: tests/transcripts/mfa.txt"],
  [
    /^keys rotate\b/,
    "changes the keys of a user: tests/cli/commands/keys_rotate_test.ts, tests/crash/rotation_crash_test.ts",
  ],
  [/^creds - /, "reads names from standard input: tests/transcripts/creds.txt"],
  [/^help --man/, "is read by man: tests/cli/help/man_page_test.ts"],
];

/** Other programs, with why they are not run here. */
export const otherPrograms: Readonly<Record<string, string>> = {
  aws: "the AWS CLI: tests/peers runs it against the emulator",
  "Out-String": "is PowerShell's own",
  save: "is nushell's own: tests/peers/completion_test.ts",
  docker: "is not on the machines of the tests",
  terraform: "is not on the machines of the tests",
  "Invoke-Expression": "is PowerShell's own",
  "aws-vault": "another tool, which the page leads away from",
  curl: "downloads a release",
  sh: "runs the installer: tests/packaging/install_test.ts",
  sudo: "installs a package: tests/packaging/packages_test.ts",
  brew: "downloads a release: tests/packaging/channels_test.ts runs what the formula says",
  mise: "downloads a release: tests/scripts/package/channels_test.ts checks the entry",
  winget: "is of Windows: tests/scripts/package/channels_test.ts checks the manifests",
  scoop: "is of Windows: tests/scripts/package/channels_test.ts checks the manifest",
  nix: "downloads a release: tests/packaging/channels_test.ts evaluates the flake",
  gh: "asks GitHub about a release",
  npx: ".ci/run runs what the README says",
  deno: "with permissions: tests/peers/deno_line_test.ts runs such lines",
  systemctl: "needs a systemd of the user: tests/packaging/unit_test.ts checks the units",
  man: "shows the manual: tests/cli/help/man_page_test.ts",
  nsenter: "needs root: tests/peers/server_machine_test.ts enters a network",
  eval: "is the shell's own: tests/peers/env_shells_test.ts",
  source: "is the shell's own: tests/peers/completion_test.ts",
  jq: "stands for any reader of JSON",
  set: "is the shell's own",
  export: "is the shell's own",
  printf: "is the shell's own",
  rm: "removes files that the page names",
  cat: "shows a file that the page names",
};
