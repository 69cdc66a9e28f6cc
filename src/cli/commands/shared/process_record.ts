/**
 * What `stsaval process` takes and what it needs: the part of its record that is wanted before the cache is asked.
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
