/**
 * A program that changes a credentials file again and again until it is killed: `edit_loop.ts FILE FIRST`. It says the
 * number of each change before it makes it.
 *
 * @module
 */

import { addSections, removeSections } from "../../src/config/file/edit.ts";
import { editSharedFile } from "../../src/config/file/edit_shared_file.ts";
import { denoSystem } from "../../src/deno/system.ts";

const key = `aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = ${"s".repeat(40)}`;

/** What the user has in the file; large, so that writing it takes a while, and without a last line end. */
export const userText = `# ${"note ".repeat(40_000)}\n[default]\n${key}`;

const name = "sts-crash";

/** The first change; before it the file is as after an odd one. */
export const firstChange = 2;

/** What the file holds after a change: even ones write a section, odd ones take it out. */
export function textAfter(change: number): string {
  if (change % 2 === 1) return userText;
  return addSections(userText, [{ name, text: section(change) }], "credentials");
}

function section(change: number): string {
  return `[${name}]\n# ends 2026-01-01T00:00:00.000Z\naws_session_token = ${change}\n`;
}

async function change(path: string, number: number): Promise<void> {
  await editSharedFile(
    denoSystem.files,
    path,
    (text) =>
      number % 2 === 1
        ? removeSections(text, "all", path)
        : addSections(text, [{ name, text: section(number) }], path),
    (file) => denoSystem.files.lock(file, "crashes"),
  );
}

if (import.meta.main) {
  const [path = "", first] = Deno.args;
  for (let number = Number(first);; number++) {
    denoSystem.terminal.out(`${number}\n`);
    // The number is on its way before the change is.
    await denoSystem.terminal.flush();
    await change(path, number);
  }
}
