/**
 * Makes `.jsr/`, a copy of the project whose `deno.json` has no `links`: there the real @std packages are used, and
 * `deno publish` takes the project for what JSR users get.
 *
 * @module
 */

const target = ".jsr";

/** All that the suite and `deno publish` need; vendor/ is what the copy does without. */
const parts = [
  ".github",
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "cli.ts",
  "lint",
  "mod.ts",
  "scripts",
  "src",
  "tests",
];

/** The same settings without the local packages. */
export function withoutLinks(settings: string): string {
  const { links: _, ...rest } = JSON.parse(settings);
  return `${JSON.stringify(rest, null, 2)}\n`;
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await copy(`${from}/${name}`, `${to}/${name}`);
}

if (import.meta.main) {
  await Deno.remove(target, { recursive: true }).catch(() => {});
  await Deno.mkdir(target);
  await Deno.writeTextFile(
    `${target}/deno.json`,
    withoutLinks(await Deno.readTextFile("deno.json")),
  );
  for (const part of parts) await copy(part, `${target}/${part}`);
}
