/**
 * Fault injection: rules that say when a call fails and how, and their combined effect on one call.
 *
 * @module
 */

/** When a rule applies; every given condition must hold. */
export interface FaultCondition {
  /** The operation: `"AssumeRole"`. */
  readonly operation?: string;
  /** The requested role. */
  readonly roleArn?: string;
  /** The access key id that signs the call. */
  readonly accessKeyId?: string;
  /** From this time on, in milliseconds since 1970. */
  readonly from?: number;
  /** Before this time, in milliseconds since 1970. */
  readonly to?: number;
  /** The first `lengthMs` of every `periodMs`, counted from `from`, or from 1970 without it. */
  readonly window?: { readonly periodMs: number; readonly lengthMs: number };
  /** The share of the calls that are hit, at random: 0 to 1. */
  readonly share?: number;
  /** Only every n-th of the matching calls, starting with the first: 3 hits the 1st, 4th, 7th. */
  readonly every?: number;
  /** At most this many calls: 1 hits only the first matching call. */
  readonly times?: number;
}

/** What happens to a call. */
export type FaultEffect =
  /** The call waits before it is processed. */
  | { readonly kind: "delay"; readonly ms: number }
  /** There is no response until the caller aborts. */
  | { readonly kind: "hang" }
  /** 400 Throttling. */
  | { readonly kind: "throttle" }
  /** An error of your choice; 500 InternalFailure and 503 ServiceUnavailable are worth a retry. */
  | {
    readonly kind: "fail";
    readonly code: string;
    readonly status: number;
    readonly message?: string;
  }
  /** The connection breaks before STS has seen the call. */
  | { readonly kind: "drop" }
  /** STS processes the call, an MFA code is used up, and then the connection breaks. */
  | { readonly kind: "lose-answer" }
  /** STS's clock is ahead by this much, or behind if negative: in its checks and in its responses. */
  | { readonly kind: "skew"; readonly ms: number }
  /** AssumeRole is AccessDenied. */
  | { readonly kind: "forbid" }
  /** Every MFA code is rejected. */
  | { readonly kind: "refuse-code" };

/** One rule. Without `when` it applies to every call. */
export interface FaultRule {
  /** When it applies. */
  readonly when?: FaultCondition;
  /** What happens then. */
  readonly effect: FaultEffect;
}

/** The facts about a call when it arrives. */
export interface FaultFacts {
  readonly operation: string;
  readonly accessKeyId: string;
  readonly roleArn?: string | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The combined effect of all rules: delays and skews add up, of the others the first in the list wins. */
export interface Fault {
  readonly delayMs: number;
  readonly skewMs: number;
  readonly ending?: FaultEffect & { readonly kind: "hang" | "throttle" | "fail" | "drop" };
  readonly loseAnswer: boolean;
  readonly forbid: boolean;
  readonly refuseCodes: boolean;
}

const NONE: Fault = {
  delayMs: 0,
  skewMs: 0,
  loseAnswer: false,
  forbid: false,
  refuseCodes: false,
};

/** The rules of an emulator, and how often each has matched. */
export class Faults {
  /** The rules; they may be changed at any time. */
  readonly rules: FaultRule[] = [];
  readonly #met = new WeakMap<FaultRule, { fitting: number; hit: number }>();
  readonly #chance: () => number;

  /** `chance` returns numbers from 0 up to 1, for shares. */
  constructor(chance: () => number) {
    this.#chance = chance;
  }

  /** The faults of a call. */
  resolve(facts: FaultFacts): Fault {
    let fault = NONE;
    for (const rule of this.rules) {
      if (this.#hits(rule, facts)) fault = add(fault, rule.effect);
    }
    return fault;
  }

  #hits(rule: FaultRule, facts: FaultFacts): boolean {
    const { when = {} } = rule;
    if (!fits(when, facts)) return false;
    const met = this.#met.get(rule) ?? { fitting: 0, hit: 0 };
    this.#met.set(rule, met);
    if (met.hit >= (when.times ?? Infinity)) return false;
    if (met.fitting++ % (when.every ?? 1) !== 0) return false;
    if (when.share !== undefined && this.#chance() >= when.share) return false;
    met.hit++;
    return true;
  }
}

function fits(when: FaultCondition, facts: FaultFacts): boolean {
  const { from = 0, to = Infinity, window } = when;
  if (when.operation !== undefined && when.operation !== facts.operation) return false;
  if (when.roleArn !== undefined && when.roleArn !== facts.roleArn) return false;
  if (when.accessKeyId !== undefined && when.accessKeyId !== facts.accessKeyId) return false;
  if (facts.at < from || facts.at >= to) return false;
  return window === undefined || (facts.at - from) % window.periodMs < window.lengthMs;
}

function add(fault: Fault, effect: FaultEffect): Fault {
  switch (effect.kind) {
    case "delay":
      return { ...fault, delayMs: fault.delayMs + effect.ms };
    case "skew":
      return { ...fault, skewMs: fault.skewMs + effect.ms };
    case "forbid":
      return { ...fault, forbid: true };
    case "refuse-code":
      return { ...fault, refuseCodes: true };
    case "lose-answer":
      return { ...fault, loseAnswer: true };
    default:
      return fault.ending === undefined ? { ...fault, ending: effect } : fault;
  }
}
