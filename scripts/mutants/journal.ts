/**
 * What was found so far, kept on disk, so that a run that was interrupted goes on where it stopped.
 *
 * @module
 */

/** What became of a mutant: a test noticed it, its tests did not end, all its tests passed, or no test looks at it. */
export type MutantOutcome = "killed" | "hung" | "survived" | "untested";

/** The outcomes, by the ids of the mutants. */
export class Journal {
  readonly #path: string;
  readonly #outcomes: Map<string, MutantOutcome>;

  private constructor(path: string, outcomes: Map<string, MutantOutcome>) {
    this.#path = path;
    this.#outcomes = outcomes;
  }

  /** Reads the journal of a state of the project, which `digest` names; one of another state is not looked at. */
  static async open(folder: string, digest: string): Promise<Journal> {
    await Deno.mkdir(folder, { recursive: true });
    const path = `${folder}/${digest.slice(0, 16)}.jsonl`;
    const text = await Deno.readTextFile(path).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    });
    return new Journal(path, parseJournal(text));
  }

  /** What became of a mutant, as far as it is known. */
  get(id: string): MutantOutcome | undefined {
    return this.#outcomes.get(id);
  }

  /** Notes an outcome, on disk too. */
  async add(id: string, outcome: MutantOutcome): Promise<void> {
    this.#outcomes.set(id, outcome);
    await Deno.writeTextFile(this.#path, `${JSON.stringify([id, outcome])}\n`, { append: true });
  }
}

/** The outcomes in a journal. A last line that was cut off is left out: its mutant is tried again. */
export function parseJournal(text: string): Map<string, MutantOutcome> {
  const lines = text.split("\n").slice(0, -1);
  return new Map(lines.map((line) => JSON.parse(line)));
}
