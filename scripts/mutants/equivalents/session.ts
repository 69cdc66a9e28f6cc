/**
 * Mutants of the area `session` that no test can tell from the program, and why: each line, and what may stand in its place.
 *
 * @module
 */

/** By file. */
export const sessionRows = [
  {
    file: "src/session/provider.ts",
    before: '"GetSessionToken",',
    afters: ['"",'],
    reason: "It still differs from the keys of roles, which have another number of parts",
  },
  {
    file: "src/session/kept/answer.ts",
    before: "let skew = 0;",
    afters: ["let skew = 1;"],
    reason: "An entry that is found tells its own, so that the first value is used by none",
  },
  {
    file: "src/session/core.ts",
    before: "#generation = 0;",
    afters: ["#generation = 1;"],
    reason: "Generations are compared with one another alone, wherever their numbers begin",
  },
  {
    file: "src/session/core.ts",
    before: "const generation = ++this.#generation;",
    afters: ["const generation = --this.#generation;"],
    reason: "Of generations it counts only whether they are the same, and no two are",
  },
  {
    file: "src/session/core.ts",
    before: 'signal.addEventListener("abort", stop, { once: true });',
    afters: ['signal.addEventListener("abort", stop, { once: false });'],
    reason: "A signal aborts once, and then calls its listeners once",
  },
  {
    file: "src/session/core.ts",
    before:
      'set.addEventListener("halt", () => signal.removeEventListener("abort", stop), { once: true });',
    afters: [
      'set.addEventListener("halt", () => signal.removeEventListener("abort", stop), { once: false });',
    ],
    reason: "A set is halted once, and then calls its listeners once",
  },
  {
    file: "src/session/core_parts.ts",
    before:
      "isLoggedOut: async (mark, owner) => await this.#logouts()?.covers(mark, owner) ?? false,",
    afters: ["isLoggedOut: async (mark, owner) => (await this.#logouts()?.covers(mark, owner)),"],
    reason: "Only its truth is looked at, and undefined is as false as false",
  },
  {
    file: "src/session/scope/narrowing_options.ts",
    before: 'if (typeof value === "string" && value.trim() !== "") return value;',
    afters: ['if (typeof value === "string" && value.trimStart() !== "") return value;'],
    reason: "Of a text of blanks, either end takes all",
  },
  {
    file: "src/session/base_credentials.ts",
    before: "return isKeysStep(base) ? undefined : this.#marks.get(baseKey(base));",
    afters: ["return false ? undefined : this.#marks.get(baseKey(base));"],
    reason: "Marks are kept for what was fetched alone, and no key of keys is that of a source",
  },
  {
    file: "src/session/provider.ts",
    before: 'if (role === undefined) throw new RangeError("the plan has no role at that index");',
    afters: [";", 'if (role === undefined) throw new RangeError("");'],
    reason: "It is called for a role that is there alone; the error is for whoever breaks that",
  },
  {
    file: "src/session/provider.ts",
    before: 'const key = JSON.stringify(["AssumeRole", baseKey(base), plan.session, roles]);',
    afters: ['const key = JSON.stringify(["", baseKey(base), plan.session, roles]);'],
    reason: "It still differs from the keys of session tokens, and those of roles from each other",
  },
  {
    file: "src/session/provider.ts",
    before: "if (serial === undefined) return await call(undefined);",
    afters: ["if (serial === undefined) return (call(undefined));"],
    reason:
      "An asynchronous function awaits what it returns, and nothing stands around it that would end before",
  },
  {
    file: "src/session/scope/narrowed_plans.ts",
    before: "if (!wantsNarrowing(config, result.plans, request)) return result;",
    afters: [";"],
    reason: "Where nothing narrows, narrowing gives the same plans: only the time differs",
  },
  {
    file: "src/session/scope/scoped_credentials.ts",
    before: 'const key = JSON.stringify(["GetScopedCredentials", widerKey(plan), scope]);',
    afters: ['const key = JSON.stringify(["", widerKey(plan), scope]);'],
    reason: "Every key in this map has the same first part",
  },
];
