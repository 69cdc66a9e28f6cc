import { assert, assertEquals, assertThrows } from "@std/assert";
import { createSbom, hex, type SbomInput } from "../../../scripts/compile/sbom.ts";

const integrity = `sha512-${btoa("\0".repeat(64))}`;
const lock = {
  npm: {
    "bowser@2.15.0": { integrity },
    "@smithy/core@3.41.0_bowser@2.15.0": { integrity },
    "only-a-test@1.0.0": { integrity },
  },
  jsr: { "@std/ini@1.0.0-rc.9": { integrity: "beef" } },
};

function sbomOf(changes: Partial<SbomInput>) {
  const input: SbomInput = {
    lock: JSON.stringify(lock),
    facts: { commit: "0123", deno: "2.9.6", lock: "beef", hosts: [] },
    program: { name: "stsaval", version: "1.0.0" },
    packages: [
      { registry: "jsr", name: "@std/ini", version: "1.0.0-rc.9" },
      { registry: "npm", name: "@smithy/core", version: "3.41.0" },
      { registry: "npm", name: "bowser", version: "2.15.0" },
    ],
    editions: new Map([["vendor/std/log", { name: "@std/log", version: "0.224.14" }]]),
    ...changes,
  };
  return { text: createSbom(input), again: createSbom(input) };
}

Deno.test({
  name: "createSbom() lists Deno and the packages in the program with their digests, and no other",
  permissions: "none",
  fn() {
    const { text, again } = sbomOf({});
    assertEquals(text, again);
    const { components, dependencies } = JSON.parse(text);
    assertEquals(components.map(({ purl }: { purl: string }) => purl), [
      "pkg:github/denoland/deno@v2.9.6",
      "pkg:jsr/%40std/ini@1.0.0-rc.9",
      "pkg:npm/%40smithy/core@3.41.0",
      "pkg:npm/bowser@2.15.0",
    ]);
    assertEquals(components[1].hashes, [{ alg: "SHA-256", content: "beef" }]);
    assertEquals(components[2].hashes, [{ alg: "SHA-512", content: "0".repeat(128) }]);
    assertEquals(dependencies[0].dependsOn.length, components.length);
  },
});

Deno.test({
  name: "createSbom() gives a local edition no address of the registry whose package it replaces",
  permissions: "none",
  fn() {
    const packages = [{ registry: "local", name: "vendor/std/log", version: undefined }] as const;
    const [, log] = JSON.parse(sbomOf({ packages }).text).components;
    assertEquals(log, {
      type: "library",
      "bom-ref": "vendor/std/log@0.224.14",
      name: "vendor/std/log",
      version: "0.224.14",
      description: "Part of this project, in place of jsr:@std/log",
    });
    assertThrows(() => sbomOf({ packages, editions: new Map() }), Error, "links in deno.json");
  },
});

Deno.test({
  name: "createSbom() refuses a package that the lock file does not pin",
  permissions: "none",
  fn() {
    for (
      const used of [
        { registry: "npm", name: "bowser", version: "2.15.1" },
        { registry: "npm", name: "@std/ini", version: "1.0.0-rc.9" },
        { registry: "jsr", name: "@std/ini", version: "1.0.0" },
      ] as const
    ) {
      assertThrows(() => sbomOf({ packages: [used] }), Error, "deno.lock does not pin it");
    }
  },
});

Deno.test({
  name: "createSbom() finds every npm package of the project's own lock file",
  async fn() {
    const text = await Deno.readTextFile("deno.lock");
    const packages = Object.keys(JSON.parse(text).npm).map((key) => {
      const at = key.indexOf("@", 1);
      const version = key.slice(at + 1).replace(/_.*/, "");
      return { registry: "npm", name: key.slice(0, at), version } as const;
    });
    assert(packages.length > 10);
    const { components } = JSON.parse(sbomOf({ lock: text, packages }).text);
    for (const { hashes } of components.slice(1)) assertEquals(hashes[0].content.length, 128);
  },
});

Deno.test({
  name: "hex() gives two digits a byte",
  permissions: "none",
  fn: () => assertEquals(hex(Uint8Array.of(0, 15, 255)), "000fff"),
});
