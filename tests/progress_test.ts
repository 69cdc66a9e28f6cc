import { assertEquals } from "@std/assert";
import { type Progress, ProgressState } from "../src/progress.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function observed(): { readonly seen: (Progress | undefined)[]; readonly state: ProgressState } {
  const seen: (Progress | undefined)[] = [];
  return { seen, state: new ProgressState((progress) => void seen.push(progress)) };
}

pure("ProgressState counts what is done, and says nothing more once the work has ended", () => {
  const { seen, state } = observed();
  const work = state.begin(2);
  work.done();
  work.done();
  work.done();
  work[Symbol.dispose]();
  work[Symbol.dispose]();
  const rest = { total: 2, unit: "profiles", waits: [] };
  assertEquals(seen, [{ done: 0, ...rest }, { done: 1, ...rest }, { done: 2, ...rest }, undefined]);
});

pure("ProgressState sums what is done at once, and begins at zero after that", () => {
  const { seen, state } = observed();
  const [first, second] = [state.begin(2), state.begin(3)];
  first.done();
  first[Symbol.dispose]();
  assertEquals(seen.at(-1), { done: 1, total: 5, unit: "profiles", waits: [] });
  second[Symbol.dispose]();
  assertEquals(seen.at(-1), undefined);
  state.begin(4, "accounts");
  assertEquals(seen.at(-1), { done: 0, total: 4, unit: "accounts", waits: [] });
});

pure("ProgressState collects nothing without a listener", () => {
  const state = new ProgressState(undefined);
  using work = state.begin(2);
  using wait = state.wait({ kind: "call", host: "sts.amazonaws.com", since: 0 });
  work.done();
  // One for all: there is nothing to end.
  assertEquals(wait, state.wait({ kind: "lock", holder: "another process" }));
});

pure("ProgressState keeps equal waits apart, and those of the background to itself", () => {
  const { seen, state } = observed();
  const wait = { kind: "call", host: "sts.amazonaws.com", since: 0 } as const;
  const early = state.wait(wait);
  assertEquals(seen, []);
  const work = state.begin(1);
  const late = state.wait(wait);
  assertEquals(seen.at(-1)?.waits, [wait, wait]);
  early[Symbol.dispose]();
  early[Symbol.dispose]();
  assertEquals(seen.at(-1)?.waits, [wait]);
  late[Symbol.dispose]();
  assertEquals(seen.at(-1)?.waits, []);
  work[Symbol.dispose]();
  const count = seen.length;
  state.wait(wait)[Symbol.dispose]();
  assertEquals(seen.length, count);
});
