/**
 * What can be made to go wrong: rules that say when and how, and what they come to for one call.
 *
 * @module
 */

/** When a rule applies; every condition that is given must hold. */
export interface FaultCondition {
  /** The operation: `"AssumeRole"`. */
  readonly operation?: string;
  /** The role that is asked for. */
  readonly roleArn?: string;
  /** The access key id that signs the call. */
  readonly accessKeyId?: string;
  /** From this time on, in milliseconds since 1970. */
  readonly from?: number;
  /** Before this time, in milliseconds since 1970. */
  readonly to?: number;
  /** The first `lengthMs` of every `periodMs`, counted from `from`, or from 1970 where there is none. */
  readonly window?: { readonly periodMs: number; readonly lengthMs: number };
  /** The share of the calls that are hit, by chance: 0 to 1. */
  readonly share?: number;
  /** Only every so-manieth of the calls that fit, beginning with the first: 3 hits the 1st, 4th, 7th. */
  readonly every?: number;
  /** Only so many calls in all: 1 hits the first call that fits and no other. */
  readonly times?: number;
}

/** What happens to a call. */
export type FaultEffect =
  /** The call waits before it is looked at. */
  | { readonly kind: "delay"; readonly ms: number }
  /** No answer comes until the caller gives up. */
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
  /** STS does its work, an MFA code is used up, and then the connection breaks. */
  | { readonly kind: "lose-answer" }
  /** STS's clock is ahead by so much, or behind where it is negative: in what it checks and in what it answers. */
  | { readonly kind: "skew"; readonly ms: number }
  /** AssumeRole is AccessDenied. */
  | { readonly kind: "forbid" }
  /** Every MFA code is a wrong one. */
  | { readonly kind: "refuse-code" };

/** One rule. Without `when` it applies to every call. */
export interface FaultRule {
  /** When it applies. */
  readonly when?: FaultCondition;
  /** What happens then. */
  readonly effect: FaultEffect;
}

/** What is known of a call when it arrives. */
export interface FaultFacts {
  readonly operation: string;
  readonly accessKeyId: string;
  readonly roleArn?: string | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What all the rules together come to: delays and skews add up, of the others the first in the list counts. */
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

/** The rules of an emulator, and how often each has been met. */
export class Faults {
  /** May be changed at any time. */
  readonly rules: FaultRule[] = [];
  readonly #met = new WeakMap<FaultRule, { fitting: number; hit: number }>();
  readonly #chance: () => number;

  /** `chance` gives numbers from 0 up to 1, for shares. */
  constructor(chance: () => number) {
    this.#chance = chance;
  }

  /** What happens to a call. */
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
