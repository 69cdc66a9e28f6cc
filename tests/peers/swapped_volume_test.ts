/**
 * A token in a volume of Kubernetes: the file leads through `..data` to a folder that is replaced, and a program that has
 * dropped every other permission goes on reading it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";

const system = new URL("../../src/deno/system.ts", import.meta.url).href;

const program = `
const { denoSystem: { files, permissions } } = await import(${JSON.stringify(system)});
const path = Deno.args[0];
for (const name of await permissions.pathsToRead(path)) permissions.keep("read", name);
permissions.drop("read", "/");
for await (const _line of Deno.stdin.readable) {
  console.log((await files.readText(path)).trim());
  if (permissions.allows("read", "/etc/passwd")) console.log("not narrowed");
}
`;

async function mount(volume: string, version: string): Promise<void> {
  await Deno.mkdir(`${volume}/..${version}`);
  await Deno.writeTextFile(`${volume}/..${version}/token`, `token of ${version}\n`);
  await Deno.symlink(`..${version}`, `${volume}/..data_tmp`);
  await Deno.rename(`${volume}/..data_tmp`, `${volume}/..data`);
}

Deno.test("a token file is read anew after its volume was swapped, without a wider permission", async () => {
  const volume = await Deno.makeTempDir({ prefix: "stsaval-volume-" });
  await mount(volume, "first");
  await Deno.symlink("..data/token", `${volume}/token`);
  const file = `${volume}/program.ts`;
  await Deno.writeTextFile(file, program);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-config", "--no-check", "--quiet", "--allow-read=/"],
      ...["--allow-env", "--allow-net=127.0.0.1", file, `${volume}/token`],
    ],
    ...{ stdin: "piped", stdout: "piped" },
  }).spawn();
  const writer = child.stdin.getWriter();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const ask = async () => {
    await writer.write(new TextEncoder().encode("\n"));
    return (await lines.read()).value;
  };
  try {
    assertEquals(await ask(), "token of first\n");
    await mount(volume, "second");
    await Deno.remove(`${volume}/..first`, { recursive: true });
    assertEquals(await ask(), "token of second\n");
  } finally {
    await writer.close();
    await lines.cancel();
    await child.status;
    await Deno.remove(volume, { recursive: true });
  }
});
