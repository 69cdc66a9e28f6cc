/**
 * Shows a set while it is renewed: the table on a terminal, lines elsewhere.
 *
 * @module
 */

import type { CredentialEvent } from "../../refresh/events.ts";
import type { CredentialSet } from "../../refresh/live.ts";
import type { Invocation } from "../command.ts";
import { hasColor } from "../../output/style.ts";
import { type KeyRequest, readKeyRequests } from "./keys.ts";
import { drawWatch } from "./screen.ts";
import { formatEventLine } from "./view.ts";

/** A terminal gets a table; a pipe, a log, and a terminal without colors get lines. */
export function isScreen({ arguments: given, system }: Invocation): boolean {
  return system.terminal.outIsTerminal && !given.flag("json") &&
    system.env.get("NO_COLOR") === undefined && system.env.get("TERM") !== "dumb";
}

/**
 * Shows the set until it is halted, or until the signal aborts, or until a key asks for an end or a new code: then
 * returns which. The set is renewed at once when a key asks for that. `aside` keeps lines for people off standard output,
 * which holds something else.
 */
export async function showSet(
  invocation: Invocation,
  set: CredentialSet,
  signal?: AbortSignal,
  { aside = false }: { readonly aside?: boolean } = {},
): Promise<Exclude<KeyRequest, "renew"> | undefined> {
  if (!isScreen(invocation)) {
    const { terminal } = invocation.system;
    const isAside = aside && !invocation.arguments.flag("json");
    const write = (text: string) => isAside ? terminal.err(text) : terminal.out(text);
    await printEvents(invocation, set, write, signal);
    return undefined;
  }
  const { live, system } = invocation;
  const { clock, signals, terminal } = system;
  const over = new AbortController();
  const ended = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  let asked: Exclude<KeyRequest, "renew"> | undefined;
  const hasKeys = terminal.canAsk;
  const reading = !hasKeys ? Promise.resolve() : readKeyRequests({ live, clock }, ended, (key) => {
    if (key === "renew") return set.renewNow();
    asked = key;
    over.abort();
  });
  // Its failure is noticed below.
  reading.catch(() => {});
  try {
    const color = hasColor(system, "out");
    await drawWatch({ live, clock, signals, color, hasKeys }, set, ended);
  } finally {
    over.abort();
    await reading;
  }
  return asked;
}

/** Prints one line per event. */
async function printEvents(
  { arguments: given, system }: Invocation,
  set: CredentialSet,
  write: (text: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const json = given.flag("json");
  const print = (event: CredentialEvent) => write(formatEventLine(event, system.clock.now(), json));
  const options = signal === undefined ? {} : { signal };
  for (const type of ["refresh", "retry", "error"] as const) {
    set.addEventListener(type, print, options);
  }
  set.addEventListener("halt", (event) => {
    print(event);
    resolve();
  }, options);
  signal?.addEventListener("abort", () => resolve(), { once: true });
  if (set.haltReason === undefined && !signal?.aborted) await promise;
}

/** Without this, a pipe shows nothing until the first renewal. */
export function reportStart({ system }: Invocation, set: CredentialSet): void {
  const status = set.status();
  const ends = status.flatMap(({ renewableUntil }) => renewableUntil ?? []);
  const last = ends.reduce((latest, one) => one > latest ? one : latest, new Date(0));
  const until = ends.length < status.length ? "until ctrl+c" : `until ${last.toISOString()}`;
  system.terminal.err(`${countProfiles(status.length)} renewed ${until}\n`);
}

/** Says why nothing is renewed any longer. */
export function reportEnd({ system }: Invocation, set: CredentialSet): void {
  const count = countProfiles(set.status().length);
  system.terminal.err(`${count} no longer renewed: ${set.haltReason}\n`);
}

function countProfiles(count: number): string {
  return count === 1 ? "1 profile is" : `${count} profiles are`;
}
