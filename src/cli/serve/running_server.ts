/**
 * A credential server that runs: it listens on 127.0.0.1, and its token lies in a file that only its owner can read.
 *
 * @module
 */

import { OwnerOnlyFolder } from "../../cache/owner_only_folder.ts";
import { isAbsolute } from "../../config/home.ts";
import type { Config } from "../../config/load.ts";
import { UsageError } from "../../errors.ts";
import { createServer } from "../../server/credential_server.ts";
import { createInstanceMetadata } from "../../server/instance_metadata.ts";
import { MetadataTokens } from "../../server/metadata_tokens.ts";
import { emptyReply } from "../../server/reply.ts";
import type { ServedCredentials } from "../../server/served_credentials.ts";
import { metadataVariables, usualPort } from "../../server/variables.ts";
import type { Environment } from "../../system.ts";
import type { Invocation } from "../command.ts";
import { listen } from "../commands/shared/listen.ts";
import { knownConfig } from "../known_config.ts";
import { tokenFolder } from "../permissions/served.ts";

/** What leads programs to the server. */
export interface RunningServer extends AsyncDisposable {
  /** The variables of the container endpoint, with the region of the profile. */
  variables(profile: string): Readonly<Record<string, string>>;
}

/** A port that is listened on before there is anything to serve: until then, it asks to try again. */
export interface OpenPort extends Disposable {
  readonly port: number;
  /** From now on, this answers. */
  answer(handle: (request: Request) => Response): void;
}

/**
 * Listens on that port; 0 is any free one. Disposed, it no longer listens.
 *
 * @throws {StsavalError} when the port is in use; `hint` says what helps
 */
export async function openPort(
  { system }: Pick<Invocation, "system">,
  port: number,
  hint?: string,
): Promise<OpenPort> {
  const stop = new AbortController();
  let handle: (request: Request) => Response = () => emptyReply(503);
  const options = { port, signal: stop.signal, hint };
  const { port: own } = await listen(system.network, (request) => handle(request), options);
  return {
    port: own,
    answer(given) {
      handle = given;
    },
    [Symbol.dispose]: () => stop.abort(),
  };
}

/** Starts the server on a port. Disposed, its token file is gone. */
export async function startServer(
  invocation: Invocation,
  served: ServedCredentials,
  place: OpenPort,
): Promise<RunningServer> {
  const { port } = place;
  const server = createServer(served, { port, random: invocation.system.random });
  place.answer(server.handle);
  const file = await writeToken(invocation, server.token);
  const config = await knownConfig(invocation);
  return {
    variables: (profile) =>
      withPlaces(server.variables(profile), file?.path, regionOf(invocation, config, profile)),
    async [Symbol.asyncDispose]() {
      await file?.remove();
    },
  };
}

/**
 * What the variables of a server will be, but for its port and its secrets: a shell may be unable to represent a name or a
 * path in them.
 */
export async function sampleVariables(
  invocation: Invocation,
  profiles: readonly string[],
): Promise<RunningServer["variables"]> {
  const roles = new Map(profiles.map((profile) => [profile, undefined]));
  const read = () => {
    throw new UsageError("Cannot read credentials before there are any");
  };
  const server = createServer({ roles, ended: undefined, read }, { port: usualPort });
  const folder = ownTokenFolder(invocation.system.env);
  const file = folder === undefined ? undefined : `${folder}/${"0".repeat(16)}`;
  const config = await knownConfig(invocation);
  return (profile) =>
    withPlaces(server.variables(profile), file, regionOf(invocation, config, profile));
}

function withPlaces(
  variables: Readonly<Record<string, string>>,
  tokenFile: string | undefined,
  region: string | undefined,
): Readonly<Record<string, string>> {
  return {
    ...variables,
    ...(tokenFile === undefined ? {} : { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile }),
    ...regionVariables(region),
  };
}

/** Serves the profile as instance metadata on a port. Returns the variables that lead there. */
export function startMetadata(
  { arguments: given, system }: Invocation,
  parts: { readonly served: ServedCredentials; readonly profile: string; readonly config: Config },
  place: OpenPort,
): Readonly<Record<string, string>> {
  const region = regionOf({ arguments: given }, parts.config, parts.profile);
  const tokens = new MetadataTokens(system);
  place.answer(createInstanceMetadata({ ...parts, region, tokens, port: place.port }));
  return { ...metadataVariables(place.port), ...regionVariables(region) };
}

/** The region of `--region`, else that of the profile. */
function regionOf(
  { arguments: given }: Pick<Invocation, "arguments">,
  { profiles }: Config,
  profile: string,
): string | undefined {
  return given.text("region") ?? profiles.get(profile)?.region;
}

function regionVariables(region: string | undefined): Readonly<Record<string, string>> {
  return region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region };
}

interface TokenFile {
  readonly path: string;
  remove(): Promise<unknown>;
}

/**
 * Writes the token, without a final newline, which some SDKs refuse. Undefined where that cannot be done, which is
 * logged: most SDKs read the variable.
 */
async function writeToken(
  { logger, system: { env, files, random } }: Invocation,
  token: string,
): Promise<TokenFile | undefined> {
  const path = ownTokenFolder(env);
  if (path === undefined) return undefined;
  const folder = new OwnerOnlyFolder(path, 0o700, { files, logger });
  // A name of its own: a port is unique in its network namespace only.
  const name = [...random.bytes(8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  await folder.write(name, token);
  if (await folder.read(name) !== token) return undefined;
  return { path: folder.pathOf(name), remove: () => folder.remove(name) };
}

/** None by a relative path: a program may work in another folder than this one, and takes the variable. */
function ownTokenFolder(env: Environment): string | undefined {
  const path = tokenFolder(env);
  return path !== undefined && isAbsolute(path) ? path : undefined;
}
