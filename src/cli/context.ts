/**
 * What the commands share: a StsCore built from the options, and the source of MFA codes.
 *
 * @module
 */

import type { CacheKeyKeepers } from "../cache/sealing/port.ts";
import { StsCore } from "../session/core.ts";
import type { StsCoreOptions } from "../session/core_options.ts";
import type { MfaCodeOption } from "../session/mfa.ts";
import type { Invocation } from "./command.ts";
import { cacheKeys } from "./cache_keys.ts";
import { coreSettings } from "./core_settings.ts";
import { configSystem, roleFilesOf } from "./known_config.ts";
import { chooseMfaSource } from "./mfa/sources.ts";
import { passphraseAsker, reportWait } from "./prompt/passphrase_asker.ts";
import { checkOutputFiles } from "./files/output_file.ts";

export { passphraseAsker, reportWait };

/**
 * A StsCore configured by the options, with the profiles of every `--role-file`. `--source-profile` names the IAM user, unless
 * the settings say otherwise.
 */
export async function openCore(
  invocation: Invocation,
  settings: Pick<StsCoreOptions, "cache" | "cacheKeys" | "passphrase" | "profileName"> = {
    profileName: invocation.arguments.text("source-profile"),
  },
): Promise<StsCore> {
  const { arguments: given, logger, system } = invocation;
  await checkOutputFiles(given, system);
  const core = new StsCore({
    ...coreSettings(given),
    passphrase: passphraseAsker(system),
    cacheKeys: cacheKeysOf(invocation),
    ...settings,
    onProgress: invocation.onProgress,
    onWait: waitReporter(invocation),
    logger,
    system: configSystem(invocation),
  });
  for (const file of roleFilesOf(invocation)) await core.refactor(file);
  return core;
}

/** What keeps the key of a sealed cache. */
export function cacheKeysOf({ logger, signal, system }: Invocation): CacheKeyKeepers {
  return cacheKeys({ ask: passphraseAsker(system), logger, signal, system });
}

/** Reports the process that is waited for, where no line of progress names it. */
export function waitReporter(
  { onProgress, system }: Pick<Invocation, "onProgress" | "system">,
): ((holder: string) => void) | undefined {
  return onProgress === undefined ? (holder) => reportWait(system.terminal, holder) : undefined;
}

/** The code of `--mfa-code`, `--mfa-command` and so on, or a prompt on the terminal. */
export function mfaCodeOption(invocation: Invocation): MfaCodeOption {
  return chooseMfaSource(invocation);
}
