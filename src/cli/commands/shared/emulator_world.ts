/**
 * What an emulator stands for, by its options: an instance, a container, an IAM Identity Center, an AWS Sign-In, or none of
 * them.
 *
 * @module
 */

import { UsageError } from "../../../errors.ts";
import { quotePosix } from "../../../output/shell.ts";
import {
  containerPath,
  type EmulatorWorld,
  sampleLoginWorld,
  sampleMachineWorld,
  sampleSsoWorld,
  sampleWorld,
  type StsEmulator,
} from "../../../testing/mod.ts";
import type { CommandOption, Invocation } from "../../command.ts";

/** What makes it the metadata service of a machine; --sso and each of these two stand for a world of their own. */
export const machineOptions: readonly CommandOption[] = [
  { name: "instance", summary: "Serve an instance's metadata (IMDS) too, and three roles on top" },
  { name: "container", summary: "Serve a container's credentials too, and three roles on top" },
  { name: "container-token", value: "TEXT", summary: "The container has to send TEXT" },
  { name: "machine-seconds", value: "N", summary: "Its credentials last N seconds (21600)" },
  { name: "metadata-tokens", summary: "Refuse requests for metadata without a token" },
  { name: "metadata-far", summary: "Lose the instance's tokens, as behind a hop limit" },
];

/**
 * The world that the options ask for.
 *
 * @throws {UsageError} where two are asked for, or an option goes with another one
 */
export function worldOf(
  { arguments: given }: Pick<Invocation, "arguments">,
  roles: number,
): EmulatorWorld {
  const kinds = (["sso", "aws-login", "instance", "container"] as const).filter((name) =>
    given.flag(name)
  );
  const [kind, other] = kinds;
  if (other !== undefined) throw new UsageError(`Cannot use --${kind} with --${other}: wanted one`);
  const [token, seconds] = [given.text("container-token"), given.wholeNumber("machine-seconds")];
  const lonely = [
    ...(token !== undefined && kind !== "container" ? ["container-token"] : []),
    ...(seconds !== undefined && kind !== "instance" && kind !== "container"
      ? ["machine-seconds"]
      : []),
    ...["metadata-tokens", "metadata-far"].filter((name) =>
      given.flag(name) && kind !== "instance"
    ),
  ];
  if (lonely.length > 0) {
    const wanted = {
      "container-token": "--container",
      "machine-seconds": "--instance or --container",
    };
    throw new UsageError(
      `Cannot use --${lonely[0]} alone: wanted ${
        Object.entries(wanted).find(([name]) => name === lonely[0])?.[1] ?? "--instance"
      } beside it`,
    );
  }
  if (kind === "sso") return sampleSsoWorld(roles);
  if (kind === "aws-login") return sampleLoginWorld(roles);
  if (kind === undefined) return sampleWorld(roles);
  return sampleMachineWorld(kind, {
    roleCount: roles,
    ...(token === undefined ? {} : { token }),
    ...(seconds === undefined ? {} : { sessionSeconds: seconds }),
  });
}

/** What a program on the machine finds in its environment. */
export function describeMachine(
  { world: { instance, container } }: StsEmulator,
  url: string,
): string {
  if (instance !== undefined) {
    return `Instance metadata: export AWS_EC2_METADATA_SERVICE_ENDPOINT=${url}\n`;
  }
  if (container === undefined) return "";
  const token = container.token === undefined
    ? ""
    : ` AWS_CONTAINER_AUTHORIZATION_TOKEN=${quotePosix(container.token)}`;
  return `Container: export AWS_CONTAINER_CREDENTIALS_FULL_URI=${url}${containerPath}${token}\n`;
}
