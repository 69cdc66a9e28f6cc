/**
 * Checks of what is kept on disk: the cache of stsaval, its locks, and the AWS CLI that shares it.
 *
 * @module
 */

import { createSessionCache } from "../../../cache/cache.ts";
import { answerFolderName } from "../../../cache/answers.ts";
import { cacheFolder } from "../../../cache/cache_folder.ts";
import { lookupFolderName } from "../../../cache/lookups/lookup.ts";
import { FileError, hasNoLocks } from "../../../file_error.ts";
import { type Logger, silentLogger } from "../../../logger.ts";
import type { Invocation } from "../../command.ts";
import type { Files, System } from "../../../system.ts";
import { quoteWord } from "../../parse/quote_words.ts";
import type { Examined } from "../examined.ts";
import type { Check, Finding } from "../finding.ts";
import { awsVersion } from "../aws_version.ts";

/** Long enough for the kernel to grant a lock that is free. */
const lockMs = 300;

const ofAllUsers = /^\/(?:var\/)?tmp\/?$/;
const ownFolderCure = "unset STSAVAL_CACHE_DIR, or name a folder of your own";

/** The rows. */
export const cacheChecks: readonly Check[] = [
  {
    name: "cache",
    summary: "the cache can be used, its folders, and every file in it",
    run: ({ invocation }) => cacheFindings(invocation),
  },
  {
    name: "cache-folder",
    summary: "the cache is not in a folder that others share",
    run: ({ invocation: { system: { env } } }) => {
      const named = env.get("STSAVAL_CACHE_DIR");
      if (named === undefined) return [];
      const cure = ownFolderCure;
      if (!/^(?:[/~\\]|[a-z]:)/i.test(named)) {
        const message =
          `STSAVAL_CACHE_DIR is relative: "${named}", so each folder has its own cache`;
        return [{ severity: "warning", message, cure }];
      }
      if (!ofAllUsers.test(named)) return [];
      const message = `STSAVAL_CACHE_DIR is a folder that all users share: "${named}"`;
      return [{ severity: "warning", message, cure }];
    },
  },
  {
    name: "lock",
    summary: "no process holds the lock on the files, and the file system has locks",
    run: (examined) => lockFindings(examined),
  },
  {
    name: "aws-cli",
    summary: "the version of the AWS CLI does what the profiles want of it (runs aws --version)",
    run: awsFindings,
  },
];

/** The messages of the cache, which never fails. */
function collecting(messages: string[]): Logger {
  return { ...silentLogger, warn: (message) => void messages.push(message) };
}

async function cacheFindings({ system }: Invocation): Promise<readonly Finding[]> {
  const { clock, env, files } = system;
  const folder = cacheFolder(env);
  if (folder === undefined || await files.facts(folder).catch(() => undefined) === undefined) {
    return [];
  }
  const found = await folderFindings(folder, { env, files });
  if (found.some(({ place }) => place?.file === folder)) return found;
  const messages: string[] = [];
  const cache = createSessionCache({ clock, env, files, logger: collecting(messages) });
  await cache?.list();
  return [
    ...found,
    ...[...new Set(messages)].map((message) => ({
      severity: "warning" as const,
      message: message.replace(/^\w+: /, "In the cache: "),
      place: { file: folder },
      cure: "'stsaval logout' removes what is cached; the next code fills it again",
    })),
  ];
}

/** What the folders below the cache keep, which is not kept where they cannot be used. */
const keepers: Readonly<Record<string, string>> = {
  [answerFolderName]: "so that stsaval-process never has an answer",
  [lookupFolderName]: "so that each plan is made anew, which takes longer",
};

/** The folder, and those in it, as far as they are not used. */
async function folderFindings(
  folder: string,
  { env, files }: Pick<System, "env" | "files">,
): Promise<readonly Finding[]> {
  const path = folder.replace(/(?<=.)\/+$/, "");
  const isNamed = env.get("STSAVAL_CACHE_DIR") !== undefined;
  const own = await folderFinding(path, "so that nothing is cached", { files, isNamed });
  if (own !== undefined) return [{ ...own, place: { file: folder } }];
  const target = await files.target(path).catch(() => path);
  const found = await Promise.all(
    Object.entries(keepers).map(async ([name, effect]) => {
      const below = `${path}/${name}`;
      const leadsTo = await files.target(below).catch(() => undefined);
      if (leadsTo === `${target}/${name}`) return await folderFinding(below, effect, { files });
      return unused(below, `it is a link, ${effect}`, `rm ${quoteWord(below)}`);
    }),
  );
  return found.filter((one) => one !== undefined);
}

