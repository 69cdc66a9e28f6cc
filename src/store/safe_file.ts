/**
 * Reading a sealed file that only its owner can have written.
 *
 * @module
 */

import { StoreError } from "../errors.ts";
import { fileHint } from "../file_error.ts";
import type { FileFacts, Files } from "../system.ts";

type ReadPorts = Pick<Files, "facts" | "readBytes" | "readText">;

/**
 * The bytes of the file; undefined if there is none.
 *
 * @throws {StoreError} "owner" or "mode" where others could have changed it, "failed" where it cannot be read
 */
export async function readSealed(
  files: ReadPorts,
  folder: string,
  path: string,
): Promise<Uint8Array | undefined> {
  try {
    if (await files.facts(path) === undefined) return undefined;
    // A narrowed program may read the file, and not even look at its folder.
    check(await files.facts(folder).catch(() => undefined), folder, {
      wanted: 0o700,
      others: 0o022,
    });
    check(await files.facts(path), path, { wanted: 0o600, others: 0o077 });
    return await readBytes(files, path);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new StoreError("failed", `Cannot open "${path}": ${why}`, {
      hint: fileHint(error),
      cause: error,
    });
  }
}

async function readBytes(files: ReadPorts, path: string): Promise<Uint8Array | undefined> {
  if (files.readBytes !== undefined) return await files.readBytes(path);
  const text = await files.readText(path);
  return text === undefined ? undefined : new TextEncoder().encode(text);
}

function check(
  facts: FileFacts | undefined,
  path: string,
  { wanted, others }: { readonly wanted: number; readonly others: number },
): void {
  if (facts?.foreign) {
    throw new StoreError("owner", `Cannot open "${path}": it belongs to another user`, {
      hint: "check who put it there: 'ls -l'; what is yours has your name",
    });
  }
  if (facts?.special) {
    throw new StoreError(
      "failed",
      `Cannot open "${path}": it is a pipe or a device, wanted a file`,
    );
  }
  if (facts?.mode === undefined || (facts.mode & others) === 0) return;
  const [found, narrow] = [facts.mode, wanted].map((mode) => mode.toString(8).padStart(4, "0"));
  const why = `other users have access: its mode is ${found}, wanted ${narrow}`;
  throw new StoreError("mode", `Cannot open "${path}": ${why}`, {
    hint: `check who could change it, then run 'chmod ${narrow} ${path}'`,
  });
}
