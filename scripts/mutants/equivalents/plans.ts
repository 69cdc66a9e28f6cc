/**
 * Mutants of the area `config` (plans, names and profiles) that no test can tell from the program, and why: each line, and what may stand in its place.
 *
 * @module
 */

/** By file. */
export const plansRows = [
  {
    file: "src/config/file/new_profiles.ts",
    before:
      'function lineOfSection({ text = "" }: FileText, kind: IniKind, name: string): number | undefined {',
    afters: [
      'function lineOfSection({ text = "mutant" }: FileText, kind: IniKind, name: string): number | undefined {',
    ],
    reason: "Neither text has a section",
  },
  {
    file: "src/config/file/new_profiles.ts",
    before: 'const shown = line.text.replace(/^\\ufeff/, "").trim();',
    afters: ['const shown = line.text.replace(/^\\ufeff/, "").trimStart();'],
    reason: "Blanks behind a header are left out of its name all the same",
  },
  {
    file: "src/config/plan/chain.ts",
    before: 'return profiles.get(name) ?? profiles.get(unquotedName(name, "credentials") ?? name);',
    afters: ['return profiles.get(name) ?? profiles.get((unquotedName(name, "credentials")));'],
    reason: "No profile is called undefined",
  },
  {
    file: "src/config/plan/chain.ts",
    before: "if (known !== undefined) return known;",
    afters: [";"],
    reason: "What is not kept is found anew: only the time differs",
  },
  {
    file: "src/config/plan/chain.ts",
    before: "ignored.set(warnings, sections);",
    afters: [";"],
    reason: "What is not kept is found anew: only the time differs",
  },
  {
    file: "src/config/plan/chain.ts",
    before: "if (roles.length > (this.#options.mostRoles ?? Infinity)) this.#failLong();",
    afters: ["if (roles.length > ((this.#options.mostRoles))) this.#failLong();"],
    reason: "No number is more than undefined, as none is more than Infinity",
  },
  {
    file: "src/config/plan/chain.ts",
    before: "const link = found === undefined",
    afters: ["const link = true"],
    reason: "No link of the default chain has the name of a profile",
  },
  {
    file: "src/config/plan/endpoint_choice.ts",
    before:
      'return sources.environment.ignoreConfiguredEndpointUrls ??\n    first(sources, "ignoreConfiguredEndpointUrls") ?? false;',
    afters: [
      'return (sources.environment.ignoreConfiguredEndpointUrls ??\n    first(sources, "ignoreConfiguredEndpointUrls"));',
    ],
    reason: "Only its truth is looked at, and undefined is as false as false",
  },
  {
    file: "src/config/scope/ready_made.ts",
    before:
      'return { Effect: "Allow", Action, Resource, ...(Condition === undefined ? {} : { Condition }) };',
    afters: ['return { Effect: "Allow", Action, Resource, ...(false ? {} : { Condition }) };'],
    reason: "A policy is JSON, where a field that is undefined is not written",
  },
];
