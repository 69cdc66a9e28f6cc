/**
 * `@std/cli/parse-args` for networks without JSR: the code of its npm build, with types.
 *
 * @module
 */

// @ts-types="./parse_args.d.ts"
export * from "npm:deno-std@1.4.0/cli/parse_args.js";
