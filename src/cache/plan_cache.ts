/**
 * Answers of STS that are shared with other processes: which of them serves a plan, and who may ask for a new one.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import { isKeysStep } from "../plan.ts";
import { cacheKey, type CacheSubject } from "./key.ts";
import type { CredentialTimes } from "../schedule.ts";
import { type CodeGuard, sharedSession, type SharingPorts } from "./shared_session.ts";

/** One answer that other processes may have, or may want. */
export interface SharedCall {
  /** Who asks. */
  readonly profile: string;
  readonly subject: CacheSubject;
  readonly signal: AbortSignal;
  /** True gets a new answer, whatever the cache holds. */
  readonly renew?: boolean | undefined;
  /** Whether an answer still serves; default: while it is fresh. */
  readonly serves?: ((times: CredentialTimes, now: number) => boolean) | undefined;
  /** The call itself. */
  readonly fetch: (guard?: CodeGuard) => Promise<Credentials>;
}

/** Shares answers. */
export interface PlanCache {
  /** The answer of another process, or that of the call, which is then there for the others. */
  share(call: SharedCall): Promise<Credentials>;
}

/** Shares through the cache of the ports. */
export function createPlanCache(ports: SharingPorts): PlanCache {
  return {
    async share(call) {
      const { profile, subject, signal, renew, serves } = call;
      const last = subject.roles.at(-1) ?? subject.session;
      if (last === undefined) return await shareSource(ports, call);
      const { mfaSerial, durationSeconds, endpoint } = last;
      return await sharedSession(ports, {
        key: await cacheKey(subject),
        owner: {
          profile,
          operation: last.kind === "assume-role" ? "AssumeRole" : "GetSessionToken",
          roleArn: last.kind === "assume-role" ? last.roleArn : undefined,
          mfaSerial,
          region: endpoint.region,
        },
        durationSeconds,
        signal,
        serves,
        renew,
        purpose: mfaSerial === undefined ? undefined : `asks for the MFA code of "${mfaSerial}"`,
        fetch: call.fetch,
      });
    },
  };
}

/** Base credentials from a source: how long they live is for the source to say. */
async function shareSource(ports: SharingPorts, call: SharedCall): Promise<Credentials> {
  const { profile, subject, signal, renew, serves } = call;
  if (isKeysStep(subject.base)) return await call.fetch();
  const { source, detail } = subject.base;
  return await sharedSession(ports, {
    key: await cacheKey(subject),
    owner: { profile, operation: source },
    durationSeconds: 0,
    purpose: `fetches the credentials of ${source} ${detail}`,
    ...{ signal, renew, serves },
    fetch: call.fetch,
  });
}
