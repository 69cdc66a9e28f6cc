/**
 * The permissions that commands need: one table. The PERMISSIONS of the help, `stsaval permissions`, the flags of the
 * compiled program and what it drops at start all derive from it.
 *
 * @module
 */

import { leftoversOf } from "../../config/file/leftovers.ts";
import { expandHome, isAbsolute, pathInHome } from "../../config/home.ts";
import { cacheFolder } from "../../cache/cache_folder.ts";
import { iamHosts } from "../../source/iam/iam_hosts.ts";
import { federationHosts } from "../../source/console/console_hosts.ts";
import { sourceOf } from "../../source/sources.ts";
import {
  caFiles,
  caVariables,
  noProxyVariables,
  proxyVariables,
} from "../../session/connection.ts";
import {
  githubSuffix,
  tokenVariable,
  urlVariable,
} from "../../source/web_identity/github_names.ts";
import { sealedFolder } from "../../store/sealed_folder.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import {
  chainVariables,
  configFile,
  configPaths,
  configVariables,
  configWords,
  credentialsFile,
  programPaths,
} from "./config_files.ts";
import { sharesAwsCache } from "../core_settings.ts";
import { misleadingVariables } from "../../output/variable_names.ts";
import { examinedVariables } from "../doctor/variables.ts";
import { splitWords } from "../parse/split_words.ts";
import { mfaCodeVariable } from "../mfa/code_variable.ts";
import type { NeedContext, NeedRow } from "./need.ts";
import {
  cacheKeyFiles,
  cachePrograms,
  openerFilesOf,
  openerPrograms,
  seedFiles,
  seedPrograms,
} from "./sealed_needs.ts";
import { servedAddresses, servesChild, tokenFolder } from "./served.ts";

export type { KeptSeedFile, NeedContext, NeedRow } from "./need.ts";

/** The file that an option names. */
const option = (name: string) => ({ arguments: given }: NeedContext) => known(given.text(name));

function known(path: string | undefined): readonly string[] {
  return path === undefined ? [] : [path];
}

/** The token of `emulator --aws-login --write-home`; its name is the SHA-256 of the sample's `login_session`. */
export function sampleLoginPath(folder: string): string {
  return `${folder}/.aws/login/cache/465acf3f26fccc89458f115ab93e894cdd92b1d3f54767d37d7d9df7c01e22a5.json`;
}

/** The tokens that `emulator --write-home` writes. */
export function sampleTokenPaths(folder: string, given: ParsedArguments): readonly string[] {
  return [
    ...(given.flag("sso") ? [sampleTokenPath(folder)] : []),
    ...(given.flag("aws-login") ? [sampleLoginPath(folder)] : []),
  ];
}

/** The token of `emulator --sso --write-home`; its name is the SHA-1 of the session's name, "emulator". */
export function sampleTokenPath(folder: string): string {
  return `${folder}/.aws/sso/cache/7e09d0bb5f4eb56d9b97c579dd7351780613c45b.json`;
}

/** The variables that choose folders of caches. */
const folderVariables = ["STSAVAL_CACHE_DIR", "AWS_LOGIN_CACHE_DIRECTORY"];

/** The programs of these profiles, as far as they are paths, and their token files and certificates. */
function namedFiles({ env, programs, mfaPrograms, sourceSteps, caBundles = [] }: NeedContext) {
  const words = [...programs.map(({ words: [program = ""] }) => program), ...mfaPrograms];
  const tokens = sourceSteps.flatMap((step) => sourceOf(step).files?.(step, env) ?? []);
  return [...words, ...caBundles, ...tokens].map((path) => expandHome(path, env))
    .filter(isAbsolute);
}

