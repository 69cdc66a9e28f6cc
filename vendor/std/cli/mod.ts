/**
 * `@std/cli` for networks without JSR: the parts of it that are used, with types.
 *
 * @module
 */

export * from "./parse_args.ts";
export * from "./unicode_width.ts";