async function folderFinding(
  path: string,
  effect: string,
  { files, isNamed = false }: { readonly files: Files; readonly isNamed?: boolean },
): Promise<Finding | undefined> {
  const facts = await files.facts(path).catch(() => undefined);
  if (facts === undefined) return undefined;
  const quoted = quoteWord(path);
  if (facts.foreign) {
    const cure = isNamed ? `${ownFolderCure}, or remove it` : `sudo chown -R "$(id -un)" ${quoted}`;
    return unused(path, `it belongs to another user, ${effect}`, cure);
  }
  const isFolder = await files.list(path).then(() => true, (error) => !isNoFolder(error));
  if (!isFolder) return unused(path, `it is no folder, ${effect}`, `rm ${quoted}`);
  if (facts.mode === undefined || (facts.mode & 0o077) === 0) return undefined;
  const shown = facts.mode.toString(8).padStart(4, "0");
  const why = `other users have access, ${effect}: found mode ${shown}, wanted 0700`;
  return unused(path, why, ofAllUsers.test(path) ? ownFolderCure : `chmod 700 ${quoted}`);
}

function unused(path: string, why: string, cure: string): Finding {
  const message = `In the cache: "${path}" is not used: ${why}`;
  return { severity: "warning", message, place: { file: path }, cure };
}

function isNoFolder(error: unknown): boolean {
  return error instanceof FileError && error.code === "ENOTDIR";
}

async function lockFindings({ files, invocation }: Examined): Promise<readonly Finding[]> {
  const { system } = invocation;
  const found = await Promise.all(files.map(async ({ path }) => {
    const lock = `${await system.files.target(path).catch(() => path)}.lock`;
    if (await system.files.facts(lock).catch(() => undefined) === undefined) return [];
    return await heldLock(invocation, lock);
  }));
  return found.flat();
}

async function heldLock({ system, signal }: Invocation, lock: string): Promise<readonly Finding[]> {
  const { clock, files } = system;
  const note = await files.readText(lock).catch(() => undefined);
  const done = new AbortController();
  const ended = AbortSignal.any([signal, done.signal]);
  const late = clock.sleep(lockMs, { signal: ended, keepAlive: false }).then(() => "late" as const);
  late.catch(() => {});
  try {
    const locked = files.lock(lock, "examines the files", { signal: ended, shared: true });
    locked.catch(() => {});
    const held = await Promise.race([locked, late]);
    if (held === "late") return [heldBy(lock, note)];
    held[Symbol.dispose]();
    return [];
  } catch (error) {
    signal.throwIfAborted();
    if (!hasNoLocks(error)) return [];
    return [{
      severity: "warning",
      message: "The file system has no locks: two processes may change the file at once",
      place: { file: lock },
      cure: "keep the files on a local disk",
    }];
  } finally {
    done.abort();
  }
}

function heldBy(lock: string, note = ""): Finding {
  const [, pid, purpose] = /^(\d+) (.+)$/.exec(note.replace(/\p{C}/gu, "")) ?? [];
  const who = pid === undefined ? "Another process" : `Process ${pid}, which ${purpose},`;
  return {
    severity: "warning",
    message: `${who} holds the lock: others wait for it`,
    place: { file: lock },
    cure: pid === undefined
      ? "wait for it, or end it"
      : `respond to its prompt, or end it: kill ${pid}`,
  };
}

async function awsFindings({ config, invocation }: Examined): Promise<readonly Finding[]> {
  const profiles = [...config?.profiles.values() ?? []];
  const sharing = profiles.find(({ shareAwsCache }) => shareAwsCache === true);
  const signedIn = profiles.find(({ loginSession }) => loginSession !== undefined);
  if (sharing === undefined && signedIn === undefined) return [];
  const version = await awsVersion(invocation);
  if (version === undefined) return [];
  const [major = 0, minor = 0] = version;
  const cure = "install version 2 of the AWS CLI: https://aws.amazon.com/cli/";
  if (sharing !== undefined && major < 2) {
    return [{
      severity: "warning",
      message: `Profile "${sharing.name}" shares roles with the AWS CLI, but aws is version ` +
        `${major}.${minor}, which does not read the cache of version 2`,
      place: sharing.places.shareAwsCache,
      cure,
    }];
  }
  if (signedIn !== undefined && (major < 2 || (major === 2 && minor < 32))) {
    return [{
      severity: "warning",
      message: `Profile "${signedIn.name}" rests on aws login, which aws ${major}.${minor} does ` +
        "not have, wanted 2.32",
      place: signedIn.places.loginSession,
      cure,
    }];
  }
  return [];
}
