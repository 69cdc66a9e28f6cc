/**
 * What a package holds besides the program: the man page and the completions, made from the table of commands.
 *
 * @module
 */

import { commands as directory } from "../../src/cli/commands.ts";
import { completionShells, formatCompletion } from "../../src/cli/help/completion/completion.ts";
import { formatManPage } from "../../src/cli/help/man_page.ts";
import { version } from "../../src/version.ts";

/** Writes `stsaval.1.gz` and `completion/` into the folder. */
export async function writeDocuments(folder: string): Promise<void> {
  const commands = await directory.all();
  await Deno.writeFile(`${folder}/stsaval.1.gz`, await gzip(formatManPage(commands, version)));
  await Deno.mkdir(`${folder}/completion`);
  for (const shell of completionShells) {
    await Deno.writeTextFile(
      `${folder}/completion/${shell.fileName}`,
      formatCompletion(shell, commands),
    );
  }
}

/** Without date and name in the header, so that the output is reproducible. */
async function gzip(text: string): Promise<Uint8Array> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
