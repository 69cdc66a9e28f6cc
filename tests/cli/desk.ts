/**
 * A home with the emulator behind it, in which tests run command lines.
 *
 * @module
 */

import { main } from "../../src/cli/main.ts";
import {
  createStsEmulator,
  type EmulatorWorld,
  formatSampleHome,
  sampleWorld,
  type StsEmulator,
} from "../../src/testing/mod.ts";
import {
  type FakeProgram,
  type FakeSystem,
  fakeSystem,
  ScriptedTerminal,
  VirtualClock,
} from "../fake_system.ts";

/** A role of the sample world that needs a code, and its user. */
export const role = "DynamoDBRole-dev";
/** The user of the sample world. */
export const user = "IAM_USER1";

/** How a desk is set up. */
export interface DeskOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly program?:
    | ((words: readonly string[], desk: Desk, input: string | undefined) => FakeProgram)
    | undefined;
  readonly terminal?: ScriptedTerminal;
  /** Makes another config file of the sample one. */
  readonly edit?: (config: string) => string;
  readonly world?: EmulatorWorld;
}

/** What a command line did. */
export interface DeskResult {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** One home, one emulator, one terminal. */
export class Desk {
  readonly emulator: StsEmulator;
  readonly system: FakeSystem;

  constructor(options: DeskOptions = {}) {
    const { env = {}, program, terminal, edit = (config) => config } = options;
    const clock = new VirtualClock();
    this.emulator = createStsEmulator({
      clock: { now: () => clock.now(), sleep: () => Promise.resolve() },
      world: options.world ?? sampleWorld(),
    });
    const home = formatSampleHome(this.emulator.world, { url: "http://127.0.0.1:4566" });
    this.system = fakeSystem({
      clock,
      env,
      terminal: terminal ?? new ScriptedTerminal(),
      files: {
        "/home/kim/.aws/config": edit(home.config),
        "/home/kim/.aws/credentials": home.credentials,
      },
      fetch: this.emulator.handle,
      ...(program === undefined ? {} : {
        program: (words, given) => program(words, this, given?.input),
      }),
    });
  }

  /** The code that the user's device shows now. */
  get code(): string {
    return this.emulator.mfaCode(this.serial);
  }

  /** The user's device. */
  get serial(): string {
    return this.emulator.world.users[0]?.mfa?.serial ?? "";
  }

  /** Runs `stsaval` with these words. */
  async run(...words: readonly string[]): Promise<DeskResult> {
    const status = await main(words, this.system);
    const { stdout: out, stderr: err } = this.system.terminal;
    return { status, out, err };
  }
}
