/**
 * Checks a release's tag against the versions in the project, and prints its changelog entry, for the release page:
 *
 *     deno run --allow-read=. scripts/check_release.ts v1.2.3
 *
 * @module
 */

/** The places that hold the version. */
export interface Versions {
  /** The tag, such as "v1.2.3". */
  readonly tag: string;
  /** The text of `deno.json`. */
  readonly settings: string;
  /** The text of `CHANGELOG.md`. */
  readonly changelog: string;
  /** `version` of `src/version.ts`. */
  readonly source: string;
}

/** The mismatches, as sentences; empty if all agree. */
export function mismatches({ tag, settings, changelog, source }: Versions): readonly string[] {
  const { version } = JSON.parse(settings);
  const [heading = ""] = /^## .*$/m.exec(changelog) ?? [];
  const said: string[] = [];
  if (tag !== `v${version}`) said.push(`The tag is "${tag}", wanted "v${version}" as in deno.json`);
  if (source !== version) said.push(`src/version.ts has "${source}", deno.json "${version}"`);
  const [, newest] = /^## (\S+) - \d{4}-\d\d-\d\d$/.exec(heading) ?? [];
  if (newest !== version) {
    said.push(`CHANGELOG.md begins with "${heading}", wanted "## ${version} - " and a date`);
  }
  return said;
}

/** The newest section of the changelog, without its heading. */
export function newestNotes(changelog: string): string {
  const [, newest = ""] = changelog.split(/^## .*\n/m);
  return `${newest.trim()}\n`;
}

async function main(): Promise<number> {
  const { version } = await import("../src/version.ts");
  const changelog = await Deno.readTextFile("CHANGELOG.md");
  const said = mismatches({
    tag: Deno.args[0] ?? "",
    settings: await Deno.readTextFile("deno.json"),
    changelog,
    source: version,
  });
  for (const objection of said) console.error(objection);
  if (said.length === 0) console.log(newestNotes(changelog));
  return said.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
