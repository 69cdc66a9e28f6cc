/**
 * The SDK costs a tenth of a second to load: no file may import it but for its types, except where a call is made.
 *
 * @module
 */

import { assertEquals } from "@std/assert";

const root = new URL("../../", import.meta.url);

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) yield* sources(url);
    else if (name.endsWith(".ts")) yield url;
  }
}

Deno.test({
  name: "only src/sts/sdk.ts loads the AWS SDK, and only when a call is made",
  permissions: { read: [root.pathname] },
  async fn() {
    const uses: string[] = [];
    for await (const file of sources(new URL("src/", root))) {
      const text = await Deno.readTextFile(file);
      for (const [line] of text.matchAll(/^.*["']@(?:aws-sdk|smithy)\/.*$/gm)) {
        if (/^import type /.test(line) || /typeof import\(/.test(line)) continue;
        uses.push(`${file.pathname.slice(root.pathname.length)}: ${line.trim()}`);
      }
    }
    assertEquals(uses, [
      'src/sts/sdk.ts: load: () => Promise<Sdk> = () => import("@aws-sdk/client-sts"),',
    ]);
  },
});
