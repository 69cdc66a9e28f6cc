/**
 * Tells whose value breaks a rule: that of a profile's setting, or that of the request.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { maskSecrets } from "../../masking.ts";
import { failProfile, settingAt } from "../plan/problem.ts";
import type { Profile, ProfileField } from "../profile.ts";
import { Fault } from "./fault.ts";

/** Whose value it is. */
export type Owner =
  | { readonly asked: string; readonly profile: Profile; readonly field: ProfileField }
  /** In words: "policy". */
  | { readonly given: string };

/** The scope of a plan as it is written, and whose it is. */
export interface WrittenScope {
  readonly text: string;
  readonly owner: Owner;
  /** The folder that relative paths begin in; without it, that of the process. */
  readonly folder?: string | undefined;
}

/**
 * The result of the work; a fault becomes an error that says where the value stands. What looks like a secret is masked:
 * a secret may have been put where a policy belongs.
 *
 * @throws {ProfileError} for a setting
 * @throws {UsageError} for the request
 */
export async function toldBy<T>(owner: Owner, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const why = maskSecrets(error.message);
    if (!("given" in owner)) {
      return failProfile(
        owner.asked,
        `${settingAt(owner.profile, owner.field)} ${why}`,
        error.hint,
      );
    }
    const { hint } = error;
    throw new UsageError(`Cannot use the given ${owner.given}: it ${why}`, { hint, cause: error });
  }
}
