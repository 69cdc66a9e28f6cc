/**
 * Prompts on the controlling terminal. Only a program that may run others can start the helper for them, so where a prompt
 * may come, that permission is dropped right before the first call, and not at the start of the command.
 *
 * @module
 */

import type { BuildFacts } from "../../build.ts";
import type { CommandSystem, ProgramSystem } from "../../system.ts";
import { ControllingTerminal } from "../prompt/controlling_terminal.ts";
import { delegateTerminal } from "../prompt/delegate_terminal.ts";

/** A system that prompts on the controlling terminal. Its helper ends with it, and before any other program is started. */
export function promptElsewhere(
  system: CommandSystem,
  { helpers, permissions }: Pick<ProgramSystem, "helpers" | "permissions">,
  dropPrograms: () => void,
  facts: BuildFacts | undefined,
): CommandSystem & AsyncDisposable {
  const { clock, network, processes, terminal } = system;
  let place: ControllingTerminal | undefined;
  const callOnly: typeof network.callOnly = (urls, options) => {
    network.callOnly?.(urls, options);
    if (options?.mayPrompt && permissions.allows("run", helpers.program)) {
      place ??= new ControllingTerminal(helpers);
    }
    dropPrograms();
  };
  const controlling = async () =>
    place === undefined ? noHelper(facts) : await place.open() ? place : "no terminal";
  const close = async () => {
    const open = place;
    place = undefined;
    await open?.close(clock);
  };
  return {
    ...system,
    network: { ...network, callOnly },
    terminal: delegateTerminal(terminal, { canAsk: false, controlling }),
    processes: {
      startPiped: (words, env, options) => processes.startPiped(words, env, options),
      start(words, variables) {
        void close();
        return processes.start(words, variables);
      },
    },
    [Symbol.asyncDispose]: close,
  };
}

function noHelper(facts: BuildFacts | undefined): string {
  const why = facts?.programs === undefined
    ? "it may not run /bin/sh"
    : `it was compiled to run nothing but ${facts.programs.join(", ")}`;
  return "standard input or standard error is no terminal, and this program cannot open another one, since " +
    why;
}
