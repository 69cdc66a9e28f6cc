/**
 * Codes that a person types: asked for again when AWS refuses one, and never sent twice.
 *
 * @module
 */

import type { MfaCodeOptions, TypedMfaCode } from "../../session/mfa.ts";
import type { System } from "../../system.ts";
import { inPromptTurn } from "../prompt/prompt_turn.ts";

/** How many codes are tried in all. */
const mostTries = 3;
/** A TOTP device shows a new code at each multiple of 30 seconds (RFC 6238). */
const stepMs = 30_000;
/** AWS accepts a code a little before and after its own step, so an older one may be the same by chance only. */
const usedMs = 3 * stepMs;

/** Asks a person for the code of a device. */
export type CodeAsker = (serial: string, options: MfaCodeOptions) => Promise<TypedMfaCode>;

/** Asks on the terminal. */
export function createCodeAsker(
  { clock, terminal }: Pick<System, "clock" | "terminal">,
): CodeAsker {
  /** When each code was sent, by device and code. */
  const sent = new Map<string, number>();
  /** When a code was last sent that was not refused, by device. */
  const accepted = new Map<string, number>();
  const keyOf = (serial: string, code: string) => JSON.stringify([serial, code]);
  const isUsed = (serial: string) => (code: string) =>
    clock.now() - (sent.get(keyOf(serial, code)) ?? -Infinity) < usedMs;

  async function ask(
    serial: string,
    options: MfaCodeOptions,
    tries: number,
    note?: string,
  ): Promise<TypedMfaCode> {
    const { profiles, signal } = options;
    // Loaded for who is asked: most codes are given, or need not be.
    const { askMfaCode } = await import("./prompt.ts");
    const code = await inPromptTurn(terminal, () =>
      askMfaCode({ terminal, clock }, serial, {
        ...{ profiles, signal, note },
        columns: terminal.columns(),
        isUsed: isUsed(serial),
        waits: stepOf(accepted.get(serial)) === stepOf(clock.now()),
      }));
    const before = accepted.get(serial);
    sent.set(keyOf(serial, code), clock.now());
    accepted.set(serial, clock.now());
    const onRefused = async () => {
      if (before === undefined) accepted.delete(serial);
      else accepted.set(serial, before);
      if (tries <= 1) return undefined;
      return await ask(serial, options, tries - 1, refusedNote(tries - 1));
    };
    return { code, onRefused };
  }

  return (serial, options) => ask(serial, options, mostTries);
}

function stepOf(time: number | undefined): number | undefined {
  return time === undefined ? undefined : Math.floor(time / stepMs);
}

function refusedNote(left: number): string {
  return `AWS refused this code: ${left} ${left === 1 ? "try" : "tries"} left`;
}
