/**
 * Finds and loads the configuration: the two files of `~/.aws` and the environment.
 *
 * @module
 */

import { ConfigError } from "../errors.ts";
import { fileHint } from "../file_error.ts";
import type { Environment, Files } from "../system.ts";
import { type ConfigEnvironment, readEnvironment } from "./environment.ts";
import type { BaseKind } from "./base_kind.ts";
import { type ConfigWarning, type IniFile, type IniSection, parseIni } from "./file/ini.ts";
import { expandHome } from "./home.ts";
import { createSsoSession, type SsoSession } from "./sign_in_session.ts";
import { createProfile, type Profile } from "./profile.ts";
import { profileSources } from "./profile_source.ts";

/** Overrides of the default files; a leading `~/` is the home folder. */
export interface ConfigOptions {
  /** The kinds of base credentials, in the order in which a profile that names several takes them. */
  readonly kinds?: readonly BaseKind[];
  readonly configFile?: string;
  readonly credentialsFile?: string;
}

/** The loaded configuration. */
export interface Config {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly ssoSessions: ReadonlyMap<string, SsoSession>;
  readonly kinds: readonly BaseKind[];
  /** The sections `[stsaval-group name]` of the config file, by name. */
  readonly groups: ReadonlyMap<string, IniSection>;
  /** What was read but ignored. */
  readonly warnings: readonly ConfigWarning[];
  /** The files that were looked for; they need not exist. */
  readonly files: { readonly config: string; readonly credentials: string };
  readonly environment: ConfigEnvironment;
  /** The variables themselves, for the kinds of base credentials that have some of their own. */
  readonly env: Environment;
}

/** What files come to. */
type Combined = Pick<Config, "profiles" | "ssoSessions" | "groups" | "warnings">;

/** The ports of loading. */
export interface ConfigPorts {
  readonly files: Pick<Files, "readText">;
  readonly env: Environment;
}

/** What the files came to whose texts are remembered: one command asks for the same ones several times. */
const combinedOf = new WeakMap<ConfigPorts["files"], Map<string, Promise<Combined>>>();

/** Lets {@linkcode loadConfig} parse the texts of these files once, which have to stay the same; returns the files. */
export function parseOnce<F extends ConfigPorts["files"]>(files: F): F {
  combinedOf.set(files, new Map());
  return files;
}

/**
 * Reads both files. Either may be missing, unless an option names it.
 *
 * @throws {ConfigError} when a file cannot be read, with the line if there is one
 * @throws {UsageError} when an environment variable has an invalid value
 */
export async function loadConfig(
  ports: ConfigPorts,
  options: ConfigOptions = {},
): Promise<Config> {
  const config = locate(ports.env, options.configFile, "AWS_CONFIG_FILE", "config");
  const credentials = locate(
    ports.env,
    options.credentialsFile,
    "AWS_SHARED_CREDENTIALS_FILE",
    "credentials",
  );
  checkHome(ports.env, [config, credentials]);
  return {
    ...await combineOnce(ports.files, config, credentials),
    kinds: options.kinds ?? [],
    files: { config: config.path, credentials: credentials.path },
    environment: readEnvironment(ports.env),
    env: ports.env,
  };
}

/**
 * Loads role definitions from outside `~/.aws`: INI with sections `[name]` or `[profile name]`, or JSON in the
 * shape that `refactor` returns.
 *
 * @throws {ConfigError} when the file does not exist or cannot be read
 */
export async function loadRoleFile(
  ports: ConfigPorts,
  path: string,
): Promise<ReadonlyMap<string, Profile>> {
  const file = expandHome(path, ports.env);
  const text = await readFile(ports.files, file) ?? missing(file);
  const { isJson, parseRoleJson } = await import("./role_json.ts");
  const parsed = isJson(text) ? parseRoleJson(text, file) : parseIni(text, { file, kind: "roles" });
  return combineFiles([parsed]).profiles;
}

/** The configuration with more profiles; they replace existing ones of the same name. */
export function addProfiles(config: Config, more: ReadonlyMap<string, Profile>): Config {
  const warnings = [...config.warnings];
  for (const [name, { place }] of more) {
    const older = config.profiles.get(name);
    if (older === undefined) continue;
    const message = `profile ignored: "${name}" is defined in "${place.file}" too`;
    warnings.push({ place: older.place, message, byRule: true });
  }
  return { ...config, profiles: new Map([...config.profiles, ...more]), warnings };
}

function combineOnce(
  files: ConfigPorts["files"],
  config: Location,
  credentials: Location,
): Promise<Combined> {
  const known = combinedOf.get(files);
  const key = JSON.stringify([config, credentials]);
  const combined = known?.get(key) ?? combineBoth(files, config, credentials);
  known?.set(key, combined);
  return combined;
}

