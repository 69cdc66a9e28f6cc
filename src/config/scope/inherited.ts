/**
 * What the sessions of a chain inherit: transitive tags and the source identity, which no later role may set anew.
 *
 * @module
 */

import type { SessionParameters } from "../../plan.ts";
import { quoteValue } from "../file/quote.ts";
import { settingNames } from "../file/setting_names.ts";
import { failProfile } from "../plan/problem.ts";

/** Follows a chain from its first role to its last. */
export class Inherited {
  readonly #asked: string;
  /** By the key in lower case: the profile that set it. */
  readonly #tags = new Map<string, string>();
  #identity: { readonly value: string; readonly profile: string } | undefined;

  /** `asked` is the requested profile. */
  constructor(asked: string) {
    this.#asked = asked;
  }

  /** Checks the next role of the chain. @throws {ProfileError} when STS would refuse it */
  pass(profile: string, parameters: SessionParameters): void {
    const { tags = [], transitiveTagKeys = [], sourceIdentity } = parameters;
    for (const { key } of tags) this.#checkTag(profile, key);
    this.#checkIdentity(profile, sourceIdentity);
    for (const key of transitiveTagKeys) this.#tags.set(key.toLowerCase(), profile);
    if (sourceIdentity !== undefined) this.#identity = { value: sourceIdentity, profile };
  }

  #checkTag(profile: string, key: string): void {
    const before = this.#tags.get(key.toLowerCase());
    if (before === undefined) return;
    failProfile(
      this.#asked,
      `the role of profile "${profile}" sets the tag ${
        quoteValue(key)
      }, which is transitive from the role of profile ` +
        `"${before}", and AWS lets no later role set it`,
      `remove it from ${settingNames.sessionTags} of one, or from ${settingNames.transitiveSessionTags} of profile "${before}"`,
    );
  }

  #checkIdentity(profile: string, identity: string | undefined): void {
    const before = this.#identity;
    if (before === undefined || identity === undefined || identity === before.value) return;
    failProfile(
      this.#asked,
      `the role of profile "${profile}" sets the source identity ${
        quoteValue(identity)
      }, but that of profile ` +
        `"${before.profile}" has set ${
          quoteValue(before.value)
        }, and AWS lets no later role change it`,
      `set ${settingNames.sourceIdentity} for the first role of the chain alone`,
    );
  }
}
