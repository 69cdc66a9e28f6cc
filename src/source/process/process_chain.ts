/**
 * The profiles that wait for a program, as its environment tells it: a program that asks stsaval for the credentials of
 * one of them would wait for itself.
 *
 * @module
 */

import { processChainVariable } from "../../config/environment.ts";
import { type FilePlace, formatPlace } from "../../errors.ts";
import type { SourceStep } from "../../plan.ts";
import type { CommandLine, Environment } from "../../system.ts";
import { objectOf, textOf } from "../json_fields.ts";
import { splitCommand } from "./command_line.ts";

/** A profile that waits for the program that it names. */
export interface WaitingProfile {
  readonly profile: string;
  /** Where it names the program. */
  readonly place: FilePlace;
}

/** The profiles that wait for this process, the outermost first; none where the variable is not ours. */
export function waitingProfiles(variable: string | undefined): readonly WaitingProfile[] {
  const parsed = parseJson(variable ?? "");
  return Array.isArray(parsed) ? parsed.flatMap(readProfile) : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readProfile(value: unknown): readonly WaitingProfile[] {
  const { profile, file, line } = objectOf(value) ?? {};
  const [name, path] = [textOf(profile), textOf(file)];
  if (name === undefined || path === undefined) return [];
  return [{ profile: name, place: { file: path, ...(typeof line === "number" ? { line } : {}) } }];
}

/** What is run for a step whose settings hold a command line. */
export function commandLineOf(
  { profile, settings: { command = "" }, place = { file: "" } }: SourceStep,
  env: Environment,
): CommandLine {
  const waiting = waitingProfiles(env.get(processChainVariable));
  return {
    words: splitCommand(command).words,
    env: chainVariables([...waiting, { profile, place }]),
  };
}

/** The variable of a program that these profiles wait for. */
export function chainVariables(
  waiting: readonly WaitingProfile[],
): Readonly<Record<string, string>> {
  const items = waiting.map(({ profile, place: { file, line } }) => ({ profile, file, line }));
  return { [processChainVariable]: JSON.stringify(items) };
}

/** `"a" ("/home/kim/.aws/config", line 2) -> "b" (…) -> "a"`, in the order in which they wait. */
export function formatLoop(waiting: readonly WaitingProfile[]): string {
  const links = waiting.map(({ profile, place }) => `"${profile}" (${formatPlace(place)})`);
  return [...links, `"${waiting[0]?.profile}"`].join(" -> ");
}
