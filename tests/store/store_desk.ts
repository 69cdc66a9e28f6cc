/**
 * A sealed store on a fake system, and programs that keep its key as the real ones do.
 *
 * @module
 */

import { parseOpener } from "../../src/store/openers/opener_lines.ts";
import type { PassphraseRequest } from "../../src/store/passphrase_port.ts";
import type { SealedStore } from "../../src/store/port.ts";
import { createSealedStore } from "../../src/store/sealed_store.ts";
import type { FakeProgram, FakeSystem } from "../fake_system.ts";

/** The folder of the fake system's user. */
export const folder = "/home/kim/.aws/stsaval/sealed";

/** A store, with what was asked for. */
export interface StoreDesk {
  readonly store: SealedStore;
  readonly asked: PassphraseRequest[];
}

/** A store whose passphrases are typed in this order. */
export function openDesk(
  system: FakeSystem,
  opener: string,
  typed: readonly string[] = [],
): StoreDesk {
  const asked: PassphraseRequest[] = [];
  const ask = (request: PassphraseRequest) => {
    asked.push(request);
    const passphrase = typed[asked.length - 1];
    if (passphrase === undefined) throw new Error("nothing more was to be asked");
    return Promise.resolve(passphrase);
  };
  const store = createSealedStore({
    ...{ system, ask, signal: new AbortController().signal },
    scryptLogN: 2,
    takeLock: (path) => system.files.lock(path, "test"),
  }, parseOpener(opener));
  return { store, asked };
}

/** Programs that keep one text each, and print it as the real ones do. */
export class FakeKeepers {
  /** What each program keeps. */
  readonly kept = new Map<string, string>();
  /** What was run, as one text each. */
  readonly lines: string[] = [];

  readonly program = (
    words: readonly string[],
    { input }: { readonly input?: string | undefined } = {},
  ): FakeProgram => {
    this.lines.push(words.join(" "));
    const [program = "", verb = ""] = words;
    const keep = (text: string, stdout = ""): FakeProgram => {
      this.kept.set(program, text);
      return { stdout, exit: 0 };
    };
    const kept = this.kept.get(program);
    switch (`${program} ${verb}`) {
      case "secret-tool search":
        return kept === undefined ? { exit: 0 } : {
          stdout:
            `[/1]\nlabel = stsaval\nsecret = ${kept}\ncreated = 2026-11-28 10:57:36\nattribute.application = stsaval\n`,
          exit: 0,
        };
      case "secret-tool store":
      case "pass insert":
        return keep(input ?? "");
      case "keyctl padd":
        return keep(input ?? "", "593265719\n");
      case "keyctl pipe":
        return kept === undefined
          ? { stdout: "keyctl_search: Required key not available\n", exit: 1 }
          : { stdout: kept, exit: 0 };
      case "security find-generic-password":
        return kept === undefined
          ? {
            stdout:
              "security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.\n",
            exit: 44,
          }
          : { stdout: `${kept}\n`, exit: 0 };
      case "security -i":
        return keep(/ -w (\S+)\n$/.exec(input ?? "")?.[1] ?? "");
      case "pass show":
        return kept === undefined
          ? { stdout: "Error: stsaval/identity is not in the password store.\n", exit: 1 }
          : { stdout: kept, exit: 0 };
      case "systemd-creds --user":
        return words.includes("encrypt")
          ? keep(input ?? "", "Whxqht+dQJax1aZeCGLxm\n")
          : { stdout: kept ?? "", exit: 0 };
    }
    throw new Error(`no such program: ${words.join(" ")}`);
  };
}
