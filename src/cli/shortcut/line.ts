/**
 * The command lines that a lookup may answer: one profile, named as it is called, and nothing that changes its plan.
 *
 * @module
 */

import type { CommandOption } from "../command.ts";
import { fastParse } from "../parse/fast_parse.ts";
import { isShortCommand, type ShortCommand } from "./candidate.ts";

/** Such a line. */
export interface ShortLine {
  readonly command: ShortCommand;
  readonly profile: string;
  /** The value of `--format`, of `env`. */
  readonly format?: string | undefined;
  /** The program of `exec`, with its arguments. */
  readonly rest: readonly string[];
}

/** The options that such a line may have: what a test holds to those of the commands. */
export const shortOptions: Readonly<Record<ShortCommand, readonly CommandOption[]>> = {
  process: [profileOption()],
  exec: [profileOption()],
  env: [profileOption(), { name: "format", value: "FORMAT", summary: "" }],
};

/** The records of the commands are slow to load. */
function profileOption(): CommandOption {
  const names = { name: "profile", alias: "profiles", short: "p" };
  return { ...names, value: "NAME", repeatable: true, summary: "" };
}

/** The line, if a lookup may answer it; undefined for any other, valid or not. */
export function shortLine(name: string, words: readonly string[]): ShortLine | undefined {
  if (!isShortCommand(name)) return undefined;
  const end = words.indexOf("--");
  const own = end < 0 ? words : words.slice(0, end);
  const rest = end < 0 ? [] : words.slice(end + 1);
  if ((name === "exec") !== rest.length > 0 || (name !== "exec" && end >= 0)) return undefined;
  const given = fastParse(shortOptions[name], own);
  const named = given === undefined ? [] : [...given.operands, ...given.list("profile")];
  const [profile = "", extra] = named;
  if (profile === "" || extra !== undefined) return undefined;
  return { command: name, profile, format: given?.text("format"), rest };
}
