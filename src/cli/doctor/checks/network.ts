/**
 * Checks of the way to AWS: proxies, certificates, and the clock against that of STS.
 *
 * @module
 */

import { definedFields } from "../../../config/fields.ts";
import { formatDuration } from "../../../duration.ts";
import { StsavalError } from "../../../errors.ts";
import type { EndpointSettings } from "../../../plan.ts";
import {
  caFiles,
  checkProxies,
  Connection,
  noProxyVariables,
  proxyVariables,
} from "../../../session/connection.ts";
import { resolveEndpoint } from "../../../sts/endpoint.ts";
import { dateOf, isStsResponse } from "../../../sts/recognition.ts";
import type { Invocation } from "../../command.ts";
import type { Examined } from "../examined.ts";
import type { Check, Finding } from "../finding.ts";

/** STS rejects signatures that are five minutes off. */
const rejectedMs = 5 * 60_000;
/** Codes of MFA devices change each 30 seconds. */
const oddMs = 30_000;
const timeoutMs = 5_000;

/** The rows. */
export const networkChecks: readonly Check[] = [
  {
    name: "proxy",
    summary: "the proxies of the environment can be used",
    run: ({ invocation: { system: { env } } }) =>
      attempt(() => checkProxies(env), "correct or unset the variable"),
  },
  {
    name: "proxy-contradiction",
    summary: "upper and lower case say the same of proxies",
    run: ({ invocation: { system: { env } } }) =>
      [...proxyVariables, ...noProxyVariables].filter((name) => /^[A-Z]/.test(name)).flatMap(
        (name) => {
          const [upper, lower] = [env.get(name), env.get(name.toLowerCase())];
          if (upper === undefined || lower === undefined || upper === lower) return [];
          const message =
            `${name} and ${name.toLowerCase()} differ: tools disagree on which counts`;
          return [{ severity: "warning" as const, message, cure: "unset one of the two" }];
        },
      ),
  },
  {
    name: "certificates",
    summary: "the files of CA certificates exist and hold certificates",
    run: async ({ invocation: { system } }) => {
      if (caFiles(system.env, []).length === 0) return [];
      return await attempt(
        () => new Connection({ ...system, env: withoutProxies(system.env) }).prepare([]),
        "correct or unset the variable",
      );
    },
  },
  {
    name: "clock",
    summary: "the clock agrees with that of STS (one unsigned request; not with --offline)",
    run: ({ invocation, config }) =>
      invocation.arguments.flag("offline") ? [] : clockFindings(invocation, config),
  },
];

/** Proxies have a check of their own. */
function withoutProxies(env: Invocation["system"]["env"]): Invocation["system"]["env"] {
  const names = new Set([...proxyVariables, ...noProxyVariables]);
  return { get: (name) => names.has(name) ? undefined : env.get(name) };
}

async function attempt(
  work: () => void | Promise<void>,
  cure: string,
): Promise<readonly Finding[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (!(error instanceof StsavalError)) throw error;
    return [{ severity: "error", message: error.message, cure: error.hint ?? cure }];
  }
}

/**
 * Where the STS is whose clock counts.
 *
 * @throws {StsavalError} where its address cannot be made
 */
export function clockUrl(
  { arguments: given }: Pick<Invocation, "arguments">,
  config: Examined["config"],
): string {
  const name = config?.environment.profile ?? "default";
  const profiles = [...config?.profiles.values() ?? []];
  // Without that profile, the first that says where its STS is: it may be a private one.
  const profile = config?.profiles.get(name) ??
    profiles.find(({ stsEndpointUrl, endpointUrl, region }) =>
      (stsEndpointUrl ?? endpointUrl ?? region) !== undefined
    );
  return resolveEndpoint(definedFields<EndpointSettings>({
    region: given.text("region") ?? config?.environment.region ?? profile?.region,
    endpointUrl: given.text("endpoint-url") ?? config?.environment.stsEndpointUrl ??
      config?.environment.endpointUrl ?? profile?.stsEndpointUrl ?? profile?.endpointUrl,
  })).url;
}

async function clockFindings(
  invocation: Invocation,
  config: Examined["config"],
): Promise<readonly Finding[]> {
  try {
    const url = clockUrl(invocation, config);
    const skew = await measureSkew(invocation, url);
    if (skew === undefined) return [unmeasured(`${new URL(url).host} did not answer as STS does`)];
    return skewFindings(skew);
  } catch (error) {
    invocation.signal.throwIfAborted();
    // What the runtime says of a connection names every layer below.
    if (error instanceof TypeError) return [unmeasured("it could not be reached")];
    return [unmeasured(error instanceof Error ? error.message : String(error))];
  }
}

function unmeasured(why: string): Finding {
  return {
    severity: "note",
    message: `The clock was not compared with that of STS: ${why}`,
    cure: "connect to the network and try again, or leave it out with --offline",
  };
}

function skewFindings(skew: number): readonly Finding[] {
  const size = Math.abs(skew);
  if (size < oddMs) return [];
  const way = skew > 0 ? "behind" : "ahead of";
  const message = `The clock is ${formatDuration(roundSeconds(size / 1_000))} ${way} that of STS`;
  const isRejected = size >= rejectedMs;
  return [{
    severity: isRejected ? "error" : "warning",
    message: isRejected
      ? `${message}, which rejects signatures that are 5 minutes off`
      : `${message}: codes of MFA devices in software may be rejected`,
    cure: "set the clock, or turn on its synchronization: timedatectl set-ntp true",
  }];
}

/** A response has taken its time too, so that seconds say nothing beside minutes. */
function roundSeconds(seconds: number): number {
  return seconds < 300 ? Math.round(seconds) : Math.round(seconds / 60) * 60;
}

/** How far the clock of STS is ahead, by an unsigned request that it rejects; undefined if another server answered. */
async function measureSkew(invocation: Invocation, url: string): Promise<number | undefined> {
  const { signal, system } = invocation;
  system.network.callOnly?.([url]);
  const connection = new Connection(system);
  await connection.prepare([]);
  const done = new AbortController();
  const ended = AbortSignal.any([signal, done.signal]);
  const late = system.clock.sleep(timeoutMs, { signal: ended, keepAlive: false }).then(() => {
    throw new Error(`${new URL(url).host} did not respond within ${timeoutMs / 1_000} s`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([askDate(connection, system.clock, url, ended), late]);
  } finally {
    done.abort();
  }
}

async function askDate(
  { network }: Connection,
  clock: Invocation["system"]["clock"],
  url: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const request = new Request(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "Action=GetCallerIdentity&Version=2011-06-15",
    redirect: "manual",
    signal,
  });
  const sent = clock.now();
  const response = await network.fetch(request);
  const text = await response.text();
  const { headers, status } = response;
  const date = isStsResponse({ status, headers, text }) ? dateOf(headers) : undefined;
  // Dates are in whole seconds.
  return date === undefined ? undefined : date + 500 - (sent + clock.now()) / 2;
}
