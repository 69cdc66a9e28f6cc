/**
 * `stsaval keys rotate`: a new access key in the place of the sealed one.
 *
 * @module
 */

import { acquireLockIfAny } from "../../../cache/lock.ts";
import type { Config } from "../../../config/load.ts";
import { resolveChain } from "../../../config/plan/chain.ts";
import { formatDuration, parseDuration } from "../../../duration.ts";
import { ProfileError, UsageError } from "../../../errors.ts";
import { isKeysStep, sourceName } from "../../../plan.ts";
import type { AskPassphrase } from "../../../store/passphrase_port.ts";
import { sealedFileName, sealedFolder } from "../../../store/sealed_folder.ts";
import { formatSealedKeys } from "../../../store/sealed_keys.ts";
import type { Command, Invocation } from "../../command.ts";
import { passphraseAsker } from "../../context.ts";
import { coreSettings } from "../../core_settings.ts";
import { networkEnvironment, profileEnvironment } from "../../help/environment.ts";
import { openerOfProfile, openKeyStore, readKeys } from "../../keys/key_files.ts";
import { knownConfig } from "../../known_config.ts";
import {
  cacheOptions,
  codeOptions,
  fileOptions,
  profileOption,
  stsOptions,
} from "../../options.ts";
import { credentialNeeds } from "../../permissions/needs.ts";
import { wantedProfile } from "../../profile_names.ts";
import { confirm } from "../../prompt/ask_line.ts";
import type { RotationResult } from "../../rotation/rotate.ts";
import { tail } from "../../rotation/two_keys.ts";

/** The record. */
export const keysRotate: Command = {
  name: "keys rotate",
  topic: "setUp",
  summary: "Replace the sealed access key of a user with a new one, with one MFA code",
  description:
    "Makes a new key in IAM, seals it beside the old one, waits until STS takes it three times in a row, uses it\n" +
    "from then on, deactivates the old key and deletes it. If it is broken off, the next run goes on with the next\n" +
    "step, in the same session. Where the user has a second key, both are shown with their last use, and stsaval\n" +
    "asks whether the other one is to be deleted: AWS allows no third. Keys in plain text are not rotated: seal\n" +
    "them first, with 'stsaval keys import'.",
  operands: "[PROFILE]",
  unnamed: "user",
  options: [
    profileOption,
    {
      name: "delete-after",
      value: "DURATION",
      summary: "Keep the old key, deactivated; a later run deletes it (0: delete it at once)",
    },
    {
      name: "delete-key",
      value: "ID",
      summary: "Delete the user's other key without asking; its last four characters will do",
    },
    ...codeOptions,
    ...cacheOptions.filter(({ name }) => name === "lock-timeout"),
    ...stsOptions,
    ...fileOptions,
  ],
  examples: [
    { line: "stsaval keys rotate", summary: "the only user's, at once" },
    {
      line: "stsaval keys rotate kim --delete-after 24h",
      summary: "and again tomorrow, to delete the old one",
    },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: [...credentialNeeds, "rotate-keys", "sealed-store"],
  run: runRotate,
};

async function runRotate(invocation: Invocation): Promise<number> {
  const { arguments: given, logger, signal, system } = invocation;
  const { clock, terminal } = system;
  const options = {
    deleteAfterMs: deleteAfterOf(given.text("delete-after")),
    deleteKey: deleteKeyOf(given.text("delete-key")),
  };
  const config = await knownConfig(invocation);
  const user = userOf(config, await wantedProfile(invocation));
  const passphrase = rememberingAsker(passphraseAsker(system));
  const store = await openKeyStore(invocation, openerOfProfile(config, user), passphrase);
  const lock = await acquireLockIfAny({ ...system, logger }, lockPath(invocation, user), {
    purpose: `rotates the keys of profile "${user}"`,
    goal: `rotate the keys of profile "${user}"`,
    timeoutMs: coreSettings(given).lockTimeoutMs ?? 0,
    signal,
  });
  using _lock = lock;
  const { openConnection } = await import("../../rotation/connection.ts");
  const { rotate } = await import("../../rotation/rotate.ts");
  const connection = await openConnection(invocation, config, user, passphrase);
  const result = await rotate({
    ...connection,
    signal,
    store: {
      read: () => readKeys(store, user),
      write: (content) => store.write({ kind: "keys", profile: user }, formatSealedKeys(content)),
    },
    tell: (text) => {
      if (!given.flag("quiet")) terminal.err(text);
    },
    confirm: (question, hint) => confirm({ clock, signal, terminal }, question, hint),
  }, options);
  report(invocation, user, result);
  return 0;
}

/** A passphrase is typed once, whoever asks for it. */
function rememberingAsker(ask: AskPassphrase): AskPassphrase {
  let typed: string | undefined;
  return async (request) => {
    if (typed !== undefined && request.refused === 0) return typed;
    return typed = await ask(request);
  };
}

/** @throws {UsageError} when no home folder is known */
function lockPath({ system: { env } }: Invocation, profile: string): string {
  const folder = sealedFolder(env);
  if (folder === undefined) {
    throw new UsageError("Cannot find sealed files: the home folder is not known", {
      hint: "set HOME",
    });
  }
  return `${folder}/${sealedFileName({ kind: "keys", profile })}.rotation.lock`;
}

/** Milliseconds. @throws {UsageError} when it is no duration */
function deleteAfterOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^0+[dhms]?$/i.test(text.trim()) ? 0 : parseDuration(text) * 1_000;
}

