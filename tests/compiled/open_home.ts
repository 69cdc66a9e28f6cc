/**
 * A home for the compiled program.
 *
 * @module
 */

import {
  createStsEmulator,
  formatSampleHome,
  sampleWorld,
  type StsEmulator,
} from "../../src/testing/mod.ts";
import { type Home, makeHome } from "../peers/stsaval_process.ts";

/** A home whose roles want no code, so that nothing is asked for. */
export async function openHome(
  options: { readonly roleSeconds?: number } = {},
): Promise<{ readonly home: Home; readonly sts: StsEmulator }> {
  const { roles, ...rest } = sampleWorld();
  const world = { ...rest, roles: roles.map((role) => ({ ...role, requireMfa: false })) };
  const sts = createStsEmulator({ world, ...options });
  const home = await makeHome(sts.handle, (url) => {
    const { config, credentials } = formatSampleHome(world, { url });
    const withoutMfa = config.replaceAll(/^mfa_serial.*\n/gm, "");
    return { ".aws/config": withoutMfa, ".aws/credentials": credentials };
  });
  return { home, sts };
}
