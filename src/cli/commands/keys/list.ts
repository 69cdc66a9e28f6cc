/**
 * `stsaval keys list`: what is sealed, how it is opened, and how old it is.
 *
 * @module
 */

import type { Config } from "../../../config/load.ts";
import { formatDuration } from "../../../duration.ts";
import { SourceError } from "../../../errors.ts";
import { type Column, formatTable, visible } from "../../../output/table.ts";
import { iamEndpoint } from "../../../source/iam/iam_hosts.ts";
import { readKeyNote } from "../../../store/key_note.ts";
import { currentKey } from "../../../store/sealed_keys.ts";
import type { Command, Invocation } from "../../command.ts";
import { connectedSystem } from "../../connected_system.ts";
import { coreSettings } from "../../core_settings.ts";
import { networkEnvironment, profileEnvironment } from "../../help/environment.ts";
import { openerOfProfile, openKeyStore, readKeys } from "../../keys/key_files.ts";
import { passphraseOpener } from "../../keys/choose_opener.ts";
import { keyCallOptions, keyFileOptions } from "../../keys/key_options.ts";
import { knownConfig } from "../../known_config.ts";

/** The record. */
export const keysList: Command = {
  name: "keys list",
  topic: "setUp",
  summary: "List the sealed keys: how old, how opened, last used",
  description:
    "Opens nothing, so that it asks nothing: the last four characters of each key, and when it was sealed. With\n" +
    "--ask-iam the keys are opened, and IAM tells when they were made and used last.",
  unnamed: "everything",
  options: [
    { name: "ask-iam", summary: "Open the keys, and ask IAM when they were made and used last" },
    ...keyFileOptions.filter(({ name }) => name !== "profile"),
    ...keyCallOptions,
  ],
  examples: [
    { line: "stsaval keys list", summary: "what is sealed here" },
    { line: "stsaval keys list --ask-iam", summary: "and whether it is still needed" },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: ["read-aws", "sealed-keys", "sealed-store", "programs", "ask-iam", "sts", "prompt"],
  run: runList,
};

interface Row {
  readonly profile: string;
  /** The last four characters of the id; empty where no note says them. */
  readonly accessKey: string;
  /** Undefined where no profile names the file. */
  readonly opener: string | undefined;
  /** Milliseconds since 1970. */
  readonly sealed: number | undefined;
  readonly created: number | undefined;
  readonly lastUsed: number | undefined;
}

async function runList(invocation: Invocation): Promise<number> {
  const { arguments: given, system } = invocation;
  const config = await knownConfig(invocation);
  // Files are listed unopened: any opener would do.
  const store = await openKeyStore(invocation, passphraseOpener);
  const names = (await store.list()).filter(({ kind }) => kind === "keys");
  const profiles = names.map(({ profile }) => profile).sort((a, b) => a.localeCompare(b, "en"));
  const rows = await Promise.all(profiles.map((profile) => rowOf(invocation, config, profile)));
  const known = given.flag("ask-iam") ? await askIam(invocation, config, rows) : rows;
  const text = given.flag("json") ? formatJson(known) : formatRows(known, invocation);
  system.terminal.out(text);
  return 0;
}

async function rowOf(
  { system }: Invocation,
  { profiles }: Config,
  profile: string,
): Promise<Row> {
  const note = await readKeyNote(system, profile);
  const time = (text: string | undefined) => {
    const found = Date.parse(text ?? "");
    return Number.isNaN(found) ? undefined : found;
  };
  return {
    profile,
    accessKey: note?.accessKey ?? "",
    opener: profiles.get(profile)?.sealedKeys,
    sealed: time(note?.sealed),
    created: time(note?.created),
    lastUsed: undefined,
  };
}

/** What IAM tells; what it does not is left out, with a warning. */
async function askIam(
  invocation: Invocation,
  config: Config,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  const { arguments: given } = invocation;
  const asked = rows.filter(({ opener }) => opener !== undefined);
  const endpoints = new Map(asked.map(({ profile }) => {
    const own = config.profiles.get(profile);
    const { environment } = config;
    return [
      profile,
      iamEndpoint(
        given.text("region") ?? environment.region ?? own?.region,
        given.text("endpoint-url") ?? environment.endpointUrl ?? own?.endpointUrl,
      ),
    ] as const;
  }));
  const system = await connectedSystem(invocation, asked.map(({ profile }) => profile));
  const urls = [...new Set([...endpoints.values()].map(({ url }) => url))];
  system.network.callOnly?.(urls, { mayPrompt: true });
  const found: Row[] = [];
  for (const row of rows) {
    const endpoint = endpoints.get(row.profile);
    found.push(
      endpoint === undefined
        ? row
        : await askIamOf({ ...invocation, system }, config, row, endpoint),
    );
  }
  return found;
}

async function askIamOf(
  invocation: Invocation,
  config: Config,
  row: Row,
  endpoint: ReturnType<typeof iamEndpoint>,
): Promise<Row> {
  const { arguments: given, logger, signal, system } = invocation;
  const store = await openKeyStore(invocation, openerOfProfile(config, row.profile));
  const key = currentKey(await readKeys(store, row.profile), row.profile);
  const { lastUseOf, listAccessKeys } = await import("../../../source/iam/access_keys.ts");
  const ports = { system, signal, timeoutMs: coreSettings(given).timeoutMs };
  try {
    const listed = await listAccessKeys(ports, key, endpoint);
    const created = listed.find(({ accessKeyId }) => accessKeyId === key.accessKeyId)?.created;
    const use = await lastUseOf(key.accessKeyId, ports, key, endpoint);
    return { ...row, created: created ?? row.created, lastUsed: use?.at };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SourceError)) throw error;
    logger.warn(`keys: IAM tells nothing of the key of profile "${row.profile}": ${error.message}`);
    return row;
  }
}

function formatJson(rows: readonly Row[]): string {
  const date = (time: number | undefined) =>
    time === undefined ? null : new Date(time).toISOString();
  return `${
    JSON.stringify({
      keys: rows.map(({ profile, accessKey, opener, sealed, created, lastUsed }) => ({
        ...{ profile, accessKey, opener: opener ?? null },
        ...{ sealed: date(sealed), created: date(created), lastUsed: date(lastUsed) },
      })),
    })
  }\n`;
}

function formatRows(rows: readonly Row[], { system }: Invocation): string {
  const { clock, terminal } = system;
  if (rows.length === 0) {
    terminal.err("No keys are sealed; 'stsaval keys import' seals those of a profile\n");
    return "";
  }
  const ago = (time: number | undefined) =>
    time === undefined ? "-" : `${formatDuration((clock.now() - time) / 1_000, 1)} ago`;
  const columns: readonly Column[] = [
    { title: "PROFILE" },
    { title: "KEY" },
    { title: "OPENER" },
    { title: "SEALED" },
    { title: "MADE" },
    { title: "LAST USED" },
  ];
  const cells = rows.map(({ profile, accessKey, opener, sealed, created, lastUsed }) => [
    visible(profile),
    `…${accessKey}`,
    visible(opener ?? "(no profile)"),
    ...[sealed, created, lastUsed].map(ago),
  ]);
  return formatTable(columns, cells, { columns: terminal.columns() });
}
