/**
 * An opener: where the key of sealed files comes from, as one record.
 *
 * @module
 */

import { StoreError, type StoreFault } from "../../errors.ts";
import { maskSecrets } from "../../masking.ts";
import { ProgramFault, programOutput, type ProgramPorts } from "../../program_output.ts";
import type { CommandLine, Environment, Files } from "../../system.ts";
import type { AgeKey } from "../age_file.ts";
import type { AskPassphrase } from "../passphrase_port.ts";
import type { OpenerName } from "./opener_lines.ts";

/** How a program ended. */
export interface ProgramRun {
  readonly outcome: "ok" | "failed" | "missing" | "time";
  /** Its exit code, if it failed. */
  readonly status?: number | undefined;
  /** All that it printed. It may hold a secret. */
  readonly text: string;
}

/** What an opener works with. */
export interface OpenerContext {
  readonly env: Environment;
  readonly files: Pick<Files, "facts" | "readText" | "replaceText">;
  /** The path of an identity file. */
  readonly argument: string;
  /** The path of the sealed file, for the prompt. */
  readonly file: string;
  readonly ask: AskPassphrase;
  readonly signal: AbortSignal;
  /** Runs a program of the opener, which reads `input`. */
  run(
    line: CommandLine | undefined,
    options?: { readonly input?: string; readonly seconds?: number; readonly ownErrors?: boolean },
  ): Promise<ProgramRun>;
}

/** An opener. */
export interface Opener {
  readonly name: OpenerName;
  /** What keeps the key, for people: "the Secret Service". */
  readonly title: string;
  /** True where the key is a passphrase, which a person types. */
  readonly asks: boolean;
  /** The key; undefined where none is kept. `refused` counts the keys that did not open the file. */
  find(context: OpenerContext, refused: number): Promise<AgeKey | undefined>;
  /** Makes the first key, and keeps it. */
  make(context: OpenerContext): Promise<AgeKey>;
  /** Called with a key that a person typed and that has opened a file. */
  remember?(context: OpenerContext, key: AgeKey): Promise<void>;
}

/** A program that shows no prompt. */
const usualSeconds = 10;
/** With the program before it still less than a minute. */
export const askingSeconds = 45;
const mostBytes = 65_536;

/** Runs a program to its end, whatever that is. */
export async function runOpener(
  ports: ProgramPorts,
  line: CommandLine,
  { input, seconds = usualSeconds, ownErrors = false, signal }: {
    readonly input?: string | undefined;
    readonly seconds?: number | undefined;
    readonly ownErrors?: boolean | undefined;
    readonly signal: AbortSignal;
  },
): Promise<ProgramRun> {
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  try {
    const options = { input, mergesErrors: !ownErrors };
    const limits = { seconds, bytes: mostBytes };
    return {
      outcome: "ok",
      text: decode(await programOutput(ports, line, limits, signal, options)),
    };
  } catch (error) {
    if (!(error instanceof ProgramFault)) throw error;
    const { kind, output, status } = error;
    const outcome = kind === "start" ? "missing" : kind === "time" ? "time" : "failed";
    return { outcome, status, text: kind === "output" ? error.message : decode(output) };
  }
}

/** What a hint says where only another opener helps. */
export const anotherOpener = "choose another with --opener, such as passphrase";

/** The error of an opener that gave no key. */
export function openerError(
  { title }: Pick<Opener, "title">,
  fault: StoreFault,
  why: string,
  hint: string,
): StoreError {
  return new StoreError(fault, `Cannot get the key of sealed files from ${title}: ${why}`, {
    hint,
  });
}

/** What goes wrong with a program in the same way for all openers; undefined where it ran to its end. */
export function commonFault(
  opener: Pick<Opener, "title">,
  { outcome }: ProgramRun,
  program: string,
  install: string,
): StoreError | undefined {
  if (outcome === "missing") {
    const why = `the program "${program}" is not here`;
    return openerError(opener, "no-program", why, `${install}, or ${anotherOpener}`);
  }
  if (outcome !== "time") return undefined;
  const why = `"${program}" did not end in time; it may wait for a person, in a window`;
  return openerError(opener, "time-out", why, "unlock it, then try again");
}

/** The last line of what a program printed, without secrets and control characters. */
export function lastWords({ text, status }: ProgramRun): string {
  const lines = text.split("\n").map((line) => line.replace(/\p{C}/gu, "").trim());
  const last = lines.findLast((line) => line !== "");
  if (last === undefined) return `it ended with exit code ${status}`;
  return maskSecrets(last.replace(/AGE-SECRET-KEY-[0-9A-Z-]*/g, "********")).slice(0, 300);
}

/** The identity in what a program printed. */
export function identityIn({ text }: ProgramRun): AgeKey | undefined {
  const identities = text.match(/AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+/g);
  return identities === null ? undefined : { kind: "identity", identities };
}