/** @throws {UsageError} when it may stand for many keys, or for none */
function deleteKeyOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const named = text.trim().replace(/^…/, "");
  if (/^\w{4,128}$/.test(named)) return named;
  throw new UsageError(
    `Cannot use "${text}" for --delete-key: wanted the id of an access key, or its last four characters`,
  );
}

/**
 * The profile that holds the user's keys, also where a role that rests on them was named.
 *
 * @throws {ProfileError} when they are not sealed
 */
function userOf(config: Config, name: string): string {
  const { base } = resolveChain(config, name);
  if (!isKeysStep(base) && base.isLongTerm) return base.profile;
  const fail = (why: string, hint: string) => {
    const message = `Cannot rotate the keys of profile "${name}": ${why}`;
    return new ProfileError([{ profile: name, message, hint }]);
  };
  if (!isKeysStep(base)) {
    const why = `its credentials come from ${sourceName(base)}, which are no access keys of a user`;
    throw fail(why, "name a profile whose keys are sealed");
  }
  throw base.kind === "environment"
    ? fail("they are in the environment", "name a profile whose keys are sealed")
    : fail(
      `those of profile "${base.profile}" are in plain text`,
      `seal them first: 'stsaval keys import ${base.profile}'`,
    );
}

function report(
  { arguments: given, system: { clock, terminal } }: Invocation,
  profile: string,
  { inUse, old, keptUntil }: RotationResult,
): void {
  if (given.flag("json")) {
    const until = keptUntil === undefined ? null : new Date(keptUntil).toISOString();
    const state = old === undefined ? null : keptUntil === undefined ? "deleted" : "inactive";
    const last = (id: string | undefined) => id?.slice(-4) ?? null;
    terminal.out(
      `${JSON.stringify({ profile, key: last(inUse), old: last(old), oldKey: state, until })}\n`,
    );
    return;
  }
  terminal.out(`${describe(profile, { inUse, old, keptUntil }, clock.now())}\n`);
}

function describe(
  profile: string,
  { inUse, old, keptUntil }: RotationResult,
  now: number,
): string {
  const used = `"${profile}" uses access key ${tail(inUse)}`;
  if (old === undefined) return `${used}: nothing was changed`;
  if (keptUntil === undefined) return `${used}: ${tail(old)} was deleted`;
  const left = keptUntil > now ? formatDuration((keptUntil - now) / 1_000) : "0s";
  return `${used}: ${tail(old)} is deactivated, and the next 'stsaval keys rotate' from ` +
    `${new Date(keptUntil).toISOString()} on (${left}) deletes it`;
}
