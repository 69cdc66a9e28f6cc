#!/usr/bin/env -S deno run
/**
 * The command line of stsaval: parse, run, exit.
 *
 * @module
 */

import { main } from "./src/cli/main.ts";
import { denoSystem } from "./src/deno_system.ts";

if (import.meta.main) Deno.exit(await main(Deno.args, denoSystem));
