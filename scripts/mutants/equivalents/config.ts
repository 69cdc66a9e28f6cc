/**
 * Mutants of the area `config` that no test can tell from the program, and why: each line, and what may stand in its place.
 *
 * @module
 */

/** By file. */
export const configRows = [
  {
    file: "src/config/plan/problem.ts",
    before: "if (profile.problems.length > 0) failProblems(asked, [[profile, fields]]);",
    afters: [
      "if (profile.problems.length >= 0) failProblems(asked, [[profile, fields]]);",
      "if (true) failProblems(asked, [[profile, fields]]);",
    ],
    reason: "It fails for no profile that has no problem: the question only saves making the lists",
  },
  {
    file: "src/config/plan/precedence.ts",
    before: '...["aws login", "credential_process", "its keys"] as const,',
    afters: ['...["aws login", "credential_process", ""] as const,'],
    reason:
      "What others take last counts where nothing else is named: then all take it, or the one that takes nothing is left out",
  },
  {
    file: "src/config/scope/hop.ts",
    before: "if (identity === undefined) return undefined;",
    afters: [";"],
    reason:
      "The word undefined breaks no rule of an identity, so that what is missing is returned all the same",
  },
  {
    file: "src/config/file/sealed_lines.ts",
    before: "if (at < 0) return text;",
    afters: ["if (at <= 0) return text;"],
    reason: "The marker stands below the header of its section, so that it is never the first line",
  },
  {
    file: "src/config/file/ini.ts",
    before: 'const space = name.indexOf(" ");',
    afters: ['const space = name.lastIndexOf(" ");'],
    reason: "A key holds no space, so there is one in front of it",
  },
  {
    file: "src/config/file/differences.ts",
    before: 'const [first = ""] = text.slice(1).split(/\\r?\\n/, 1);',
    afters: [
      'const [first = "mutant"] = text.slice(1).split(/\\r?\\n/, 1);',
      'const [first = ""] = text.slice(1).split(/\\r?\\n/, 2);',
    ],
    reason: "split() gives at least one part, and only the first is used",
  },
  {
    file: "src/config/file/differences.ts",
    before: 'if (text === "" || isComment(text)) return;',
    afters: ['if (text === "mutant" || isComment(text)) return;'],
    reason: "A blank line has no indent, is no header and has no key, so nothing is found in it",
  },
  {
    file: "src/config/file/differences.ts",
    before: 'const [, inside = ""] = /^\\[([^\\]]*)\\]/.exec(text) ?? [];',
    afters: ['const [, inside = "mutant"] = /^\\[([^\\]]*)\\]/.exec(text) ?? [];'],
    reason: 'It is the text of no bracket: not "DEFAULT", and the header is ignored',
  },
  {
    file: "src/config/file/edit.ts",
    before: 'const around = findBlock(text ?? "", file) ?? openBlock(text);',
    afters: ['const around = findBlock(text ?? "mutant", file) ?? openBlock(text);'],
    reason: "Neither text has a mark in it, so there is no block",
  },
  {
    file: "src/config/file/edit.ts",
    before: 'const block = findBlock(text ?? "", file);',
    afters: ['const block = findBlock(text ?? "mutant", file);'],
    reason: "Neither text has a mark in it, so there is no block",
  },
  {
    file: "src/config/file/edit.ts",
    before: 'const blockLength = (text ?? "").length - (block?.after.length ?? 0);',
    afters: [
      'const blockLength = (text ?? "mutant").length - (block?.after.length ?? 0);',
      'const blockLength = (text ?? "").length - ((block?.after.length));',
      'const blockLength = (text ?? "").length - (block?.after.length ?? 1);',
    ],
    reason: "It is compared with lines inside a block alone, and there is none",
  },
  {
    file: "src/config/file/edit.ts",
    before: 'for (const line of linesOf(text ?? "")) {',
    afters: ['for (const line of linesOf(text ?? "mutant")) {'],
    reason: "Neither text has a header or a mark in it",
  },
  {
    file: "src/config/file/edit.ts",
    before: 'const block = findBlock(text ?? "", file);',
    afters: ['const block = findBlock(text ?? "mutant", file);'],
    reason: "Neither text has a header or a mark in it",
  },
  {
    file: "src/config/file/edit.ts",
    before: 'return [...findBlock(text ?? "", file)?.sections.keys() ?? []];',
    afters: ['return [...findBlock(text ?? "mutant", file)?.sections.keys() ?? []];'],
    reason: "Neither text has a header or a mark in it",
  },
  {
    file: "src/config/file/edit.ts",
    before: "const inBlock = block !== undefined && line.start >= block.before.length &&",
    afters: ["const inBlock = block !== undefined && line.start > block.before.length &&"],
    reason: "The block begins with its mark, which is a comment and no header",
  },
  {
    file: "src/config/file/edit.ts",
    before: "const text = line.trim();",
    afters: ["const text = line.trimStart();"],
    reason: "Blanks behind the brackets are passed over by what reads a header",
  },
  {
    file: "src/config/file/edit.ts",
    before: 'if (!text.startsWith("[")) return undefined;',
    afters: [";", 'if (!text.startsWith("")) return undefined;'],
    reason: 'Only what begins with "[" is a header, or has a name in brackets at its start',
  },
] as const;