/** The rows. */
export const needTable = {
  "read-aws": {
    summary: "read ~/.aws",
    environment: configVariables,
    read: configPaths,
  },
  "read-file": {
    summary: "read FILE",
    environment: ["HOME", "USERPROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"],
    read: ({ arguments: given, env }) => given.operands.map((path) => expandHome(path, env)),
  },
  "policy-file": {
    summary: "read the files of policies, for profiles with one and for --policy and --scope",
    environment: ["HOME", "USERPROFILE"],
    readsNamed: true,
    read: ({ policyFiles }) => policyFiles,
  },
  "write-aws": {
    summary: "write ~/.aws/credentials",
    // For leftovers: Deno lists a folder only with permission to read all of it. Other folders stay closed.
    read: ({ env }) => known(pathInHome("~/.aws", env)),
    replace: async (context) => {
      const path = pathInHome(credentialsFile(context), context.env);
      if (path === undefined) return [];
      const target = await context.files.target(path);
      return [path, `${target}.lock`, ...await leftoversOf(context.files, target)];
    },
  },
  "write-config": {
    summary: "write ~/.aws/config",
    read: ({ env }) => known(pathInHome("~/.aws", env)),
    replace: async (context) => {
      const path = pathInHome(configFile(context), context.env);
      if (path === undefined) return [];
      const target = await context.files.target(path);
      return [path, `${target}.lock`, ...await leftoversOf(context.files, target)];
    },
  },
  cache: {
    summary: "read and write ~/.aws/stsaval",
    environment: ["HOME", "USERPROFILE", "STSAVAL_CACHE_DIR"],
    folders: ({ arguments: given, env }) => given.isNegated("cache") ? [] : known(cacheFolder(env)),
  },
  "sealed-cache": {
    summary: "run what keeps the key of the cache, by /bin/sh, where the cache is sealed",
    // Whether a window of a keyring could be seen.
    environment: ["HOME", "USERPROFILE", "DISPLAY", "WAYLAND_DISPLAY", "PATH"],
    replace: cacheKeyFiles,
    brokered: cachePrograms,
    run: (context) => cachePrograms(context).flatMap(({ words }) => words.slice(0, 1)),
  },
  "kept-seed": {
    summary: "read the kept seed of an MFA device, and run what opens it, for profiles with one",
    environment: ["HOME", "USERPROFILE", "DISPLAY", "WAYLAND_DISPLAY", "PATH"],
    read: (context) => seedFiles(context, "read"),
    replace: (context) => seedFiles(context, "replaced"),
    brokered: seedPrograms,
    run: (context) => seedPrograms(context).flatMap(({ words }) => words.slice(0, 1)),
  },
  "seed-opener": {
    summary: "run what opens the kept seeds, by /bin/sh",
    environment: ["DISPLAY", "WAYLAND_DISPLAY", "PATH"],
    read: (context) => seedFiles(context, "read"),
    brokered: seedPrograms,
    run: (context) => seedPrograms(context).flatMap(({ words }) => words.slice(0, 1)),
  },
  answers: {
    // In the folder of the cache, and no wider: a folder that is a link elsewhere is not followed.
    summary: "write ~/.aws/stsaval/answers, with --keep-answer",
    environment: ["HOME", "USERPROFILE", "STSAVAL_CACHE_DIR"],
    applies: (given) => given.flag("keep-answer"),
  },
  "kept-answers": {
    summary: "write ~/.aws/stsaval/answers, for the profiles that have an answer there",
    environment: ["HOME", "USERPROFILE", "STSAVAL_CACHE_DIR"],
  },
  "aws-cli-cache": {
    summary: "read and write ~/.aws/cli/cache, where it is shared with the AWS CLI",
    environment: ["HOME", "USERPROFILE"],
    folders: ({ arguments: given, env, sharesAwsCache: inProfiles }) =>
      sharesAwsCache(given) ?? inProfiles ? known(pathInHome("~/.aws/cli/cache", env)) : [],
  },
  "aws-cli-written": {
    summary: "remove from ~/.aws/cli/cache what stsaval put there",
    environment: ["HOME", "USERPROFILE"],
    folders: ({ env }) => known(pathInHome("~/.aws/cli/cache", env)),
  },
  "default-chain": {
    summary: "read the variables of web identity, containers and instances",
    environment: chainVariables,
  },
  "token-file": {
    summary: "read the token file of web identity or of a container, for profiles that rest on one",
    read: ({ env, sourceSteps }) =>
      sourceSteps.flatMap((step) => step.isLongTerm ? [] : sourceOf(step).files?.(step, env) ?? []),
  },
  "sealed-keys": {
    summary: "read ~/.aws/stsaval/sealed, and run its opener by /bin/sh, for sealed keys",
    // Whether a window of a keyring could be seen.
    environment: ["HOME", "USERPROFILE", "DISPLAY", "WAYLAND_DISPLAY"],
    read: ({ env, sourceSteps }) =>
      sourceSteps.flatMap((step) => step.isLongTerm ? sourceOf(step).files?.(step, env) ?? [] : []),
  },
  "sealed-store": {
    summary: "read and write ~/.aws/stsaval/sealed",
    environment: ["HOME", "USERPROFILE", "DISPLAY", "WAYLAND_DISPLAY"],
    readsNamed: true,
    folders: ({ env }) => known(sealedFolder(env)),
  },
  opener: {
    summary: "run the program of --opener, or those of this machine's keyrings, by /bin/sh",
    environment: ["PATH"],
    read: openerFilesOf,
    brokered: openerPrograms,
    run: (context) => openerPrograms(context).flatMap(({ words }) => words.slice(0, 1)),
  },
  sources: {
    summary:
      "read and write ~/.aws/sso/cache or ~/.aws/login/cache, for profiles that rest on a sign-in",
    environment: ["HOME", "USERPROFILE", "AWS_LOGIN_CACHE_DIRECTORY"],
    replace: async ({ env, sourceSteps }) => {
      const files = await Promise.all(
        sourceSteps.map((step) => sourceOf(step).tokenFiles?.(step, env) ?? []),
      );
      return [...new Set(files.flat())].flatMap((path) => [path, `${path}.lock`]);
    },
    folders: ({ env, sources }) =>
      [...sources].flatMap((source) =>
        (source.folders?.(env) ?? []).flatMap((folder) => known(pathInHome(folder, env)))
      ),
  },
  "github-variables": {
    summary: "read the variables of a job of GitHub Actions, with --github-oidc",
    environment: [urlVariable, tokenVariable],
    applies: (given) => given.flag("github-oidc"),
  },
  "github-oidc": {
    summary: "connect to GitHub Actions for a token, with --github-oidc",
    environment: [urlVariable, tokenVariable],
    hosts: [githubSuffix],
    applies: (given) => given.flag("github-oidc"),
  },
  sts: {
    summary: "connect to the STS endpoint, and read the CA certificates for it",
    environment: [
      ...caVariables,
      ...proxyVariables,
      ...noProxyVariables,
    ],
    // The SDK's edition for Node reads these when it is loaded; the compiled program holds the one for browsers.
    sourceEnvironment: [
      "AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA",
      "AWS_LAMBDA_BENCHMARK_MODE",
      "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED",
      "AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026",
    ],
    read: ({ env, caBundles }) => caBundles === undefined ? [] : caFiles(env, caBundles),
    sts: true,
  },
  prompt: {
    summary: "run /bin/sh for a prompt where standard input or standard error is no terminal",
    prompts: true,
  },
  "mfa-command": {
    summary: "run the program of --mfa-command or mfa_process",
    environment: [mfaCodeVariable, "PATH"],
    brokered: ({ mfaLines = [] }) => mfaLines,
    run: ({ arguments: given, mfaPrograms }) => {
      const command = given.text("mfa-command");
      return command === undefined ? mfaPrograms : splitWords(command, "--mfa-command").slice(0, 1);
    },
  },
  programs: {
    summary:
      "run the program of credential_process or of a web identity token, by /bin/sh, for profiles with one",
    brokered: ({ programs }) => programs,
    run: ({ programs }) => programs.flatMap(({ words }) => words.slice(0, 1)),
  },
  "run-program": {
    summary: "run COMMAND, without the AWS_… variables that lead to other credentials",
    environment: [
      ...["PATH", "STSAVAL_PROFILE", mfaCodeVariable, ...misleadingVariables],
      ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
      ...["AWS_CREDENTIAL_EXPIRATION", "AWS_REGION", "AWS_DEFAULT_REGION"],
    ],
    run: ({ arguments: given }) => given.rest.slice(0, 1),
  },
  "aws-login": {
    summary: "run aws, with --aws-login",
    environment: ["PATH"],
    run: ({ arguments: given }) => given.flag("aws-login") ? ["aws"] : [],
  },
  "write-output": { summary: "write the file of --output", replace: option("output") },
  "write-file": { summary: "write the file of --write", replace: option("write") },
  "write-home": {
    summary: "write the folder of --write-home",
    // The files in use are checked, so that the sample never replaces them.
    environment: ["HOME", "USERPROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"],
    inspect: (context) =>
      context.arguments.text("write-home") === undefined
        ? []
        : [configFile(context), credentialsFile(context)],
    replace: ({ arguments: given }) => {
      const folder = given.text("write-home");
      if (folder === undefined) return [];
      const files = [`${folder}/.aws/config`, `${folder}/.aws/credentials`];
      return [...files, ...sampleTokenPaths(folder, given)];
    },
  },
  "shell-variables": {
    summary: "read the variables of a shell with credentials",
    environment: [
      ...["STSAVAL_PROFILE", "AWS_CREDENTIAL_EXPIRATION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"],
    ],
  },
  "deno-line": {
    summary: "read ~/.aws, with --deno",
    environment: [...configVariables, ...chainVariables, ...folderVariables, ...caVariables],
    read: ({ arguments: given, env }) =>
      given.flag("deno") ? configPaths({ arguments: configWords(given.rest), env }) : [],
  },
  colors: {
    summary: "read NO_COLOR, FORCE_COLOR and TERM",
    environment: ["NO_COLOR", "FORCE_COLOR", "TERM"],
  },
  console: {
    summary: "connect to AWS's federation endpoint, and run /bin/sh to open the browser",
    hostNames: federationHosts,
    opensPages: ({ arguments: given }) => !given.flag("print"),
  },
  iam: {
    summary: "connect to IAM for the MFA devices of the user",
    hostNames: iamHosts,
    applies: (given) => !given.flag("offline") && !given.isNegated("mfa"),
  },
  "rotate-keys": {
    summary: "connect to IAM for the access keys of the user",
    hostNames: iamHosts,
  },
  "ask-iam": {
    summary: "connect to IAM for the age of keys, with --ask-iam",
    hostNames: iamHosts,
    applies: (given) => given.flag("ask-iam") && !given.flag("offline"),
  },
  doctor: {
    summary:
      "run aws --version, and look at ~/.aws, the programs, token files and certificates that profiles name",
    environment: [...examinedVariables, ...folderVariables, "PATH"],
    read: ({ env }) => known(pathInHome("~/.aws", env)),
    inspect: namedFiles,
    // A lock can be tried only where its file can be opened for writing.
    replace: async ({ files, ...context }) => {
      const named = [configFile(context), credentialsFile(context)];
      const paths = named.flatMap((path) => known(pathInHome(path, context.env)));
      return await Promise.all(paths.map(async (path) => `${await files.target(path)}.lock`));
    },
    run: () => ["aws"],
  },
  "doctor-fix": {
    summary: "write ~/.aws/config and ~/.aws/credentials, with --fix",
    applies: (given) => given.flag("fix"),
    replace: async ({ files, ...context }) => {
      const named = [configFile(context), credentialsFile(context)];
      const paths = named.flatMap((path) => known(pathInHome(path, context.env)));
      const changed = await Promise.all(paths.map(async (path) => {
        const target = await files.target(path);
        return [path, `${target}.lock`, ...await leftoversOf(files, target)];
      }));
      return changed.flat();
    },
  },
  listen: { summary: "listen on 127.0.0.1", listen: () => ["127.0.0.1"] },
  server: {
    summary: "listen on 127.0.0.1, and write ~/.aws/stsaval/servers",
    environment: ["HOME", "USERPROFILE", "STSAVAL_CACHE_DIR"],
    listen: servedAddresses,
    read: programPaths,
    folders: ({ env }) => known(tokenFolder(env)),
  },
  "server-of-child": {
    summary: "with --serve: listen on 127.0.0.1, and write ~/.aws/stsaval/servers",
    environment: ["HOME", "USERPROFILE", "STSAVAL_CACHE_DIR"],
    listen: (given) => servesChild(given) ? servedAddresses(given) : [],
    read: (context) => servesChild(context.arguments) ? programPaths(context) : [],
    folders: ({ arguments: given, env }) => servesChild(given) ? known(tokenFolder(env)) : [],
  },
  "sign-in": {
    summary:
      "run /bin/sh for a browser that signs in to IAM Identity Center, and listen on 127.0.0.1 for it",
    // They say that the person's browser is on another machine.
    environment: ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "CI", "CODESPACES", "CLOUD_SHELL"],
    listen: () => ["127.0.0.1"],
    opensPages: ({ arguments: given, sources, sourceSteps }) =>
      [...sources, ...sourceSteps].some(({ source }) => source === "sso") &&
      !given.isNegated("browser") && !given.flag("device") && !given.flag("aws-login"),
  },
} as const satisfies Readonly<Record<string, NeedRow>>;

