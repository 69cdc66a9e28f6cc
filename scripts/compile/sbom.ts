/**
 * The program's bill of materials, as CycloneDX: made from `deno.lock` alone, so that it is reproducible.
 *
 * @module
 */

import type { BuildFacts } from "../../src/build.ts";

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
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

/** The document. `packages` are the versions of the packages that a network without JSR takes from `vendor/`. */
export function createSbom(
  lockText: string,
  facts: BuildFacts,
  program: { readonly name: string; readonly version: string },
  vendored: Readonly<Record<string, string>>,
): string {
  // The lock file is written by Deno in this form.
  const lock = JSON.parse(lockText) as LockFile;
  const { name, version } = program;
  const root = `pkg:generic/${name}@${version}`;
  const components = [
    runtime(facts.deno),
    ...Object.entries(vendored).map(([key, version]) => library("jsr", `${key}@${version}`)),
    ...Object.entries(lock.jsr ?? {}).map(([key, value]) => library("jsr", key, value.integrity)),
    ...Object.entries(lock.npm ?? {}).map(([key, value]) => library("npm", key, value.integrity)),
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

/** `@smithy/core@3.41.0`, and its digest in the lock: npm's in base64 with its name, JSR's in hex. */
function library(registry: "npm" | "jsr", key: string, integrity?: string): Component {
  const at = key.indexOf("@", 1);
  const [name, version] = [key.slice(0, at), key.slice(at + 1).replace(/_.*$/, "")];
  const purl = `pkg:${registry}/${name.replace("@", "%40")}@${version}`;
  const hashes = integrity === undefined ? {} : { hashes: [hashOf(integrity)] };
  return { type: "library", "bom-ref": purl, name, version, purl, ...hashes };
}

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
