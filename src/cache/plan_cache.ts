/**
 * Shares credentials between processes: finds the cache entry for a plan, or makes the call that fills it.
 *
 * @module
 */

import type { Credentials } from "../credentials.ts";
import { isKeysStep, type RoleStep, type ScopeStep, type SessionStep } from "../plan.ts";
import { cacheKey, type CacheSubject } from "./key.ts";
import type { LogoutMark } from "./logouts.ts";
import type { CredentialTimes } from "../schedule.ts";
import type { Digests } from "../system.ts";
import {
  type CodeGuard,
  type SharedRequest,
  sharedSession,
  type SharingPorts,
} from "./shared_session.ts";

/** A call whose result is shared with other processes. */
export interface SharedCall {
  /** The requesting profile. */
  readonly profile: string;
  readonly subject: CacheSubject;
  readonly signal: AbortSignal;
  /** True bypasses the cache and gets new credentials. */
  readonly renew?: boolean | undefined;
  /** Whether cached credentials can still be used; default: while they are fresh. */
  readonly serves?: ((times: CredentialTimes, now: number) => boolean) | undefined;
  /** What was known of logouts when it began, and when what it builds on did. */
  readonly mark?: (() => LogoutMark | undefined) | undefined;
  /** What the call builds on, before any lock is taken. */
  readonly prepare?: (() => Promise<unknown>) | undefined;
  /** The call itself. */
  readonly fetch: (guard?: CodeGuard) => Promise<Credentials>;
  /** Where given, who shares goes on while the cache still takes the credentials; it is called with the end of that. */
  readonly keeping?: ((kept: Promise<void>) => void) | undefined;
}

/** Shares credentials between processes. */
export interface PlanCache {
  /** The credentials of another process, or those of the call, which are then cached for the others. */
  share(call: SharedCall): Promise<Credentials>;
}

/** The ports of a {@linkcode PlanCache}. */
export interface PlanCachePorts extends SharingPorts {
  /** What makes keys at once; default: WebCrypto. */
  readonly digests?: Digests | undefined;
}

/** Shares through the given cache. */
export function createPlanCache(ports: PlanCachePorts): PlanCache {
  return {
    async share(call) {
      const { profile, subject, signal, renew, serves } = call;
      if (subject.scope !== undefined) return await shareScope(ports, call, subject.scope);
      const last = subject.roles.at(-1) ?? subject.session;
      if (last === undefined) return await shareSource(ports, call);
      const { mfaSerial, durationSeconds, endpoint } = last;
      return await sharedSession(ports, {
        key: await cacheKey(subject, ports.digests),
        owner: {
          profile,
          operation: last.kind === "assume-role" ? "AssumeRole" : "GetSessionToken",
          roleArn: last.kind === "assume-role" ? last.roleArn : undefined,
          mfaSerial,
          region: endpoint.region,
        },
        durationSeconds,
        // A session token serves whoever it lives long enough for: `serves` decides.
        leastSeconds: last.kind === "assume-role" ? undefined : 0,
        signal,
        serves,
        renew,
        ...purposeOf(last),
        prepare: call.prepare,
        mark: call.mark,
        fetch: call.fetch,
        keeping: call.keeping,
      });
    },
  };
}

function purposeOf(
  { mfaSerial, ...step }: RoleStep | SessionStep,
): Pick<SharedRequest, "purpose" | "repeatable"> {
  if (mfaSerial !== undefined) return { purpose: `asks for the MFA code of "${mfaSerial}"` };
  const purpose = "roleArn" in step ? `assumes the role "${step.roleArn}"` : "gets a session token";
  return { purpose, repeatable: true };
}

/** A scoped copy: the call that makes it needs no code, but what it copies may. */
async function shareScope(
  ports: PlanCachePorts,
  call: SharedCall,
  { durationSeconds = 0, endpoint }: ScopeStep,
): Promise<Credentials> {
  const { profile, subject, signal, renew, serves } = call;
  return await sharedSession(ports, {
    key: await cacheKey(subject, ports.digests),
    owner: {
      profile,
      operation: "GetScopedCredentials",
      roleArn: subject.roles.at(-1)?.roleArn,
      region: endpoint.region,
    },
    durationSeconds,
    purpose: "gets a scoped copy of credentials",
    repeatable: true,
    ...{ signal, renew, serves },
    prepare: call.prepare,
    mark: call.mark,
    fetch: call.fetch,
  });
}

/** Base credentials from a source: how long they live is for the source to say. */
async function shareSource(ports: PlanCachePorts, call: SharedCall): Promise<Credentials> {
  const { profile, subject, signal, renew, serves } = call;
  if (isKeysStep(subject.base)) return await call.fetch();
  const { source, detail } = subject.base;
  return await sharedSession(ports, {
    key: await cacheKey(subject, ports.digests),
    owner: { profile, operation: source },
    durationSeconds: 0,
    purpose: `fetches the credentials of ${source} ${detail}`,
    ...{ signal, renew, serves },
    mark: call.mark,
    fetch: call.fetch,
  });
}
