/**
 * Mutants that no test can tell from the program, and why.
 *
 * @module
 */

import { configRows } from "./equivalents/config.ts";
import { cliPermissionsRows } from "./equivalents/cli_permissions.ts";
import { refreshRows } from "./equivalents/refresh.ts";
import { plansRows } from "./equivalents/plans.ts";
import { denoRows } from "./equivalents/deno.ts";
import { sessionRows } from "./equivalents/session.ts";
import { changedLines, type Mutant } from "./mutant.ts";

/** A row of the table. */
export interface EquivalentMutant {
  readonly file: string;
  /** The changed lines, without the blanks around them. */
  readonly before: string;
  readonly after: string;
  /** Why the two do the same. */
  readonly reason: string;
}

/** Rows of the tables of single areas: one line, and all that may stand in its place. */
const rowsOfAreas: readonly EquivalentMutant[] = [
  ...sessionRows,
  ...denoRows,
  ...plansRows,
  ...refreshRows,
  ...cliPermissionsRows,
  ...configRows,
].flatMap(({ afters, ...row }) => afters.map((after) => ({ ...row, after })));

/** The table. A row whose `before` is no longer in the file is an error, so that none outlives its code. */
export const equivalentMutants: readonly EquivalentMutant[] = [
  ...rowsOfAreas,
  {
    file: "src/testing/signing/signature.ts",
    before: "this.#derived.set(name, derived);",
    after: ";",
    reason: "A derived key that is not kept is derived anew: only the time differs",
  },
  {
    file: "src/testing/signing/signature.ts",
    before: "constructor(kept = 1000) {",
    after: "constructor(kept = 1001) {",
    reason: "How many derived keys are kept changes the memory and the time, and no result",
  },
  {
    file: "src/testing/signing/signature.ts",
    before: 'if (!rows.some(([, value]) => value.includes(", "))) return;',
    after: ";",
    reason: "Without such a value the second spelling is the first one again",
  },
  {
    file: "src/testing/signing/signature_claim.ts",
    before: 'if (!/^\\d{8}T\\d{6}Z$/.test(extras.timestamp ?? "")) {',
    after: 'if (!/^\\d{8}T\\d{6}Z$/.test(extras.timestamp ?? "mutant")) {',
    reason: "Neither text is a timestamp",
  },
  {
    file: "src/cache/logouts.ts",
    before: 'const wasDropped = scopes !== "all" && earlier.length >= mostLogouts;',
    after: 'const wasDropped = scopes !== "" && earlier.length >= mostLogouts;',
    reason: 'For "all" there are no earlier logouts, so none was dropped either way',
  },
  {
    file: "src/sts/error.ts",
    before:
      'const [paragraph = ""] = call.failure.text.trim().split(/\\n\\s*\\n|\\n(?=The Canonical String)/, 1);',
    after:
      'const [paragraph = ""] = call.failure.text.trim().split(/\\n\\s*\\n|\\n(?=The Canonical String)/, 2);',
    reason: "Only the first part is used; the limit saves work",
  },
  {
    file: "src/sts/recognition.ts",
    before:
      'const [, root = "", attributes = "", content = ""] = document.exec(response.text) ?? [];',
    after:
      'const [, root = "", attributes = "", content = "mutant"] = document.exec(response.text) ?? [];',
    reason:
      "Where nothing matches, the attributes are empty, which is refused before the content is looked at",
  },
  {
    file: "src/refresh/circuit.ts",
    before: "if ((this.#answered.get(url) ?? 0) >= call) return [];",
    after: "if (((this.#answered.get(url))) >= call) return [];",
    reason: "Calls are numbered from 1: neither 0 nor undefined is as much",
  },
  {
    file: "src/refresh/refresher.ts",
    before: 'return clock.now() < before + ms - timerSlackMs ? "set back" : "slept";',
    after: 'return clock.now() < before + ms - timerSlackMs ? "set back" : "";',
    reason: 'Only "set back" is compared with',
  },
  {
    file: "src/refresh/refresher.ts",
    before: "#completed = 0;",
    after: "#completed = 1;",
    reason: "It is logged after a renewal alone, and then is at least 1",
  },
  {
    file: "src/deno/terminal.ts",
    before: "const buffer = new Uint8Array(256);",
    after: "const buffer = new Uint8Array(257);",
    reason: "How many keys are read at once does not show: what is left is read next",
  },
  {
    file: "src/config/environment.ts",
    before: "const found = choices.find((choice) => choice === value.toLowerCase());",
    after: "const found = choices.findLast((choice) => choice === value.toLowerCase());",
    reason: "No word is among the choices twice",
  },
  {
    file: "src/refresh/circuit.ts",
    before: "#calls: CallNumber = 0;",
    after: "#calls: CallNumber = 1;",
    reason: "Calls are compared with one another alone, wherever their numbers begin",
  },
  {
    file: "src/refresh/call_rate.ts",
    before: "if ((this.#turns.at(-1) ?? now) > now + longestWaitMs) this.#turns = [];",
    after: "if (((this.#turns.at(-1))) > now + longestWaitMs) this.#turns = [];",
    reason: "Neither now nor undefined is later than that, and there is nothing to forget",
  },
  {
    file: "src/refresh/due_queue.ts",
    before: "if (this.#due(parent) <= this.#due(child)) return;",
    after: "if (this.#due(parent) < this.#due(child)) return;",
    reason: "Items that are due at the same time may stand in any order",
  },
  {
    file: "src/refresh/due_queue.ts",
    before: "const least = this.#due(right) < this.#due(left) ? right : left;",
    after: "const least = this.#due(right) <= this.#due(left) ? right : left;",
    reason: "Items that are due at the same time may stand in any order",
  },
  {
    file: "src/refresh/due_queue.ts",
    before: "if (this.#due(least) >= this.#due(parent)) return;",
    after: "if (this.#due(least) > this.#due(parent)) return;",
    reason: "Items that are due at the same time may stand in any order",
  },
  {
    file: "src/web/clock.ts",
    before: 'signal?.addEventListener("abort", stop, { once: true });',
    after: 'signal?.addEventListener("abort", stop, { once: false });',
    reason: "A signal aborts once, and then calls its listeners once",
  },
  {
    file: "src/cli/permissions/line_names.ts",
    before:
      'const only = unnamed === "user" || given.list("role-arn").length > 0 ? "user" : "profile";',
    after: 'const only = unnamed === "user" || given.list("role-arn").length > 0 ? "user" : "";',
    reason: 'Only "user" is compared with',
  },
  {
    file: "src/cli/permissions/config_files.ts",
    before: "? words[index + 1] ?? []",
    after: "? (words[index + 1])",
    reason: "A value that is missing is no text, and so is undefined",
  },
  {
    file: "src/cli/permissions/network.ts",
    before: "return facts === undefined ? [host, `${host}:443`] : [`${host}:443`];",
    after: "return true ? [host, `${host}:443`] : [`${host}:443`];",
    reason:
      "The compiled program is granted no host without its port, so that there is none to drop",
  },
  {
    file: "src/cli/permissions/sandbox.ts",
    before: "if (!mayNameSource(text, ports.env)) return noSources;",
    after: ";",
    reason: "Resolving what names no source finds none: only the time differs",
  },
  {
    file: "src/cli/permissions/resolve_sources.ts",
    before:
      "return resolveChain(config, name, request.sourceProfile, { suggest: false, request });",
    after: "return resolveChain(config, name, request.sourceProfile, { suggest: true, request });",
    reason: "The error, and with it what it suggests, is dropped",
  },
  {
    file: "src/deno/io_error.ts",
    before:
      "return isFileErrorCode(code) ? code : classes.find(([kind]) => error instanceof kind)?.[1];",
    after:
      "return isFileErrorCode(code) ? code : classes.findLast(([kind]) => error instanceof kind)?.[1];",
    reason: "No error is of two of the classes",
  },
  {
    file: "src/cache/key.ts",
    before:
      'if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item) ?? "null")}]`;',
    after:
      'if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item) ?? "")}]`;',
    reason: "No list of a plan has an undefined item",
  },
  {
    file: "src/web/clock.ts",
    before:
      'const loaded: PropertyDescriptor = Object.getOwnPropertyDescriptor(globalThis, "setTimeout") ??',
    after: 'const loaded: PropertyDescriptor = Object.getOwnPropertyDescriptor(globalThis, "") ??',
    reason:
      "Deno's timers are then loaded with the clock, which takes longer and changes no result",
  },
  {
    file: "src/deno/streams/output.ts",
    before: "await new Promise((resolve) => setTimeout(resolve, 5));",
    after: "await new Promise((resolve) => setTimeout(resolve, 6));",
    reason: "How long a pipe that is full is left alone changes the time, and no result",
  },
  {
    file: "src/cache/aws_cli_cache.ts",
    before: "const isLoggedOut = async () => await ports.isLoggedOut?.(mark, owner) ?? false;",
    after: "const isLoggedOut = async () => (await ports.isLoggedOut?.(mark, owner));",
    reason: "Only its truth is looked at, and undefined is as false as false",
  },
  {
    file: "src/cache/aws_cli_cache.ts",
    before: "const isLoggedOut = async () => await ports.isLoggedOut?.(mark, owner) ?? false;",
    after: "const isLoggedOut = async () => (ports.isLoggedOut?.(mark, owner)) ?? false;",
    reason: "An asynchronous function awaits what it returns",
  },
  {
    file: "src/cache/cache.ts",
    before: "await (hold ?? this.#logouts).covers(mark, owner);",
    after: "((hold ?? this.#logouts).covers(mark, owner));",
    reason: "An asynchronous function awaits what it returns",
  },
  {
    file: "src/cache/cache.ts",
    before: "if (owner !== undefined) this.#warnOfLogout(owner);",
    after: "if (true) this.#warnOfLogout(owner);",
    reason: "Only what has an owner can have been logged out",
  },
  {
    file: "src/cache/logouts.ts",
    before: "return one.last <= other.last ? one : other;",
    after: "return one.last < other.last ? one : other;",
    reason: "Two marks of one log with the same number are the same",
  },
  {
    file: "src/cache/logouts.ts",
    before: "const first = logouts[0]?.number ?? number;",
    after: "const first = (logouts[0]?.number);",
    reason: "The logout that was just added is among them, so there is a first",
  },
];

/** The row of a mutant, where it has one. */
export function equivalentOf(
  source: string,
  mutant: Mutant,
  table: readonly EquivalentMutant[] = equivalentMutants,
): EquivalentMutant | undefined {
  const { before, after } = changedLines(source, mutant);
  return table.find((row) =>
    row.file === mutant.file && row.before === before.trim() && row.after === after.trim()
  );
}
