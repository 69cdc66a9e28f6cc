/**
 * The kept seeds of MFA devices, for commands: which there are, and codes of them.
 *
 * @module
 */

import { acquireLockIfAny } from "../../cache/lock.ts";
import type { TypedMfaCode } from "../../session/mfa.ts";
import { type OpenerChoice, parseOpener } from "../../store/openers/opener_lines.ts";
import type { SealedStore } from "../../store/port.ts";
import { sealedFolder, sealedNameOf } from "../../store/sealed_folder.ts";
import { nextKeptCode, type WantedCode } from "../../store/seed/kept_code.ts";
import { readSeedNote, type SeedNote } from "../../store/seed/seed_note.ts";
import type { Environment, Files, System } from "../../system.ts";
import type { Logger } from "../../logger.ts";
import { passphraseAsker, reportWait } from "../prompt/passphrase_asker.ts";

/** What the seeds need. */
export interface SeedContext {
  readonly logger: Logger;
  readonly system: Pick<
    System,
    "clock" | "env" | "files" | "processes" | "random" | "terminal"
  >;
  readonly signal: AbortSignal;
}

/** A seed that is kept. */
export interface KeptSeed {
  readonly profile: string;
  /** Undefined where the note beside it cannot be read. */
  readonly note: SeedNote | undefined;
}

/** The seeds that are kept, by profile; none of them is opened. */
export async function listSeeds(
  ports: { readonly env: Environment; readonly files: Pick<Files, "list" | "readText"> },
): Promise<readonly KeptSeed[]> {
  const folder = sealedFolder(ports.env);
  if (folder === undefined) return [];
  const names = (await ports.files.list(folder)).map(sealedNameOf);
  const profiles = names.flatMap((name) => name?.kind === "mfa" ? [name.profile] : []);
  return await Promise.all(
    profiles.sort().map(async (profile) => ({
      profile,
      note: await readSeedNote(ports, profile).catch(() => undefined),
    })),
  );
}

/** The store that the opener opens. What seals is loaded now. */
export async function openSeedStore(
  context: SeedContext,
  opener: OpenerChoice,
): Promise<SealedStore> {
  const { signal, system } = context;
  const { createSealedStore } = await import("../../store/sealed_store.ts");
  const ask = passphraseAsker(system);
  return createSealedStore({ system, ask, signal, takeLock: lockOf(context) }, opener);
}

/** Gives codes of the kept seed of a user, each of which was not used before. */
export async function keptCodes(
  context: SeedContext,
  wanted: WantedCode,
): Promise<() => Promise<string>> {
  const { system } = context;
  const note = await readSeedNote(system, wanted.profile);
  const nothing: Pick<SealedStore, "read"> = { read: () => Promise.resolve(undefined) };
  const store = note === undefined
    ? nothing
    : await openSeedStore(context, parseOpener(note.opener));
  const onWait = (seconds: number) =>
    system.terminal.err(`stsaval: the present MFA code was used: the next one in ${seconds} s\n`);
  return () => nextKeptCode({ ...system, store, lock: lockOf(context), onWait }, wanted);
}

/** A code of the kept seed; where AWS refuses it, that of the next step: the first may have been used elsewhere. */
export async function keptCode(context: SeedContext, wanted: WantedCode): Promise<TypedMfaCode> {
  const next = await keptCodes(context, wanted);
  return { code: await next(), onRefused: async () => ({ code: await next() }) };
}

/** Keeps other processes away from the files of a seed. */
function lockOf({ logger, signal, system }: SeedContext) {
  return (lock: string) =>
    acquireLockIfAny({ ...system, logger }, lock, {
      purpose: "notes which MFA code is used",
      goal: `change "${lock.replace(/\.lock$/, "")}"`,
      signal,
      onWait: (holder) => reportWait(system.terminal, holder),
    });
}
