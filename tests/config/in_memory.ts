/**
 * Configurations from texts, without any file.
 *
 * @module
 */

import {
  type Config,
  type ConfigOptions,
  type ConfigPorts,
  loadConfig,
} from "../../src/config/load.ts";
import { sources } from "../../src/source/sources.ts";

/** The texts of the two files, and the variables. */
export interface Texts {
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** More files, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Where the two files are. */
export const configPath = "/home/kim/.aws/config";
export const credentialsPath = "/home/kim/.aws/credentials";

/** Ports over the texts. */
export function portsOf({ config, credentials, env = {}, files = {} }: Texts): ConfigPorts {
  const paths = new Map(Object.entries(files));
  if (config !== undefined) paths.set(configPath, config);
  if (credentials !== undefined) paths.set(credentialsPath, credentials);
  const variables = new Map(Object.entries({ HOME: "/home/kim", ...env }));
  return {
    files: { readText: (path: string) => Promise.resolve(paths.get(path)) },
    env: { get: (name: string) => variables.get(name) },
  };
}

/** The configuration that the texts make. */
export function configOf(texts: Texts, options?: ConfigOptions): Promise<Config> {
  return loadConfig(portsOf(texts), { kinds: sources, ...options });
}

/** Long-term keys, as they stand in a credentials file. */
export const keys =
  "aws_access_key_id = AKIAEXAMPLEEXAMPLE00\naws_secret_access_key = kept-secret\n";

/** A role of account 123456789012. */
export function roleArn(name: string): string {
  return `arn:aws:iam::123456789012:role/${name}`;
}

/** The MFA device of a user of account 123456789012. */
export function serialOf(user: string): string {
  return `arn:aws:iam::123456789012:mfa/${user}`;
}
