/**
 * A keyring of the kernel's that a test scripts.
 *
 * @module
 */

/** A machine whose kernel keeps keys, and whose other keyrings are missing. */
export class Kernel {
  kept: string | undefined;
  isThere = true;
  readonly lines: string[] = [];

  readonly program = (words: readonly string[], input: string | undefined) => {
    const [program, verb] = words;
    this.lines.push(words.join(" "));
    if (program !== "keyctl" || !this.isThere) return { exit: 1, stdout: "not here" };
    if (verb === "padd") this.kept = input;
    if (verb === "purge") this.kept = undefined;
    if (verb === "pipe") {
      return this.kept === undefined ? { exit: 1 } : { exit: 0, stdout: this.kept };
    }
    return { exit: 0, stdout: "1234\n" };
  };
}
