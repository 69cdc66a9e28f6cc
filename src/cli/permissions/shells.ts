/**
 * The shells that do what the program drops the permission for: one runs the programs of the plans, one prompts on the
 * controlling terminal, one opens pages in a browser. They are started right before the first call, and then the permission is dropped.
 *
 * @module
 */

import type { BuildFacts } from "../../build.ts";
import type { Browser, CommandLine, CommandSystem, ProgramSystem, System } from "../../system.ts";
import { ProgramBroker } from "../programs/broker.ts";

/** What is dropped right before the first call, since a shell has to be started first. */
export interface HeldPrograms {
  /** The programs of the plans, which a broker runs. */
  readonly programs: readonly CommandLine[];
  /** Whether the user may have to be prompted elsewhere than on standard input and standard error. */
  readonly promptsElsewhere: boolean;
  /** Whether pages may have to be opened in a browser. */
  readonly opensPages: boolean;
  /** Drops the permission to run programs; without a broker but for those of the plans. */
  drop(hasBroker: boolean): void;
}

type Ports = Pick<ProgramSystem, "helpers" | "permissions">;

/** A system whose programs are run by a shell, and that prompts by another one, as far as it needs them. */
export async function withShells(
  system: System,
  ports: Ports,
  held: HeldPrograms,
  facts: BuildFacts | undefined,
): Promise<CommandSystem & AsyncDisposable> {
  const { brokered, close, drop } = withBroker(system, ports, held);
  const { browsing, closeBrowser } = held.opensPages
    ? await withBrowser(brokered, ports)
    : { browsing: brokered, closeBrowser: async () => {} };
  const endAll = async () => {
    await closeBrowser();
    await close();
  };
  if (!held.promptsElsewhere) return { ...dropping(browsing, drop), [Symbol.asyncDispose]: endAll };
  const { promptElsewhere } = await import("./prompting.ts");
  const prompting = promptElsewhere(browsing, ports, drop, facts);
  return {
    ...prompting,
    async [Symbol.asyncDispose]() {
      await prompting[Symbol.asyncDispose]();
      await endAll();
    },
  };
}

/** The system with a browser, whose shell is started where a call announces pages. */
async function withBrowser(system: System, { helpers, permissions }: Ports) {
  const { HelperBrowser } = await import("../programs/browser.ts");
  const { clock, network } = system;
  let open: InstanceType<typeof HelperBrowser> | undefined;
  const callOnly: typeof network.callOnly = (urls, options) => {
    network.callOnly?.(urls, options);
    const { mayOpen = [] } = options ?? {};
    if (mayOpen.length > 0 && permissions.allows("run", helpers.program)) {
      open ??= new HelperBrowser(helpers, mayOpen);
    }
  };
  const browser: Browser = {
    // Where no shell may be started, nothing is known of it, and the user opens the page.
    isHere: () => open?.isHere() ?? Promise.resolve(true),
    open: (url) => open?.open(url) ?? Promise.resolve(false),
  };
  return {
    browsing: { ...system, browser, network: { ...network, callOnly } },
    closeBrowser: async () => await open?.close(clock),
  };
}

/** The system whose `startPiped` is the broker's, once `drop` has started it. It ends before another program runs. */
function withBroker(system: System, { helpers, permissions }: Ports, held: HeldPrograms) {
  const { clock, processes, terminal } = system;
  let broker: ProgramBroker | undefined;
  let isDropped = false;
  const drop = () => {
    if (isDropped) return;
    isDropped = true;
    if (held.programs.length > 0 && permissions.allows("run", helpers.program)) {
      broker = new ProgramBroker(helpers, held.programs, terminal.canAsk);
    }
    held.drop(broker !== undefined);
  };
  const close = async () => {
    const open = broker;
    broker = undefined;
    await open?.close(clock);
  };
  const startPiped: typeof processes.startPiped = (words, env, options) =>
    broker?.startPiped(words, env, options) ?? processes.startPiped(words, env, options);
  const start: typeof processes.start = (words, env) => {
    void close();
    return processes.start(words, env);
  };
  return { brokered: { ...system, processes: { start, startPiped } }, close, drop };
}

/** The system that drops the permission before its first call. */
function dropping(system: CommandSystem, drop: () => void): CommandSystem {
  const { network } = system;
  const callOnly: typeof network.callOnly = (urls, options) => {
    network.callOnly?.(urls, options);
    drop();
  };
  return { ...system, network: { ...network, callOnly } };
}