async function combineBoth(
  files: ConfigPorts["files"],
  config: Location,
  credentials: Location,
): Promise<Combined> {
  return combineFiles(
    await Promise.all([
      readIni(files, config, "config"),
      readIni(files, credentials, "credentials"),
    ]),
  );
}

/**
 * Files of an unknown home folder are not missing files: there may be profiles in them. Keys of the environment need none.
 */
function checkHome(env: Environment, locations: readonly Location[]): void {
  const unknown = locations.find(({ path }) => /^~(?=$|[\\/])/.test(path));
  if (unknown === undefined || env.get("AWS_ACCESS_KEY_ID") !== undefined) return;
  throw new ConfigError(
    "Cannot find",
    { file: unknown.path },
    "HOME is not set, and no home folder is known",
    { hint: "set HOME, or name both files with --config-file and --credentials-file" },
  );
}

interface Location {
  readonly path: string;
  /** True if it must exist, since an option names it. */
  readonly required: boolean;
  /** The variable that names it. */
  readonly variable?: string;
}

function locate(
  env: Environment,
  option: string | undefined,
  variable: string,
  name: string,
): Location {
  if (option !== undefined) return { path: expandHome(option, env), required: true };
  const named = env.get(variable);
  if (named !== undefined) return { path: expandHome(named, env), required: false, variable };
  return { path: expandHome(`~/.aws/${name}`, env), required: false };
}

async function readIni(
  files: Pick<Files, "readText">,
  { path, required, variable }: Location,
  kind: "config" | "credentials",
): Promise<IniFile> {
  const text = await readFile(files, path);
  if (text !== undefined) {
    return kind === "config" ? parseConfig(text, path) : parseIni(text, { file: path, kind });
  }
  if (required) missing(path);
  const message = `${variable} names a file that does not exist`;
  return {
    sections: [],
    warnings: variable === undefined ? [] : [{ place: { file: path }, message }],
  };
}

/** The configuration that was read last, unless it is long or holds keys. */
let lastConfig:
  | { readonly file: string; readonly text: string; readonly parsed: IniFile }
  | undefined;

/** In characters. */
const longConfig = 65_536;

/** A command reads its configuration twice: before and after its permissions are narrowed. */
function parseConfig(text: string, file: string): IniFile {
  if (lastConfig?.file === file && lastConfig.text === text) return lastConfig.parsed;
  const parsed = parseIni(text, { file, kind: "config" });
  const isKept = text.length <= longConfig && !/secret_access_key|session_token/i.test(text);
  lastConfig = isKept ? { file, text, parsed } : undefined;
  return parsed;
}

async function readFile(
  files: Pick<Files, "readText">,
  path: string,
): Promise<string | undefined> {
  try {
    return await files.readText(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError("Cannot read", { file: path }, why, {
      hint: fileHint(error),
      cause: error,
    });
  }
}

function missing(file: string): never {
  throw new ConfigError("Cannot read", { file }, "there is no such file");
}

/** Merges the sections of all files into profiles, setting by setting; a later file wins. */
function combineFiles(files: readonly IniFile[]): Combined {
  const warnings: ConfigWarning[] = files.flatMap((file) => file.warnings);
  const groups = new Map<string, IniSection>();
  const services = new Map<string, IniSection>();
  const ssoSessions = new Map<string, SsoSession>();
  for (const section of files.flatMap((file) => file.sections)) {
    if (section.kind === "stsaval-group") groups.set(section.name, section);
    if (section.kind === "services") services.set(section.name, section);
    if (section.kind === "sso-session") ssoSessions.set(section.name, createSsoSession(section));
  }
  const profiles = new Map<string, Profile>();
  for (const source of profileSources(files, warnings)) {
    profiles.set(source.name, createProfile(source, services, warnings));
  }
  for (const group of groups.values()) checkGroup(group, profiles, warnings);
  return { profiles, ssoSessions, groups, warnings };
}

/** What of a group does not count: a name stands for the profile of that name, as in every other tool. */
function checkGroup(
  { name, place, settings }: IniSection,
  profiles: ReadonlyMap<string, Profile>,
  warnings: ConfigWarning[],
): void {
  if (profiles.has(name)) {
    const message = `section "[stsaval-group ${name}]" ignored: a profile has that name`;
    warnings.push({ place, message });
  }
  for (const { key, place } of settings.values()) {
    if (key === "profiles") continue;
    warnings.push({ place, message: `setting ignored: "${key}", a group has only "profiles"` });
  }
}
