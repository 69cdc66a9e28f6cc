/**
 * `stsaval serve`: credentials for the AWS SDKs of other programs, from a server on this machine.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { findFormat, type Format, variableFormats } from "../../output/format.ts";
import { serverOverrides } from "../../output/variable_names.ts";
import type { ServerVariables } from "../../output/variables.ts";
import { visible } from "../../output/table.ts";
import { AnswerRenewal } from "../answers/renew.ts";
import type { Command, Invocation } from "../command.ts";
import { networkEnvironment, profileEnvironment } from "../help/environment.ts";
import { knownConfig } from "../known_config.ts";
import { nextMfaSource } from "../mfa/sources.ts";
import { credentialNeeds } from "../permissions/needs.ts";
import { wantedPort } from "../permissions/served.ts";
import { quoteWord } from "../parse/quote_words.ts";
import { wantedProfiles } from "../profile_names.ts";
import { warnOfDefault } from "../serve/default_profile.ts";
import {
  type OpenPort,
  openPort,
  sampleVariables,
  startMetadata,
  startServer,
} from "../serve/running_server.ts";
import { ServedView } from "../serve/served_view.ts";
import { SetKeeper } from "../serve/set_keeper.ts";
import {
  cacheOptions,
  fileOptions,
  lifetimeOption,
  mfaOptions,
  narrowingOptions,
  profilesOptions,
  sharedRegionOptions,
} from "../options.ts";

/** The record. */
export const serve: Command = {
  name: "serve",
  topic: "handOut",
  summary: "Serve credentials to the AWS SDKs of other programs",
  description:
    "Listens on 127.0.0.1, and prints for each profile the variables that lead every AWS SDK there. Programs\n" +
    "that have them get credentials that stay fresh, for as long as this runs. A request is answered at once,\n" +
    "from memory. The next MFA code is asked for 15 minutes before it is needed. On a terminal it shows the\n" +
    "table of 'watch', in which q ends, r renews now and l asks for a new code.\n" +
    "Without the token in the variables the server tells nothing. --imds also serves the profile as the\n" +
    "instance metadata of EC2, which any program on this machine can read.",
  operands: "[PROFILE…]",
  options: [
    ...profilesOptions,
    ...narrowingOptions,
    ...mfaOptions,
    { ...lifetimeOption, summary: "How long to serve: hours, or 90m; 15m to 36h (until ctrl+c)" },
    { name: "port", value: "N", summary: "The port; default: any free one" },
    {
      name: "imds",
      summary: "Also serve one profile as instance metadata (IMDSv2), without a secret, on N+1",
    },
    {
      name: "format",
      value: "FORMAT",
      choices: [...variableFormats, "json"],
      summary: "env for bash, zsh and sh (default), fish, powershell, cmd, dotenv, json",
    },
    ...cacheOptions,
    ...sharedRegionOptions,
    ...fileOptions,
  ],
  examples: [
    {
      line: "stsaval serve dev qa",
      summary: "then copy the lines of a profile into another shell",
    },
    { line: "stsaval serve dev --lifetime 12h --format fish", summary: "for fish, for a day" },
    {
      line: "stsaval serve dev --imds --port 9911",
      summary: "for programs that know only instance profiles",
    },
  ],
  environment: [
    ...profileEnvironment,
    ...networkEnvironment,
    "NO_COLOR: lines instead of a table, and no colors",
    "TERM: lines instead of a table where it is dumb",
  ],
  needs: [...credentialNeeds, "server", "kept-answers"],
  run: runServe,
};

