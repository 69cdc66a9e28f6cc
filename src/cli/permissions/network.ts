/**
 * The hosts that a command may call. The compiled program is granted AWS's domains as wildcards, because private endpoints
 * and new regions have names that no list holds. Which of their names a profile may lead to is decided here, and before
 * the first call the wildcards are dropped.
 *
 * @module
 */

import type { BuildFacts } from "../../build.ts";
import { UsageError } from "../../errors.ts";
import { githubSuffix } from "../../source/web_identity/github_names.ts";
import { checkScheme, stsHosts } from "../../sts/endpoint.ts";
import { isServiceHost, serviceSuffixes } from "../../sts/hosts.ts";
import { isMetadataUrl, metadataHosts } from "../../source/metadata/hosts.ts";
import type { Network, ProgramSystem, System } from "../../system.ts";
import { keepOnly } from "./keep_only.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import type { NeedRow } from "./needs.ts";

/** The names of this machine, for custom endpoints and the emulator. */
const loopbackHosts: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/** What the compiled program is granted, in the words of `--allow-net`: AWS's domains, this machine, and the links of
 * containers and instances. */
export function grantedHosts(): readonly string[] {
  return [
    ...grantedSuffixes().map((suffix) => `*.${suffix}:443`),
    ...loopbackHosts,
    ...metadataHosts,
  ];
}

function grantedSuffixes(): readonly string[] {
  return [...serviceSuffixes(), githubSuffix];
}

/** What narrowing the network needs to know. */
export interface NetworkContext {
  /** The command. */
  readonly name: string;
  readonly system: ProgramSystem;
  /** Undefined from source. */
  readonly facts: BuildFacts | undefined;
  /** The command line. */
  readonly given: ParsedArguments;
  /** What to listen on in place of any free port, for each time. */
  readonly ports?: readonly number[] | undefined;
}

/** How an address ends that stands for any free port. */
export const anyPort = ":0";

/** The same, with the suffixes of hosts other than AWS's that the command line may call. */
interface CallContext extends NetworkContext {
  readonly suffixes: readonly string[];
  /** The same, by their whole names. */
  readonly names: readonly string[];
}

/** The hosts are known only once the configuration has been read: until then all that were granted are kept. */
export function narrowNetwork(rows: readonly NeedRow[], known: NetworkContext): System {
  const context = {
    ...known,
    suffixes: rows.flatMap((row) => row.hosts ?? []),
    names: rows.flatMap((row) => row.hostNames ?? []),
  };
  const { system } = context;
  const { network, permissions } = system;
  if (!context.suffixes.includes(githubSuffix)) {
    for (const host of portsOf(`not-called.${githubSuffix}`, context.facts)) {
      permissions.drop("net", host);
    }
  }
  const own = withPorts(rows.flatMap((row) => row.listen?.(context.given) ?? []), context);
  const keepHosts = (kept: readonly string[]) =>
    keepOnly(permissions, "net", kept, hostsToDrop(kept, context.facts));
  if (rows.some((row) => row.sts)) {
    const callOnly = (urls: readonly string[]) => {
      // Deno's permissions know host and port, but no scheme.
      for (const url of urls.map((url) => new URL(url))) {
        if (!isMetadataUrl(url)) checkScheme(url, context.given.flag("allow-http"));
      }
      keepHosts([...allowedHosts(urls, context), ...own]);
    };
    return { ...system, network: { ...listeningOn(network, context), callOnly } };
  }
  keepHosts(own);
  return { ...system, network: listeningOn(network, context) };
}

function withPorts(
  addresses: readonly string[],
  { ports = [] }: NetworkContext,
): readonly string[] {
  const left = ports.values();
  return addresses.map((address) => {
    const port = address.endsWith(anyPort) ? left.next().value : undefined;
    return port === undefined ? address : address.replace(/0$/, String(port));
  });
}

/** The network, where "any free port" is one after the other of these. */
function listeningOn(network: Network, { ports = [] }: NetworkContext): Network {
  if (ports.length === 0) return network;
  const left = ports.values();
  return {
    ...network,
    serve: (handler, { port, signal }) =>
      network.serve(handler, { port: port === 0 ? left.next().value ?? 0 : port, signal }),
  };
}

/**
 * What to drop so that only `kept` is left. A wildcard goes as a whole when one of its names is dropped, and what was
 * kept by name stays.
 */
function hostsToDrop(kept: readonly string[], facts: BuildFacts | undefined): readonly string[] {
  const uncalled = grantedSuffixes().map((suffix) => `not-called.${suffix}`);
  // From source, hosts may have been allowed by name, and without their port.
  const others = facts === undefined
    ? [...uncalled, ...stsHosts(), ...kept.map(withoutPort)].flatMap((host) => portsOf(host, facts))
    : [...uncalled.flatMap((host) => portsOf(host, facts)), ...facts.hosts];
  // A host that is kept with all its ports, to listen on any of them, would go with one of its ports.
  return [...others, ...loopbackHosts, ...metadataHosts].filter((host) =>
    !kept.includes(host) && !kept.includes(withoutPort(host))
  );
}

/** A name as it may have been granted: from source also without its port. */
function portsOf(host: string, facts: BuildFacts | undefined): readonly string[] {
  return facts === undefined ? [host, `${host}:443`] : [`${host}:443`];
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, "");
}

/** The allowed hosts among those of the URLs; throws if there are hosts and none is allowed. */
function allowedHosts(urls: readonly string[], context: CallContext): readonly string[] {
  const allowed = urls.filter((url) => isAllowed(url, context));
  const [first] = urls;
  if (first !== undefined && allowed.length === 0) rejectHost(first, context);
  return allowed.map(hostOf);
}

function isAllowed(url: string, { facts, names, suffixes, system }: CallContext): boolean {
  const host = hostOf(url);
  if (!system.permissions.allows("net", host)) return false;
  // From source, the user named the hosts.
  if (facts === undefined) return true;
  const { hostname } = new URL(url);
  if (names.includes(hostname)) return true;
  if (suffixes.some((suffix) => hostname.endsWith(`.${suffix}`))) return true;
  return isKnownUrl(url) || isNamed(facts.hosts, host, hostname);
}

/** Whether it leads to AWS's services, to a link of this machine or to the machine itself. */
export function isKnownUrl(url: string): boolean {
  const { hostname } = new URL(url);
  return isServiceHost(hostname) || isMetadataUrl(new URL(url)) ||
    loopbackHosts.includes(hostname);
}

/** Whether a list names the host, with its port or without one. */
function isNamed(names: readonly string[], host: string, hostname: string): boolean {
  return names.some((name) => name.toLowerCase() === host || name.toLowerCase() === hostname);
}

/** The host of a URL with its port, as in Deno's permissions. */
export function hostOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "http:" ? "80" : "443")}`;
}

function rejectHost(url: string, { name, facts }: NetworkContext): never {
  const host = hostOf(url).replace(/:443$/, "");
  if (facts === undefined) {
    throw new UsageError(`Cannot call "${host}": --allow-net does not allow it`, {
      hint: `run with --allow-net=${host}`,
    });
  }
  throw new UsageError(
    `Cannot call "${host}": this program may only call AWS's STS, IAM Identity Center and Sign-In, and this machine`,
    {
      hint: "with Deno it may call a host that you name: " +
        `'stsaval permissions ${name} --deno -- --endpoint-url ${
          new URL(url).origin
        }' prints the command line`,
    },
  );
}
