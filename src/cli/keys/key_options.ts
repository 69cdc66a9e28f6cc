/**
 * What the records of `stsaval keys` share.
 *
 * @module
 */

import type { CommandOption } from "../command.ts";
import { cacheOptions, fileOptions, profileOption, stsOptions } from "../options.ts";

/** How the keys are opened from now on. */
export const openerOption: CommandOption = {
  name: "opener",
  value: "OPENER",
  summary: "What opens them (see 'stsaval help keys import'); default: found out",
};

/** Whose keys, and which files. */
export const keyFileOptions: readonly CommandOption[] = [
  profileOption,
  ...fileOptions.filter(({ name }) => name !== "role-file"),
  ...cacheOptions.filter(({ name }) => name === "lock-timeout"),
];

/** How STS is asked whether keys work. */
export const keyCallOptions: readonly CommandOption[] = stsOptions;