async function runServe(invocation: Invocation): Promise<number> {
  const { arguments: given, logger, signal, system } = invocation;
  const format = serverFormat(invocation);
  const names = await wantedProfiles(invocation);
  checkMetadata(invocation, names);
  // Before a code is spent: what the names and the ports alone decide.
  const sample = await sampleVariables(invocation, names);
  format(names.map((name) => blockOf(name, sample(name))));
  const port = wantedPort(given);
  const place = await openPort(invocation, port);
  using _place = place;
  const metadataPlace = given.flag("imds") ? await openMetadataPort(invocation, port) : undefined;
  using _metadataPlace = metadataPlace;
  await warnOfDefault(invocation);
  const answers = new AnswerRenewal(invocation);
  await using _answers = answers;
  const ended = new AbortController();
  const view = new ServedView(invocation, (key) => {
    if (key === "end") ended.abort();
    else keeper.askForCode();
  });
  const signIn = `run 'stsaval login ${quoteWord(names[0] ?? "")}' in a terminal`;
  const whereAwaited = given.isNegated("input")
    ? signIn
    : `type it where 'stsaval serve' runs, or ${signIn}`;
  const keeper = await SetKeeper.open(invocation, {
    names,
    signal: AbortSignal.any([signal, ended.signal]),
    nextCode: view.pausedBy(nextMfaSource(invocation)),
    whereAwaited,
    onSet: (set) => {
      answers.follow(set);
      view.show(set);
    },
    onKept: () => view.resume(),
    onFailure: (error) =>
      logger.warn(`serve: the next credentials are awaited, ${whereAwaited}: ${error.message}`),
  });
  await using _keeper = keeper;
  const server = await startServer(invocation, keeper.served, place);
  await using _server = server;
  const blocks = names.map((name) => blockOf(name, server.variables(name)));
  if (metadataPlace !== undefined) {
    blocks.push(await serveMetadata(invocation, keeper, names, metadataPlace));
  }
  system.terminal.out(format(blocks));
  view.begin();
  try {
    await keeper.run();
  } finally {
    await view.end();
  }
  signal.throwIfAborted();
  return 0;
}

/** The variables of a profile. */
interface Block extends ServerVariables {
  readonly profile: string;
}

function blockOf(profile: string, variables: Readonly<Record<string, string>>): Block {
  return { profile, title: visible(profile), variables };
}

/** The port after that of the server; of any free one, any other. */
async function openMetadataPort(invocation: Invocation, port: number): Promise<OpenPort> {
  if (port === 0) return await openPort(invocation, 0);
  const hint = `--imds takes the port after that of --port: name another one than ${port}`;
  return await openPort(invocation, port + 1, hint);
}

/** @throws {UsageError} for --imds with several profiles: an instance has one */
function checkMetadata({ arguments: given }: Invocation, names: readonly string[]): void {
  if (!given.flag("imds") || names.length === 1) return;
  throw new UsageError(`Cannot use --imds for ${names.length} profiles: an instance has one`, {
    hint: "serve each on its own, or leave --imds out",
  });
}

async function serveMetadata(
  invocation: Invocation,
  { served }: SetKeeper,
  [profile = ""]: readonly string[],
  place: OpenPort,
): Promise<Block> {
  const parts = { served, profile, config: await knownConfig(invocation) };
  const variables = startMetadata(invocation, parts, place);
  invocation.logger.warn(
    `serve: any program on this machine can get the credentials of profile "${profile}" from ` +
      `${variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"]}, other users' too: --imds knows no secret`,
  );
  return { profile, title: `${visible(profile)}, as instance metadata`, variables };
}

/** How the variables are printed. */
function serverFormat(
  { arguments: given }: Invocation,
): (blocks: readonly Block[]) => string {
  const name = given.text("format") ?? (given.flag("json") ? "json" : "env");
  if (name === "json") return formatJson;
  const found: Format = findFormat(name, [...variableFormats, "json"]);
  const { formatServer } = found;
  if (formatServer !== undefined) return formatServer;
  throw new UsageError(
    `Cannot use --format ${name} for variables: wanted ${variableFormats.join(", ")}, json`,
  );
}

/** One line: `{"servers":[{"profile","set":{…},"unset":[…]}]}`. */
function formatJson(blocks: readonly Block[]): string {
  const servers = blocks.map(({ profile, variables }) => ({
    profile,
    set: variables,
    unset: serverOverrides.filter((name) => !Object.hasOwn(variables, name)),
  }));
  return `${JSON.stringify({ servers })}\n`;
}
