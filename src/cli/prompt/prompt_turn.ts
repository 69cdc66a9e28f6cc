/**
 * One prompt at a time: two that read the same keys would each get half of them.
 *
 * @module
 */

const turns = new WeakMap<object, Promise<unknown>>();

/** Does the work when all prompts on the terminal that were begun before have ended. */
export function inPromptTurn<T>(terminal: object, work: () => Promise<T>): Promise<T> {
  const result = (turns.get(terminal) ?? Promise.resolve()).then(work);
  turns.set(terminal, result.catch(() => {}));
  return result;
}
