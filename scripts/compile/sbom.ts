/**
 * The program's bill of materials, as CycloneDX: the packages that are bundled, with their digests from `deno.lock`. It
 * is reproducible.
 *
 * @module
 */

import type { BuildFacts } from "../../src/build.ts";
import type { UsedPackage } from "./packages.ts";

interface LockedPackage {
  readonly integrity: string;
  readonly dependencies?: readonly string[];
}

interface LockFile {
  readonly npm?: Readonly<Record<string, LockedPackage>>;
  readonly jsr?: Readonly<Record<string, LockedPackage>>;
}

interface Component {
  readonly type: "library" | "platform";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly description?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

/** What the document is made of. */
export interface SbomInput {
  /** The text of `deno.lock`. */
  readonly lock: string;
  readonly facts: BuildFacts;
  readonly program: { readonly name: string; readonly version: string };
  readonly packages: readonly UsedPackage[];
  /** The `deno.json` of each local edition, by its folder, such as "vendor/std/ini". */
  readonly editions: ReadonlyMap<string, { readonly name: string; readonly version: string }>;
}

/**
 * The document.
 *
 * @throws {Error} for a package that the lock file does not pin
 */
export function createSbom({ lock, facts, program, packages, editions }: SbomInput): string {
  const { name, version } = program;
  const root = `pkg:generic/${name}@${version}`;
  // The lock file is written by Deno in this form.
  const locked = JSON.parse(lock) as LockFile;
  const components = [
    runtime(facts.deno),
    ...packages.map((used) =>
      used.registry === "local" ? localEdition(used, editions) : library(used, locked)
    ),
  ];
  const dependsOn = components.map((component) => component["bom-ref"]);
  return `${
    JSON.stringify(
      {
        bomFormat: "CycloneDX",
        specVersion: "1.5",
        version: 1,
        metadata: {
          component: { type: "application", "bom-ref": root, name, version, purl: root },
          properties: [
            { name: "stsaval:commit", value: facts.commit },
            { name: "stsaval:lock", value: `sha256:${facts.lock}` },
          ],
        },
        components,
        dependencies: [{ ref: root, dependsOn }],
      },
      null,
      2,
    )
  }\n`;
}

function runtime(version: string): Component {
  const purl = `pkg:github/denoland/deno@v${version}`;
  return { type: "platform", "bom-ref": purl, name: "deno", version, purl };
}

/** A package of a registry. */
function library({ registry, name, version = "" }: UsedPackage, lock: LockFile): Component {
  const rows = (registry === "jsr" ? lock.jsr : lock.npm) ?? {};
  const key = `${name}@${version}`;
  // Behind the version may stand the packages that it was resolved with: "a@1.0.0_b@2.0.0".
  const row = rows[key] ??
    Object.entries(rows).find(([other]) => other.startsWith(`${key}_`))?.[1];
  if (row === undefined) {
    throw new Error(
      `Cannot list ${registry} package "${key}": deno.lock does not pin it; ` +
        "'deno install --entrypoint cli.ts' writes it there",
    );
  }
  const purl = `pkg:${registry}/${name.replace("@", "%40")}@${version}`;
  return {
    ...{ type: "library", "bom-ref": purl, name, version, purl },
    hashes: [hashOf(row.integrity)],
  };
}

/** A folder of this project. It is not the package whose place it takes, so it gets no address of a registry. */
function localEdition({ name }: UsedPackage, editions: SbomInput["editions"]): Component {
  const edition = editions.get(name);
  if (edition === undefined) throw new Error(`Cannot list "${name}": links in deno.json lack it`);
  return {
    type: "library",
    "bom-ref": `${name}@${edition.version}`,
    name,
    version: edition.version,
    description: `Part of this project, in place of jsr:${edition.name}`,
  };
}

/** npm's digests are in base64 with the algorithm's name, those of JSR in hexadecimal. */
function hashOf(integrity: string): { readonly alg: string; readonly content: string } {
  const [, base64] = /^sha512-(.+)$/.exec(integrity) ?? [];
  if (base64 === undefined) return { alg: "SHA-256", content: integrity };
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return { alg: "SHA-512", content: hex(bytes) };
}

/** Bytes as hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
