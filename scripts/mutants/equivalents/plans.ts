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
    file: "src/config/names/choose.ts",
    before: "const matching = isPattern(member) ? this.#matching(member) : [];",
    afters: ["const matching = true ? this.#matching(member) : [];"],
    reason: "A name that is no pattern matches itself alone, and no profile has it",
  },
  {
    file: "src/config/plan/base.ts",
    before:
      "const kind = config.kinds.find(({ credentialSource }) => credentialSource === source);",
    afters: [
      "const kind = config.kinds.findLast(({ credentialSource }) => credentialSource === source);",
    ],
    reason: "No two kinds have one value of credential_source",
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
    file: "src/config/plan/chain_link.ts",
    before: "if (isByProgram) failProgramLoop(asked, visited.slice(visited.indexOf(next)), next);",
    afters: [
      "if (isByProgram) failProgramLoop(asked, visited.slice(visited.lastIndexOf(next)), next);",
    ],
    reason: "No profile is visited twice",
  },
  {
    file: "src/config/plan/chain_link.ts",
    before: 'const where = settingAt(visited.at(-1) ?? next, "sourceProfile");',
    afters: ['const where = settingAt((visited.at(-1)), "sourceProfile");'],
    reason: "A loop has at least one profile that was visited",
  },
  {
    file: "src/config/plan/default_chain.ts",
    before:
      "return kinds.find(({ source }) => source === kind)?.ofEnvironment?.(env, { request, defaults });",
    afters: [
      "return kinds.findLast(({ source }) => source === kind)?.ofEnvironment?.(env, { request, defaults });",
    ],
    reason: "No two kinds are of one source",
  },
  {
    file: "src/config/plan/default_chain.ts",
    before:
      'const kind = order.find((kind) => kind !== "profile" && nameOf(config, kind) === name);',
    afters: [
      'const kind = order.findLast((kind) => kind !== "profile" && nameOf(config, kind) === name);',
    ],
    reason: "No two links have one name",
  },
  {
    file: "src/config/plan/default_chain.ts",
    before:
      'const kind = order.find((kind) => kind !== "profile" && nameOf(config, kind) === name);',
    afters: ['const kind = order.find((kind) => kind !== "" && nameOf(config, kind) === name);'],
    reason: 'No kind of source is called "profile", so its link has no base either',
  },
  {
    file: "src/config/plan/default_chain.ts",
    before:
      'return asks && usableProfiles(config, { only: "profile" }).length > 0 ? undefined : first;',
    afters: ['return asks && usableProfiles(config, { only: "" }).length > 0 ? undefined : first;'],
    reason: 'Only "user" is compared with',
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
    file: "src/config/plan/endpoint_choice.ts",
    before: "return arn === undefined ? undefined : /^arn:([^:]+):/.exec(arn)?.[1];",
    afters: ["return false ? undefined : /^arn:([^:]+):/.exec(arn)?.[1];"],
    reason: 'The text "undefined" is no ARN',
  },
  {
    file: "src/config/plan/key_shape.ts",
    before:
      'if (value.trim() === "") return { why: "holds nothing but blanks", hint: "give it its value" };',
    afters: [
      'if (value.trimStart() === "") return { why: "holds nothing but blanks", hint: "give it its value" };',
    ],
    reason: "Of a text of blanks, either end takes all",
  },
  {
    file: "src/config/plan/plan.ts",
    before: "...(isKeysStep(chain.base) ? [] : chain.base.notices ?? []),",
    afters: ["...(false ? [] : chain.base.notices ?? []),"],
    reason: "Steps of keys have no notices",
  },
  {
    file: "src/config/plan/plan.ts",
    before:
      "return seconds > chainedRoleSeconds && (this.#request.lifetimeSeconds ?? 0) <= seconds;",
    afters: [
      "return seconds > chainedRoleSeconds && (this.#request.lifetimeSeconds ?? 1) <= seconds;",
    ],
    reason: "It is compared with more than an hour, which is more than either",
  },
  {
    file: "src/config/plan/plan.ts",
    before: "mfaSerial: isFirst ? setting.mfa?.serial : undefined,",
    afters: ["mfaSerial: true ? setting.mfa?.serial : undefined,"],
    reason: "A code is sent with the role itself only where there is no second role",
  },
  {
    file: "src/config/plan/plan.ts",
    before: "mfaProcess: isFirst ? setting.mfa?.command : undefined,",
    afters: ["mfaProcess: true ? setting.mfa?.command : undefined,"],
    reason: "A code is sent with the role itself only where there is no second role",
  },
  {
    file: "src/config/plan/session_plan.ts",
    before: "profiles: chain.profile === chain.baseProfile",
    afters: ["profiles: false"],
    reason: "Looking at one profile twice finds nothing more",
  },
  {
    file: "src/config/profile.ts",
    before: 'serviceUrls: read.serviceUrls(services.get(servicesName ?? "")),',
    afters: ["serviceUrls: read.serviceUrls(services.get((servicesName))),"],
    reason: "No section of services is called undefined",
  },
  {
    file: "src/config/scope/ready_made.ts",
    before:
      'return { Effect: "Allow", Action, Resource, ...(Condition === undefined ? {} : { Condition }) };',
    afters: ['return { Effect: "Allow", Action, Resource, ...(false ? {} : { Condition }) };'],
    reason: "A policy is JSON, where a field that is undefined is not written",
  },
  {
    file: "src/config/setting_reader.ts",
    before:
      "const choice = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());",
    afters: [
      "const choice = choices.findLast((choice) => choice.toLowerCase() === value.toLowerCase());",
    ],
    reason: "No word is among the choices twice",
  },
  {
    file: "src/config/setting_reader.ts",
    before: 'if (setting?.value.trim() !== "") return this.command(field);',
    afters: ['if (setting?.value.trimStart() !== "") return this.command(field);'],
    reason: "Of a text of blanks, either end takes all",
  },
];
