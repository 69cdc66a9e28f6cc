/**
 * The credentials of the role of an instance or a container: the same for whoever asks, until new ones are due.
 *
 * @module
 */

import type { Issued, StateMachine } from "../sts/state_machine.ts";
import type { EmulatorMachine } from "../world/account_state.ts";

/** New ones are there five minutes before the old ones end; for short ones, when a third is left. */
const leastLeftMs = 300_000;

const usualSeconds = 21_600;

/** What a machine's role is given. */
export class MachineRole {
  readonly #machine: EmulatorMachine;
  readonly #state: StateMachine;
  readonly #sessionName: string;
  #issued: Issued | undefined;

  /** `sessionName` is what AWS names the sessions of such machines by: the id of the instance or of the task. */
  constructor(machine: EmulatorMachine, state: StateMachine, sessionName: string) {
    this.#machine = machine;
    this.#state = state;
    this.#sessionName = sessionName;
  }

  /** The role's name, without its path. */
  get name(): string {
    return this.#machine.roleArn.replace(/^.*\//, "");
  }

  /** The role's ARN. */
  get arn(): string {
    return this.#machine.roleArn;
  }

  /** As the services give them, in JSON. */
  credentials(now: number): Readonly<Record<string, string>> {
    const seconds = this.#machine.sessionSeconds ?? usualSeconds;
    const least = Math.min(leastLeftMs, seconds * 1_000 / 3);
    if (this.#issued === undefined || this.#issued.expiration - now <= least) {
      this.#issued = this.#state.issueRoleSession(
        { arn: this.#machine.roleArn, trusts: [] },
        { sessionName: this.#sessionName, seconds, now },
      );
    }
    const { keys, expiration } = this.#issued;
    return {
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      Token: keys.sessionToken,
      Expiration: formatSeconds(expiration),
    };
  }
}

/** `2026-01-31T12:00:00Z`: botocore reads no other form. */
export function formatSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
