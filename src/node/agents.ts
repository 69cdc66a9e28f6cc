/**
 * Which connections a request may use: the certificates that are trusted, and the proxies of the environment.
 *
 * @module
 */

import http from "node:http";
import https from "node:https";
import process from "node:process";
import tls from "node:tls";
import type { FetchOptions } from "../system.ts";
import { env } from "./environment.ts";

const noCerts: readonly string[] = [];

/** By the certificates, then by scheme and proxies: each keeps its connections for a while. */
const agents = new WeakMap<readonly string[], Map<string, http.Agent>>();

/** As those that Node makes for itself: what is idle for five seconds is closed, and keeps no program alive. */
const keeping = { keepAlive: true, scheduling: "lifo", timeout: 5_000 } as const;

/**
 * The agent for a request.
 *
 * @throws {TypeError} if a proxy is set that this runtime cannot use
 */
export function agentFor(
  { protocol }: URL,
  { caCerts = noCerts, isDirect = false }: FetchOptions,
): http.Agent {
  const proxyEnv = isDirect ? {} : proxiesFor(protocol);
  const known = agents.get(caCerts) ?? new Map<string, http.Agent>();
  agents.set(caCerts, known);
  const key = JSON.stringify([protocol, proxyEnv]);
  const agent = known.get(key) ?? createAgent(protocol, proxyEnv, caCerts);
  known.set(key, agent);
  return agent;
}

type ProxyEnv = Readonly<Record<string, string>>;

function createAgent(protocol: string, proxyEnv: ProxyEnv, caCerts: readonly string[]): http.Agent {
  // The types of the runtime do not know proxies yet.
  const options: http.AgentOptions & { readonly proxyEnv: ProxyEnv } = { ...keeping, proxyEnv };
  if (protocol !== "https:") return new http.Agent(options);
  if (caCerts.length === 0) return new https.Agent(options);
  return new https.Agent({ ...options, ca: [...knownCertificates(), ...caCerts] });
}

/** Those that are trusted anyway; naming others replaces them. */
function knownCertificates(): readonly string[] {
  return tls.getCACertificates?.("default") ?? tls.rootCertificates;
}

/** The variables in the form of Node's agents; none where no proxy is set for the scheme. */
function proxiesFor(protocol: string): ProxyEnv {
  const name = protocol === "https:" ? "https_proxy" : "http_proxy";
  const value = variable(name) ?? variable("all_proxy");
  if (value === undefined) return {};
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!/^https?:/i.test(url)) {
    throw new TypeError("Node and Bun use proxies of http and https alone, and another one is set");
  }
  if (!hasProxies(process.versions.node)) {
    throw new TypeError(
      `this runtime cannot use the proxy of the environment: found Node ${process.versions.node}, ` +
        "wanted 22.21, 24.5 or later",
    );
  }
  return { [name]: url, no_proxy: variable("no_proxy") ?? "" };
}

function variable(name: string): string | undefined {
  return env.get(name) ?? env.get(name.toUpperCase());
}

/** Whether agents of this Node take proxies; older ones would pass over them, and say nothing. */
export function hasProxies(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}
