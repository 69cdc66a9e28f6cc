/**
 * Colors by what they say: one table of roles, and where they may be used.
 *
 * @module
 */

import type { Environment, Terminal } from "../system.ts";

/**
 * The roles, each with its SGR parameter (ECMA-48, 8.3.117). The text says the same without the color, and the colors
 * are those that every terminal sets itself, so that they can be read on dark and on light.
 */
const roles = {
  /** Works, and has time left. */
  ok: 32,
  /** Works, but not for long, or not as expected. */
  warning: 33,
  /** Failed or expired. */
  error: 31,
  /** Of less importance: reasons, borders, hints for keys. */
  dim: 2,
  /** What the eye looks for: titles, names, what is chosen. */
  accent: 1,
} as const;

/** What a color says. */
export type Role = keyof typeof roles;

/** Paints text for a role; a painter without colors returns the text as it is. */
export type Paint = (role: Role, text: string) => string;

/** What decides about colors. */
export interface ColorPorts {
  readonly env: Environment;
  readonly terminal: Pick<Terminal, "outIsTerminal" | "errIsTerminal">;
}

/** Text in the color of its role. */
export function inColor(role: Role, text: string): string {
  return text === "" ? "" : `\x1b[${roles[role]}m${text}\x1b[0m`;
}

/** Text as it is. */
export function inPlain(_role: Role, text: string): string {
  return text;
}

/**
 * Whether a stream may carry colors: a terminal that is not dumb does, unless NO_COLOR is set and not empty
 * (https://no-color.org). FORCE_COLOR, unless it is 0 or false, turns them on elsewhere too; NO_COLOR outweighs it. One
 * of them that is no text turns them off: errors, which may be about it, are to be shown.
 */
export function hasColor({ env, terminal }: ColorPorts, stream: "out" | "err"): boolean {
  try {
    if (env.get("NO_COLOR")) return false;
    const forced = env.get("FORCE_COLOR");
    if (forced) return forced !== "0" && forced !== "false";
    const isTerminal = stream === "out" ? terminal.outIsTerminal : terminal.errIsTerminal;
    return isTerminal && env.get("TERM") !== "dumb";
  } catch {
    return false;
  }
}

/** The painter for a stream. */
export function painterFor(ports: ColorPorts, stream: "out" | "err"): Paint {
  return hasColor(ports, stream) ? inColor : inPlain;
}
