/**
 * `createCredentialServer`: the server of `stsaval serve`, for programs that host it themselves.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { nearestName } from "../nearest.ts";
import type { CredentialSet } from "../refresh/live.ts";
import type { Random } from "../system.ts";
import { random as systemRandom } from "../web/random.ts";
import { containerUrl, createContainer } from "./container.ts";
import { createSecret } from "./secret.ts";
import { type ServedCredentials, servedSet } from "./served_credentials.ts";
import { containerVariables } from "./variables.ts";

/** The options of {@linkcode createCredentialServer}. */
export interface CredentialServerOptions {
  /** The port of 127.0.0.1 that the function is served on: a request that names another in `Host` is refused. */
  readonly port: number;
  /** The random bytes of the token. Default: the system's. */
  readonly random?: Pick<Random, "bytes">;
}

/** A credential server. */
export interface CredentialServer {
  /** Answers a request at once, from memory. Serve it on 127.0.0.1, and nowhere else. */
  handle(request: Request): Response;
  /**
   * The variables that lead every AWS SDK to the credentials of the profile. They hold the token of the server.
   *
   * @throws {UsageError} when the set does not hold the profile
   */
  variables(profile: string): Readonly<Record<string, string>>;
}

/**
 * Serves a set to the AWS SDKs of other programs, as Amazon ECS does: they ask again whenever they need newer credentials.
 * Each server has a token of its own, of 32 random bytes.
 *
 * @throws {UsageError} when the port or the set is none
 *
 * @example
 * ```ts
 * import { createCredentialServer, StsCore } from "@x/stsaval";
 * import { createStsEmulator, emulatorSystem } from "@x/stsaval/testing";
 *
 * const emulator = createStsEmulator();
 * await using sts = new StsCore({ system: emulatorSystem(emulator) });
 * const set = await sts.generateCredentials(["DynamoDBRole-dev"], {
 *   mfaCode: (serial) => emulator.mfaCode(serial),
 * });
 * const server = createCredentialServer(set, { port: 9911 });
 * const variables = server.variables("DynamoDBRole-dev");
 * const response = server.handle(
 *   new Request(variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "", {
 *     headers: { host: "127.0.0.1:9911" },
 *   }),
 * );
 * if (response.status !== 401) throw new Error("served without the token");
 * ```
 */
export function createCredentialServer(
  set: CredentialSet,
  options: CredentialServerOptions,
): CredentialServer {
  checkPort(options?.port);
  if (typeof set?.status !== "function") {
    throw new UsageError(
      `Cannot serve ${set === undefined ? "undefined" : typeof set}: wanted a set of credentials`,
      { hint: "pass what generateCredentials returns" },
    );
  }
  // The token is shown by no more than the variables.
  const { handle, variables } = createServer(servedSet(set), options);
  return { handle, variables };
}

const highestPort = 65_535;

/** For callers without a type checker too. */
function checkPort(port: unknown): void {
  if (Number.isInteger(port) && Number(port) >= 1 && Number(port) <= highestPort) return;
  throw new UsageError(
    `Cannot serve on port ${port}: wanted a whole number from 1 to ${highestPort}`,
    {
      hint: "listen first, and pass the port that the server got",
    },
  );
}

/** The same for credentials of another kind. */
export function createServer(
  served: ServedCredentials,
  { port, random = systemRandom }: CredentialServerOptions,
): CredentialServer & { readonly token: string } {
  const token = createSecret(random);
  const parts = { served, port, token, segment: createSecret(random, 16).text };
  return {
    token: token.text,
    handle: createContainer(parts),
    variables(profile) {
      if (!served.roles.has(profile)) throw unknownProfile(profile, served);
      return containerVariables(containerUrl(parts, profile), token.text);
    },
  };
}

function unknownProfile(profile: string, { roles }: ServedCredentials): UsageError {
  const nearest = nearestName(profile, [...roles.keys()]);
  return new UsageError(`Cannot serve profile "${profile}": the set does not hold it`, {
    hint: nearest === undefined ? "name it when the set is made" : `did you mean "${nearest}"?`,
  });
}
