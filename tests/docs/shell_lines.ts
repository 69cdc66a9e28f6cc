/**
 * The commands in a block of shell lines, as far as the pages use a shell: quotes, pipes, `$(…)`, `<(…)`, comments.
 *
 * @module
 */

/** The command lines of a block: comments left out, `\` at the end of a line taken as a blank. */
export function linesOf(text: string): readonly string[] {
  return text.replaceAll(/\\\n\s*/g, " ").split("\n").map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** The simple commands of a line, as words; what stands in `$(…)` and `<(…)` comes first. */
export function commandsIn(line: string): readonly (readonly string[])[] {
  const inner: (readonly string[])[] = [];
  const uncommented = line.replace(/\s#\s.*$/, "");
  const rest = uncommented.replaceAll(/'[^']*'|[$<]\(([^()]*)\)/g, (whole, command?: string) => {
    if (command === undefined) return whole;
    inner.push(...commandsIn(command));
    return "VALUE";
  });
  return [...inner, ...splitCommands(rest)].filter((words) => words.length > 0);
}

function splitCommands(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  const parts = line.matchAll(
    /(\s#.*$)|(\|\|?|&&?|;|\d?>{1,2}&?\s*\S+|<\s*\S+)|((?:'[^']*'|"[^"]*"|[^\s'"|&;<>])+)/g,
  );
  for (const [, comment, operator, word] of parts) {
    if (comment !== undefined) break;
    if (operator !== undefined) {
      if (/^[|&;]/.test(operator)) commands.push([]);
    } else if (word !== undefined) {
      commands.at(-1)?.push(word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));
    }
  }
  return commands.map(withoutAssignments);
}

function withoutAssignments(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !/^\w+=/.test(word));
  return first < 0 ? [] : words.slice(first);
}

/** The words of stsaval that a command runs, directly or behind another program; undefined if it runs something else. */
export function stsavalWords(words: readonly string[]): readonly string[] | undefined {
  const at = words.findIndex((word) => /^(?:stsaval|jsr:@x\/stsaval\/cli)$/.test(word));
  return at < 0 ? undefined : words.slice(at + 1);
}
