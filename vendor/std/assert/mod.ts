/**
 * `@std/assert` for networks without JSR: the code of its npm build, with types.
 *
 * @module
 */

// @ts-types="./mod.d.ts"
export * from "npm:deno-std@1.4.0/assert/mod.js";
