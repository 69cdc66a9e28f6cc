/**
 * How calls get out: the certificates that are trusted, and the proxies. Both are checked before the first call: with a
 * proxy that it cannot read, Deno would connect directly, and say nothing.
 *
 * @module
 */

import { expandHome } from "../config/home.ts";
import { settingNames } from "../config/file/setting_names.ts";
import { UsageError } from "../errors.ts";
import type { Environment, Files, ModuleSystem } from "../system.ts";

/** The variables that name a file of certificates, in order of precedence; a profile's setting stands between them. */
export const caVariables = ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] as const;

/** The variables that Deno takes proxies from. */
export const proxyVariables: readonly string[] = [
  ...["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
];

/** The variables that name hosts to be called without a proxy. */
export const noProxyVariables: readonly string[] = ["NO_PROXY", "no_proxy"];

/** The files of certificates: those of the environment, and of the profiles. */
export function caFiles(env: Environment, profileBundles: readonly string[]): readonly string[] {
  const [first, last] = caVariables.map((name) => env.get(name));
  const found = first !== undefined
    ? [first]
    : profileBundles.length > 0
    ? profileBundles
    : last === undefined
    ? []
    : [last];
  return [...new Set(found.map((path) => expandHome(path, env)))];
}

/** A network whose calls trust the certificates that were loaded. */
export class Connection {
  readonly network: ModuleSystem["network"];
  readonly #ports: Pick<ModuleSystem, "env" | "files">;
  #caCerts: readonly string[] = [];

  /** Reads nothing yet. */
  constructor({ env, files, network }: Pick<ModuleSystem, "env" | "files" | "network">) {
    this.#ports = { env, files };
    this.network = {
      fetch: (request, options) => network.fetch(request, { ...options, caCerts: this.#caCerts }),
      callOnly: (urls, options) => network.callOnly?.(urls, options),
    };
  }

  /**
   * Reads the certificates of the environment, or of the profiles.
   *
   * @throws {UsageError} when a file holds none, or a proxy is malformed
   */
  async prepare(profileBundles: readonly string[]): Promise<void> {
    const { env, files } = this.#ports;
    checkProxies(env);
    const paths = caFiles(env, profileBundles);
    if (paths.length === 0) return;
    this.#caCerts = await Promise.all(paths.map((path) => readCertificates(files, path)));
  }
}

async function readCertificates(files: Pick<Files, "readText">, path: string): Promise<string> {
  const text = await files.readText(path).catch((error: Error) => reject(path, error.message));
  if (text === undefined) reject(path, "there is no such file");
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  reject(path, "it holds no certificate, wanted PEM text");
}

function reject(path: string, why: string): never {
  throw new UsageError(`Cannot read the CA certificates in "${path}": ${why}`, {
    hint: `it is named by AWS_CA_BUNDLE, ${settingNames.caBundle} of the profile, or SSL_CERT_FILE`,
  });
}

/**
 * Rejects proxies that Deno would pass over.
 *
 * @throws {UsageError} naming the variable and its value, without the password
 */
export function checkProxies(env: Environment): void {
  for (const name of proxyVariables) {
    const value = env.get(name);
    if (value === undefined || isProxy(value)) continue;
    throw new UsageError(
      `Cannot use the proxy "${
        shown(value)
      }" of ${name}: wanted a URL such as http://proxy.example.com:3128`,
    );
  }
  for (const name of noProxyVariables) {
    const wrong = env.get(name)?.split(",").map((item) => item.trim()).find(isNoHost);
    if (wrong === undefined) continue;
    throw new UsageError(
      `Cannot use "${
        shown(wrong)
      }" of ${name}: wanted host names or addresses with commas between them`,
    );
  }
}

/** Without a scheme it is a host, which is called with http. */
function isProxy(value: string): boolean {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
  return url !== null && /^(?:https?|socks5h?):$/.test(url.protocol) && url.hostname !== "" &&
    !/\s/.test(value) && /^\/?$/.test(url.pathname) && url.search === "" && url.hash === "";
}

/** `*`, `.example.com`, `10.0.0.0/8`, `[::1]` and an empty item are fine. */
function isNoHost(item: string): boolean {
  return !/^(?:\*|[\w.*:[\]-]+(?:\/\d{1,3})?)?$/.test(item);
}

/** One line, without what stands before an `@`: it may be a password. */
function shown(value: string): string {
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1***@").replace(/[\r\n].*/s, "…");
}
