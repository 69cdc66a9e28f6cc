/**
 * Where the key of the sealed session cache is kept, by opener. What a keyring or an identity file has of age opens the
 * key; the kernel's keyring keeps the key itself, so that no passphrase is typed for it; a passphrase opens a sealed
 * file that holds it.
 *
 * @module
 */

import type { TakeLock } from "../config/file/edit_shared_file.ts";
import { settingNames } from "../config/file/setting_names.ts";
import { StoreError } from "../errors.ts";
import type { Random, System } from "../system.ts";
import { openerContext } from "./opener_context.ts";
import {
  anotherOpener,
  commonFault,
  lastWords,
  type Opener,
  openerError,
} from "./openers/opener.ts";
import { formatOpener, type OpenerChoice } from "./openers/opener_lines.ts";
import {
  cacheKeyFile,
  cacheKeyLines,
  cacheKeyName,
  cacheKeyOpeners,
  isCacheKeeper,
  markedKey,
  unmarkedKey,
} from "./cache_key_lines.ts";
import type { AskPassphrase } from "./passphrase_port.ts";
import { unwrapKey, wrapKey } from "./wrapped_key.ts";

/** One way of keeping the key. `note` is written beside the cache, and is of no use without what the opener has. */
export interface CacheKeyKeeper {
  readonly name: string;
  /** The key; undefined where it is gone. @throws {StoreError} where it cannot be had */
  load(note: string): Promise<string | undefined>;
  /** Keeps the key, and gives the note that finds it again. @throws {StoreError} where that fails */
  store(key: string): Promise<string>;
  /** Removes what is kept of the key alone. @throws {StoreError} where that fails */
  remove(): Promise<void>;
}

/** The ports of the keepers. */
export interface KeeperPorts {
  /** Without randomness, a key is found and none is kept. */
  readonly system:
    & Pick<System, "clock" | "env" | "files" | "processes">
    & Partial<Pick<System, "random">>;
  /** Without it, what needs a passphrase fails. */
  readonly ask?: AskPassphrase | undefined;
  readonly takeLock?: TakeLock | undefined;
  /** The work of a passphrase, as a power of two; for tests, which have no time. */
  readonly scryptLogN?: number | undefined;
  readonly signal: AbortSignal;
}

/** The keeper of that name, or the first on this machine that works; a passphrase where none does. */
export function createCacheKeyKeepers(ports: KeeperPorts): {
  keeper(name?: string): Promise<CacheKeyKeeper>;
} {
  return {
    keeper: (name) =>
      name === undefined ? firstThatWorks(ports) : Promise.resolve().then(() => named(ports, name)),
  };
}

function named(ports: KeeperPorts, name: string): CacheKeyKeeper {
  if (isCacheKeeper(name)) return keeperOf(ports, { name, argument: "" });
  const wanted = [...cacheKeyOpeners, "passphrase"].join(", ");
  throw new StoreError(
    "format",
    `Cannot get the key of the sealed cache from "${name}": wanted ${wanted}`,
    {
      hint: `use a newer stsaval, or ${anotherKeeper}`,
    },
  );
}

function keeperOf(ports: KeeperPorts, choice: OpenerChoice): CacheKeyKeeper {
  return inCacheTerms(keeperByOpener(ports, choice));
}

/** How a cache gets another keeper: no option names one, the first that works is taken when it is sealed. */
const anotherKeeper =
  `end the sealing with '${settingNames.sealCache} = false' in the profile, then seal the cache anew`;

/** Openers tell how to choose another for sealed keys; a cache is sealed anew instead. */
function inCacheTerms(keeper: CacheKeyKeeper): CacheKeyKeeper {
  const translate = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof StoreError) || error.hint === undefined) throw error;
      const hint = error.hint.replace(anotherOpener, anotherKeeper);
      throw new StoreError(error.fault, error.message, { hint, cause: error.cause });
    }
  };
  return {
    name: keeper.name,
    load: (note) => translate(() => keeper.load(note)),
    store: (key) => translate(() => keeper.store(key)),
    remove: () => translate(() => keeper.remove()),
  };
}

function keeperByOpener(ports: KeeperPorts, choice: OpenerChoice): CacheKeyKeeper {
  if (choice.name === "keyctl") return kernelKeeper(ports);
  return choice.name === "passphrase" ? fileKeeper(ports, choice) : identityKeeper(ports, choice);
}

