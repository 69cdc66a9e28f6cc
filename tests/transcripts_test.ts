/**
 * Runs every transcript through `main()`. After a change that is meant, `deno run --allow-all tests/transcript_here.ts`
 * writes them anew; read the difference before you commit it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { runTranscriptHere, transcriptFolder } from "./transcript_here.ts";

for await (const { name } of Deno.readDir(transcriptFolder)) {
  Deno.test(`transcript ${name}`, async () => {
    const text = await Deno.readTextFile(new URL(name, transcriptFolder));
    assertEquals(await runTranscriptHere(text), text);
  });
}
