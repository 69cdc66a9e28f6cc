/**
 * The Command record: parsing, help, completion, man page and the README's table all derive from it.
 *
 * @module
 */

import type { Logger } from "../logger.ts";
import type { Progress } from "../progress.ts";
import type { CommandSystem } from "../system.ts";
import type { LiveArea } from "./progress/live_area.ts";
import type { ParsedArguments } from "./parse/arguments.ts";
import type { Need } from "./permissions/needs.ts";

/** One option of a command. */
export interface CommandOption {
  /** The long name, without dashes. */
  readonly name: string;
  /** Another long name for the same. */
  readonly alias?: string;
  /** One letter, where there is a short form. */
  readonly short?: string;
  /** The placeholder of the value in help, such as "FILE"; an option without one is a flag. */
  readonly value?: string;
  /** The allowed values, where they are a fixed set; shells complete them. */
  readonly choices?: readonly string[];
  /** True where the option may be given more than once. */
  readonly repeatable?: boolean;
  /** True for a flag that is on unless `--no-<name>` is given. */
  readonly negated?: boolean;
  /** One line, for help. */
  readonly summary: string;
}

/** An example command line. */
export interface CommandExample {
  readonly line: string;
  readonly summary: string;
}

/** Gives a command access to the other commands. */
export interface CommandDirectory {
  /**
   * What the first words of a command line name: a command of one word or two, or the group of the commands that begin
   * with that word; and the words after it.
   *
   * @throws {UsageError} with the nearest name, if there is neither
   */
  resolve(words: readonly string[]): Promise<Resolved>;
  /** The records of all commands, in the order in which help lists them. */
  all(): Promise<Command[]>;
}

/** A command, or the commands that share their first word; and the words that follow. */
export interface Resolved {
  /** The command's name, or the shared first word. */
  readonly name: string;
  /** Undefined where the word alone is no command. */
  readonly command: Command | undefined;
  /** The commands of two words that begin with `name`. */
  readonly group: readonly Command[];
  readonly rest: readonly string[];
}

/** What a command runs with. */
export interface Invocation {
  /** The command itself. */
  readonly command: Command;
  readonly commands: CommandDirectory;
  readonly arguments: ParsedArguments;
  readonly system: CommandSystem;
  readonly logger: Logger;
  /** The bottom of the terminal, for what is drawn over itself. */
  readonly live: LiveArea;
  /** Shows progress; undefined where there is none to show, as in a pipe. */
  readonly onProgress: ((progress: Progress | undefined) => void) | undefined;
  /**
   * Aborts when the command must end; the reason is the error to report: an `InterruptedError` for ctrl+c and the other
   * signals that end a program, another if standard output cannot be written.
   */
  readonly signal: AbortSignal;
  /** From now on signals do not end the command after the grace period: a child program handles them. */
  delegateSignals(): void;
}

/** What people come for: the headings of the list of commands, in its order. */
export const topics = {
  get: "GET CREDENTIALS",
  keep: "KEEP THEM",
  handOut: "HAND THEM OUT",
  look: "LOOK",
  setUp: "SET UP",
} as const;

/** A command, as one record. */
export interface Command {
  /** One word, or two: "keys import" is a command of the group "keys". */
  readonly name: string;
  /** The heading that it stands under. */
  readonly topic: keyof typeof topics;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What the command does, for its own help, in a few lines. */
  readonly description: string;
  /** The operands, as help shows them, such as "[COMMAND]"; without it the command takes none. */
  readonly operands?: string;
  /**
   * What PROFILE among the operands stands for if it is left out: AWS_PROFILE and so on down to the only profile there is
   * (default), to the only one with keys ("user"), or everything there is.
   */
  readonly unnamed?: "profile" | "user" | "everything";
  readonly options: readonly CommandOption[];
  readonly examples: readonly CommandExample[];
  /** The environment variables that it reads, besides those that every command reads. */
  readonly environment: readonly string[];
  /** The permissions that it needs. */
  readonly needs: readonly Need[];
  /** Does the work; the number is the exit status. */
  run(invocation: Invocation): Promise<number>;
}
