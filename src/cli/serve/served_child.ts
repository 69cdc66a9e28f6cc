/**
 * `exec --serve`: the program gets no keys, but a server that has the newest ones for as long as it runs.
 *
 * @module
 */

import { abortable } from "../../abortable.ts";
import { chooseNames } from "../../config/names/choose.ts";
import { setKey } from "../../credentials.ts";
import { serverOverrides } from "../../output/variable_names.ts";
import { namePrefixes } from "../../output/variables.ts";
import type { Invocation } from "../command.ts";
import { nestingVariable, runChild } from "../commands/shared/child.ts";
import { typedNames } from "../core_settings.ts";
import { knownConfig } from "../known_config.ts";
import { nextMfaSource } from "../mfa/sources.ts";
import { mfaCodeVariable } from "../mfa/code_variable.ts";
import { quoteWord } from "../parse/quote_words.ts";
import { wantedProfile } from "../profile_names.ts";
import { delegateTerminal } from "../prompt/delegate_terminal.ts";
import { warnOfDefault } from "./default_profile.ts";
import { openPort, type RunningServer, startServer } from "./running_server.ts";
import { SetKeeper } from "./set_keeper.ts";

/**
 * Fetches everything, starts the server, then the program, and returns its exit status. The server ends with it.
 *
 * @throws {StsavalError} when the credentials cannot be had, or the program cannot be started
 */
export async function runServedChild(
  invocation: Invocation,
  words: readonly string[],
): Promise<number> {
  const { logger, signal, system } = invocation;
  const names = await servedNames(invocation);
  // Before a code is spent.
  const prefixes = namePrefixes(names.map((name) => setKey(name)), "run it for one of them");
  const place = await openPort(invocation, 0);
  using _place = place;
  await warnOfDefault(invocation);
  const stop = new AbortController();
  const interrupt = () => stop.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener("abort", interrupt, { once: true });
  const keeper = await openKeeper(invocation, names, stop.signal);
  await using _keeper = keeper;
  const server = await startServer(invocation, keeper.served, place);
  await using _server = server;
  // First of all, so that nothing is begun anew while the rest ends.
  using _stop = { [Symbol.dispose]: () => stop.abort() };
  // Warnings come before the output of the program.
  await abortable(() => system.terminal.flush(), signal);
  // From here on signals are for the program: what it survives, the server survives too.
  signal.removeEventListener("abort", interrupt);
  invocation.delegateSignals();
  keeper.run().catch((error) => logger.error(`serve: ${error}`));
  return await runChild({ ...system, logger }, words, servedVariables(server, names, prefixes));
}

/** The served profiles; the first is the one that the program gets without asking for another. */
async function servedNames(invocation: Invocation): Promise<readonly string[]> {
  const { arguments: given } = invocation;
  const others = chooseNames(await knownConfig(invocation), given.list("serve-profiles"));
  const isNamed = typedNames(given).length > 0 || given.list("role-arn").length > 0;
  const main = isNamed || others.length === 0 ? [await wantedProfile(invocation)] : [];
  return [...new Set([...main, ...others])];
}

/** The program has the terminal: the next code comes from a command, or from a login in another terminal. */
function openKeeper(
  invocation: Invocation,
  names: readonly string[],
  signal: AbortSignal,
): Promise<SetKeeper> {
  const { arguments: given, logger, system } = invocation;
  const controlling = () => Promise.resolve("the program that runs has the terminal");
  const terminal = delegateTerminal(system.terminal, { canAsk: false, controlling });
  const hint = given.isNegated("cache")
    ? "with --mfa-command the next code needs no person"
    : `run 'stsaval login ${quoteWord(names[0] ?? "")}' in another terminal`;
  return SetKeeper.open(invocation, {
    ...{ names, signal, coreSettings: {}, whereAwaited: hint },
    nextCode: nextMfaSource({ ...invocation, system: { ...system, terminal } }),
    onFailure: (error) =>
      logger.warn(`serve: the next credentials are awaited, ${hint}: ${error.message}`),
  });
}

/** How the program's environment differs from ours. Of several profiles, each has variables with a prefix too. */
function servedVariables(
  server: RunningServer,
  names: readonly string[],
  prefixes: ReadonlyMap<string, string>,
): Readonly<Record<string, string | undefined>> {
  const [first = ""] = names;
  const prefixed = names.flatMap((name) => {
    const prefix = prefixes.get(setKey(name));
    if (prefix === undefined) return [];
    return Object.entries(server.variables(name)).map(([key, value]) => [prefix + key, value]);
  });
  return {
    ...Object.fromEntries([...serverOverrides, mfaCodeVariable].map((name) => [name, undefined])),
    ...Object.fromEntries(prefixed),
    ...server.variables(first),
    [nestingVariable]: first,
  };
}
