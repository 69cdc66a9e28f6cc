/**
 * Makes `.jsr/`, a copy of the project whose `deno.json` has no `links`: there the real @std packages are used, and
 * `deno publish` takes the project for what JSR users get. For networks without JSR, `makeCopyWithFiles()` can take the local
 * packages along as files of the project, so that `deno publish --dry-run` checks everything else.
 *
 * @module
 */

const target = ".jsr";

/** All that the suite and `deno publish` need; the copy has no vendor/. */
const parts = [
  ".ci",
  ".github",
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "cli.ts",
  // What it pins stays pinned; Deno adds the packages of JSR.
  "deno.lock",
  "install.sh",
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

/** The same settings with the local packages as files of the project; `folders` are those of `links`, with theirs. */
export function withFiles(settings: string, folders: ReadonlyMap<string, string>): string {
  const { imports, publish, ...rest } = JSON.parse(withoutLinks(settings));
  for (const [folder, text] of folders) {
    const { name, exports } = JSON.parse(text);
    delete imports[name];
    const rows: Record<string, string> = typeof exports === "string" ? { ".": exports } : exports;
    for (const [entry, file] of Object.entries(rows)) {
      imports[name + entry.slice(1)] = `${folder}/${file.slice(2)}`;
    }
  }
  const include = [...publish.include, ...[...folders.keys()].map((folder) => `${folder}/**/*.ts`)];
  return JSON.stringify({ ...rest, imports, publish: { ...publish, include } });
}

/** Makes a copy for networks without JSR in an existing folder. */
export async function makeCopyWithFiles(target: string): Promise<void> {
  const settings = await Deno.readTextFile("deno.json");
  const folders = new Map<string, string>();
  for (const folder of JSON.parse(settings).links) {
    folders.set(folder, await Deno.readTextFile(`${folder}/deno.json`));
  }
  await Deno.writeTextFile(`${target}/deno.json`, withFiles(settings, folders));
  for (const part of [...parts, "vendor"]) await copy(part, `${target}/${part}`);
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
