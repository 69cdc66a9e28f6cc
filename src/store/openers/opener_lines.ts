/**
 * The openers by name, and the command lines of their programs: what a broker is told before this program may run
 * nothing else. Plain data, since every command loads it.
 *
 * @module
 */

import { expandHome } from "../../config/home.ts";
import { UsageError } from "../../errors.ts";
import type { CommandLine, Environment } from "../../system.ts";
import { sealedFolder } from "../sealed_folder.ts";

/** The names of the openers, as `sealed_keys` and `--opener` have them. */
export const openerNames = [
  "passphrase",
  "identity",
  "secret-service",
  "keyctl",
  "keychain",
  "pass",
  "systemd-creds",
] as const;

/** The name of an opener. */
export type OpenerName = typeof openerNames[number];

/** The keyrings that may be there without the user knowing, in the order in which they are tried. */
export const triedOpeners: readonly OpenerName[] = ["keychain", "secret-service"];

/** An opener that was chosen. */
export interface OpenerChoice {
  readonly name: OpenerName;
  /** The path of an identity file, as it is written; empty for all other openers. */
  readonly argument: string;
}

/** The lines of one opener, by what they are for. */
export interface OpenerLines {
  /** Prints the key; more than one where the first is not enough. */
  readonly find: readonly (readonly string[])[];
  /** Keeps the key that it reads. */
  readonly keep: readonly (readonly string[])[];
}

const none: OpenerLines = { find: [], keep: [] };
const attribute = ["application", "stsaval"];
const keychainItem = ["-a", "stsaval", "-s", "stsaval"];
const passName = "stsaval/identity";
const credential = ["systemd-creds", "--user", "--name=stsaval"];

const table: Readonly<Record<OpenerName, OpenerLines>> = {
  passphrase: none,
  identity: none,
  "secret-service": {
    // The first never opens a window: it shows what is locked as locked.
    find: [["secret-tool", "search", ...attribute], ["secret-tool", "lookup", ...attribute]],
    keep: [["secret-tool", "store", "--label=stsaval", ...attribute]],
  },
  keyctl: {
    find: [["keyctl", "pipe", "%user:stsaval"]],
    keep: [["keyctl", "padd", "user", "stsaval", "@u"]],
  },
  keychain: {
    find: [["security", "find-generic-password", ...keychainItem, "-w"]],
    // It reads its commands: a secret among its arguments could be seen by other programs.
    keep: [["security", "-i"]],
  },
  pass: {
    find: [["pass", "show", passName]],
    keep: [["pass", "insert", "--multiline", "--force", passName]],
  },
  "systemd-creds": { find: [], keep: [[...credential, "encrypt", "-", "-"]] },
};

/** Their messages are read, so they must not be translated. */
const env = { LC_ALL: "C" };

/** The lines of an opener for one purpose, in the order of the table. */
export function openerLines(
  name: OpenerName,
  purpose: keyof OpenerLines,
  environment: Environment,
): readonly CommandLine[] {
  const own = name === "systemd-creds" && purpose === "find"
    ? [[...credential, "decrypt", credentialPath(environment), "-"]]
    : table[name][purpose];
  return own.map((words) => ({ words, env }));
}

/** What an opener runs, whatever for. */
export function allOpenerLines(
  name: OpenerName,
  environment: Environment,
): readonly CommandLine[] {
  return [
    ...openerLines(name, "find", environment),
    ...openerLines(name, "keep", environment),
  ];
}

/** Where `systemd-creds` has its sealed copy of the identity: it keeps none itself. */
export function credentialPath(environment: Environment): string {
  return `${sealedFolder(environment) ?? "~"}/identity.cred`;
}

/** The files that an opener reads. */
export function openerFiles(
  { name, argument }: OpenerChoice,
  environment: Environment,
): readonly string[] {
  if (name === "identity") return [expandHome(argument, environment)];
  return name === "systemd-creds" ? [credentialPath(environment)] : [];
}

/** `identity:~/key.txt` as a choice; a text says what is wrong with it. */
export function readOpener(text: string): OpenerChoice | string {
  const [, word = "", argument] = /^([^:]*)(?::(.*))?$/s.exec(text.trim()) ?? [];
  const name = openerNames.find((known) => known === word);
  if (name === undefined) return `wanted ${openerNames.join(", ")}`;
  if (name !== "identity") {
    return argument === undefined ? { name, argument: "" } : `"${name}" takes nothing after it`;
  }
  const path = argument?.trim() ?? "";
  return path === "" ? 'wanted the file too, such as "identity:~/.config/age/key.txt"' : {
    name,
    argument: path,
  };
}

/** The same, for what was typed. @throws {UsageError} */
export function parseOpener(text: string): OpenerChoice {
  const choice = readOpener(text);
  if (typeof choice !== "string") return choice;
  throw new UsageError(`Cannot use ${JSON.stringify(text)} as an opener: ${choice}`, {
    hint: "see 'stsaval help keys import'",
  });
}

/** As it is written in `sealed_keys`. */
export function formatOpener({ name, argument }: OpenerChoice): string {
  return argument === "" ? name : `${name}:${argument}`;
}