/** What only finds keys asks for none. */
function noRandom(): Random {
  const fail = () => {
    throw new RangeError("a key is kept by who has randomness");
  };
  return { number: fail, bytes: fail };
}

/** Looks for one that answers, without asking anybody anything. */
async function firstThatWorks(ports: KeeperPorts): Promise<CacheKeyKeeper> {
  for (const name of cacheKeyOpeners) {
    try {
      const choice = { name, argument: "" };
      if (name === "keyctl") await runKernel(ports, "try");
      else await (await openerOf(choice)).find(contextOf(ports, choice), 0);
      return keeperOf(ports, choice);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
  return fileKeeper(ports, { name: "passphrase", argument: "" });
}

function contextOf({ system, ask, signal }: KeeperPorts, { argument }: OpenerChoice) {
  return openerContext({ system, ask, signal }, { argument, file: cacheKeyFile(system.env) });
}

/** Loaded where one is needed: the kernel's keyring needs none of them. */
async function openerOf({ name }: OpenerChoice): Promise<Opener> {
  const { openers } = await import("./openers/openers.ts");
  return openers[name];
}

/** The identity wraps the key: the note is the wrapped key. */
function identityKeeper(ports: KeeperPorts, choice: OpenerChoice): CacheKeyKeeper {
  const context = contextOf(ports, choice);
  const identities = async (what: "find" | "make") => {
    const opener = await openerOf(choice);
    const found = what === "find" ? await opener.find(context, 0) : await opener.make(context);
    return found?.kind === "identity" ? found.identities : [];
  };
  return {
    name: formatOpener(choice),
    async load(note) {
      for (const identity of await identities("find")) {
        const key = await unwrapKey(note, identity);
        if (key !== undefined) return key;
      }
      return undefined;
    },
    async store(key) {
      const known = await identities("find");
      const [identity] = known.length > 0 ? known : await identities("make");
      if (identity === undefined) {
        throw openerError(
          await openerOf(choice),
          "no-key",
          "it keeps no identity",
          anotherOpener,
        );
      }
      const { random = noRandom() } = ports.system;
      return await wrapKey(key, identity, random.bytes(12));
    },
    remove: () => Promise.resolve(),
  };
}

const kernelTitle = "the kernel's keyring";

/** Until the machine is restarted: then the sealed sessions are lost, and a new code is needed. */
function kernelKeeper(ports: KeeperPorts): CacheKeyKeeper {
  return {
    name: "keyctl",
    async load() {
      const run = await runKernel(ports, "find");
      return run.outcome === "ok" ? unmarkedKey(run.text) : undefined;
    },
    async store(key) {
      const run = await runKernel(ports, "keep", markedKey(key));
      if (run.outcome === "ok") return "";
      const hint = "a container may have no keyring";
      throw openerError({ title: kernelTitle }, "failed", lastWords(run), hint);
    },
    async remove() {
      await runKernel(ports, "remove");
    },
  };
}

/** @throws {StoreError} where the program is not here, or does not end; where it fails at "try" too */
async function runKernel(
  ports: KeeperPorts,
  purpose: "find" | "keep" | "remove" | "try",
  input?: string,
) {
  const title = kernelTitle;
  const context = contextOf(ports, { name: "keyctl", argument: "" });
  const options = input === undefined ? {} : { input };
  const run = await context.run({ words: cacheKeyLines[purpose], env: { LC_ALL: "C" } }, options);
  const fault = commonFault({ title }, run, "keyctl", "install keyutils");
  if (fault !== undefined) throw fault;
  if (purpose === "try" && run.outcome !== "ok") {
    throw openerError({ title }, "no-service", lastWords(run), anotherOpener);
  }
  return run;
}

/** The file is in the format of age, so that who has the passphrase is not locked out. */
function fileKeeper(ports: KeeperPorts, choice: OpenerChoice): CacheKeyKeeper {
  const open = async () => {
    const { createSealedStore } = await import("./sealed_store.ts");
    const { random = noRandom() } = ports.system;
    return createSealedStore({ ...ports, system: { ...ports.system, random } }, choice);
  };
  return {
    name: formatOpener(choice),
    load: async () => await (await open()).read(cacheKeyName),
    async store(key) {
      await (await open()).write(cacheKeyName, key);
      return "";
    },
    remove: async () => await (await open()).remove(cacheKeyName),
  };
}
