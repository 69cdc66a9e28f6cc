/**
 * Keys: what a terminal sends, split into single keys, mixed with whatever else wakes a prompt.
 *
 * @module
 */

import type { Clock, PromptPlace } from "../../system.ts";

/** Stands for the empty chunk that a terminal gives when a stopped program goes on: draw everything again. */
export const redrawKey = "";

/** A sequence that the next bytes may complete; a lone escape key looks the same. */
// deno-lint-ignore no-control-regex -- terminals send control characters
const beginning = /\x1b(?:\[[0-?]*[ -/]*|O)?$/;
/** Terminals send a sequence at once; slow lines may split it. */
const restMs = 50;

/** Splits a chunk of typed or pasted input into keys: a character, a line end, or an escape sequence each. */
export function splitKeys(chunk: string): readonly string[] {
  // deno-lint-ignore no-control-regex -- terminals send control characters
  return chunk.match(/\x1b\[[0-?]*[ -/]*[@-~]|\x1bO?[^]?|\r\n|[^]/gu) ?? [];
}

/** What else wakes a prompt, such as a tick or another size; aborted when a key comes first. Undefined for nothing. */
export type Wake = (signal: AbortSignal) => Promise<unknown> | undefined;

/** Where keys are typed, and the time between them. */
export interface KeyPorts {
  readonly terminal: Pick<PromptPlace, "keys">;
  readonly clock: Pick<Clock, "sleep">;
  /** Ends it: the next step rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The keys of each chunk as it is typed; none when `wake` settles first. Ends with the input. */
export async function* keyEvents(
  { terminal, clock, signal }: KeyPorts,
  wake: Wake,
): AsyncGenerator<readonly string[]> {
  const over = new AbortController();
  const ended = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const iterator = terminal.keys(ended)[Symbol.asyncIterator]();
  let held = "";
  try {
    let next = iterator.next();
    // Its failure is noticed where it is awaited, which may be later.
    next.catch(() => {});
    while (true) {
      const first = await firstOf(next, held === "" ? wake : (signal) => rest(clock, signal));
      if (first === undefined) {
        yield splitKeys(held);
        held = "";
        continue;
      }
      if (first.done) break;
      held += first.value;
      if (first.value === "") yield [redrawKey];
      else if (!beginning.test(held)) {
        yield splitKeys(held);
        held = "";
      }
      next = iterator.next();
      next.catch(() => {});
    }
    if (held !== "") yield splitKeys(held);
  } finally {
    // A read that is under way would hold up the end.
    over.abort();
    await iterator.return?.();
  }
}

function rest(clock: Pick<Clock, "sleep">, signal: AbortSignal): Promise<void> {
  return clock.sleep(restMs, { signal });
}

/** The result of the read; undefined if the wake-up comes first. */
async function firstOf<T>(read: Promise<T>, wake: Wake): Promise<T | undefined> {
  const over = new AbortController();
  const waking = wake(over.signal);
  if (waking === undefined) return await read;
  try {
    return await Promise.race([read, waking.then(() => undefined)]);
  } finally {
    // A cancelled wake-up rejects, with no waiter left.
    waking.catch(() => {});
    over.abort();
  }
}
