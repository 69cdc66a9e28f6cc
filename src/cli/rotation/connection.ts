/**
 * How a rotation reaches AWS: one session with MFA for all calls of IAM, where the user has a device, and STS to try keys.
 *
 * @module
 */

import type { Config } from "../../config/load.ts";
import { resolveSessionPlan } from "../../config/plan/plan.ts";
import { type AccessKeys, asAccessKeys } from "../../credentials.ts";
import { StsavalError } from "../../errors.ts";
import type { CredentialPlan } from "../../plan.ts";
import { planRequest } from "../../session/plan_settings.ts";
import { type IamEndpoint, iamEndpoint } from "../../source/iam/iam_hosts.ts";
import type { AskPassphrase } from "../../store/passphrase_port.ts";
import { createSts } from "../../sts/client.ts";
import { resolveEndpoint } from "../../sts/endpoint.ts";
import type { Clock } from "../../system.ts";
import { connectedSystem } from "../connected_system.ts";
import { mfaCodeOption, openCore } from "../context.ts";
import type { Invocation } from "../command.ts";
import { coreSettings } from "../core_settings.ts";
import { createIamKeys } from "./iam_keys.ts";
import type { RotationPorts } from "./rotate.ts";
import { tail } from "./two_keys.ts";

/** What a rotation calls AWS with. */
export type RotationConnection = Pick<RotationPorts, "clock" | "connect" | "identify">;

/**
 * Connects the user of a profile, whose keys are sealed. Nothing is called before it is needed.
 *
 * @throws {ProfileError} when the profile has no keys of a user
 */
export async function openConnection(
  invocation: Invocation,
  config: Config,
  user: string,
  passphrase: AskPassphrase,
): Promise<RotationConnection> {
  const { arguments: given, logger, signal } = invocation;
  const settings = coreSettings(given);
  const plan = resolveSessionPlan(config, user, planRequest(settings, {}, invocation.system.env));
  const endpoints = endpointsOf(invocation, config, plan);
  const { limited, limit } = limiting(invocation, endpoints);
  const system = await connectedSystem(limited, [user]);
  const sts = createSts({ ...system, logger }, settings);
  const clock: Clock = {
    ...system.clock,
    sleep: (...words) => system.clock.sleep(...words),
    now: () => system.clock.now() + (sts.measuredSkewMs() ?? 0),
  };
  const identify = async (keys: AccessKeys) => {
    limit();
    const { accessKeyId, secretAccessKey, sessionToken } = keys;
    const signing = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    return (await sts.getCallerIdentity({ keys: signing, endpoint: endpoints.sts, signal })).arn;
  };
  let session: AccessKeys | undefined;
  let userName: string | undefined;
  return {
    clock,
    identify,
    async connect(current) {
      if (plan.session?.mfaSerial !== undefined) {
        session ??= await sessionOf(limited, user, passphrase);
      }
      const keys = session ?? current;
      userName ??= userNameIn(await identify(keys), keys);
      const ports = { system: { ...system, clock }, signal, timeoutMs: settings.timeoutMs };
      return { userName, iam: createIamKeys({ ports, keys, endpoint: endpoints.iam, userName }) };
    },
  };
}

interface Endpoints {
  readonly sts: NonNullable<CredentialPlan["session"]>["endpoint"];
  readonly iam: IamEndpoint;
}

function endpointsOf(
  { arguments: given }: Invocation,
  { environment, profiles }: Config,
  { session, base }: CredentialPlan,
): Endpoints {
  const sts = session?.endpoint ?? {};
  const endpointUrl = given.text("endpoint-url") ?? environment.endpointUrl ??
    profiles.get(base.profile)?.endpointUrl;
  return { sts, iam: iamEndpoint(resolveEndpoint(sts).signingRegion, endpointUrl) };
}

/** Hosts are narrowed once: whoever does it first, those of STS and IAM are among them. */
function limiting(invocation: Invocation, { sts, iam }: Endpoints) {
  const { system } = invocation;
  const { network } = system;
  let isLimited = false;
  const callOnly: typeof network.callOnly = (urls, options) => {
    if (isLimited) return;
    isLimited = true;
    network.callOnly?.([...new Set([...urls, resolveEndpoint(sts).url, iam.url])], options);
  };
  const limited = { ...invocation, system: { ...system, network: { ...network, callOnly } } };
  return { limited, limit: () => callOnly([]) };
}

/** The session that is cached, or a new one, which is cached as that of a login. */
async function sessionOf(
  invocation: Invocation,
  profileName: string,
  passphrase: AskPassphrase,
): Promise<AccessKeys> {
  const core = await openCore(invocation, { cache: "disk", profileName, passphrase });
  await using _core = core;
  const made = await core.generateSessionToken({
    ...{ mfaCode: mfaCodeOption(invocation), signal: invocation.signal },
  });
  return asAccessKeys(made);
}

/** @throws {StsavalError} for an ARN that is no user's */
function userNameIn(arn: string, { accessKeyId }: AccessKeys): string {
  const name = /^arn:[\w-]+:iam::\d{12}:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  if (name !== undefined) return name;
  const isRoot = /^arn:[\w-]+:iam::\d{12}:root$/.test(arn);
  const why = isRoot ? "it is one of the root user" : `"${arn}" is no user`;
  throw new StsavalError("FAILED", `Cannot rotate access key ${tail(accessKeyId)}: ${why}`, {
    hint: isRoot
      ? "AWS advises against keys of the root user: make a user with as much as it needs, and delete the key"
      : "name a profile with the keys of a user",
  });
}
