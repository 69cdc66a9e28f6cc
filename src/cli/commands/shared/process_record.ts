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
  githubOptions,
  lifetimeOption,
  narrowingOptions,
  profileOption,
  roleOptions,
  stsOptions,
} from "../../options.ts";

/** The part of the record. */
export const processRecord: Pick<Command, "name" | "operands" | "options" | "needs"> = {
  name: "process",
  operands: "[PROFILE]",
  options: [
    profileOption,
    ...roleOptions,
    ...narrowingOptions,
    ...githubOptions,
    ...codeOptions,
    lifetimeOption,
    {
      name: "keep-answer",
      summary: "Keep the answer for stsaval-process, which prints it without starting stsaval",
    },
    ...cacheOptions,
    ...stsOptions,
    ...fileOptions,
  ],
  needs: [...credentialNeeds, "answers"],
};
