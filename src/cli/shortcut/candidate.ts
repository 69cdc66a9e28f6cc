/**
 * Which command lines the short way is loaded for. This is part of the first file of the program, which every command
 * waits for.
 *
 * @module
 */

/** The commands whose lines a lookup may answer. */
export const shortCommands = ["process", "exec", "env"] as const;

/** One of them. */
export type ShortCommand = typeof shortCommands[number];

/** Whether lines of the command may be short. */
export function isShortCommand(name: string): name is ShortCommand {
  return shortCommands.some((known) => known === name);
}

/** Whether a code is to be sent: then nothing is taken from the cache. */
export function sendsCode(words: readonly string[]): boolean {
  return words.some((word) => /^--mfa-code(?:=|$)/.test(word));
}
