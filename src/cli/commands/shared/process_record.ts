/**
 * The options and needs of `stsaval process`: the part of its record that is needed before the cache is read.
 *
 * @module
 */

import type { Command } from "../../command.ts";
import { credentialNeeds } from "../../permissions/needs.ts";
import {
  cacheOptions,
  codeOptions,
  fileOptions,
  lifetimeOption,
  oneProfileOption,
  stsOptions,
} from "../../options.ts";

/** The part of the record. */
export const processRecord: Pick<Command, "name" | "options" | "needs"> = {
  name: "process",
  options: [
    oneProfileOption,
    ...codeOptions,
    lifetimeOption,
    ...cacheOptions,
    ...stsOptions,
    ...fileOptions,
  ],
  needs: credentialNeeds,
};