/** What a command can need. */
export type Need = keyof typeof needTable;

/** What every command that gets credentials needs. */
export const credentialNeeds: readonly Need[] = [
  ...[
    "read-aws",
    "default-chain",
    "token-file",
    "sealed-keys",
    "policy-file",
    "sources",
    "github-oidc",
    "sts",
    "prompt",
    "mfa-command",
    "programs",
    "kept-seed",
    "cache",
    "sealed-cache",
    "aws-cli-cache",
  ] as const,
];

/** Every environment variable that any command reads, compiled or from source. */
export function environmentNames(isCompiled = false): readonly string[] {
  const rows: readonly NeedRow[] = Object.values(needTable);
  return [...new Set(rows.flatMap((row) => variablesOf(row, isCompiled)))].sort();
}

/** The variables that a need reads. */
export function variablesOf(row: NeedRow, isCompiled: boolean): readonly string[] {
  const { environment = [], sourceEnvironment = [] } = row;
  return isCompiled ? environment : [...environment, ...sourceEnvironment];
}

/** The row of a need. */
export function needRow(need: Need): NeedRow {
  return needTable[need];
}

/** Every command may fail, and an error has colors. */
function withCommon(needs: readonly Need[]): readonly Need[] {
  return [...new Set<Need>([...needs, "colors"])];
}

/** The rows of the needs that a command line has. */
export function rowsOf(needs: readonly Need[], given: ParsedArguments): readonly NeedRow[] {
  return withCommon(needs).map(needRow).filter((row) => row.applies?.(given) ?? true);
}

/** The needs as text, for help. */
export function describeNeeds(needs: readonly Need[]): string[] {
  return withCommon(needs).map((need) => needTable[need].summary);
}
