/**
 * Where keys stand still once they are sealed: in other profiles, and in copies that somebody made.
 *
 * @module
 */

import { pathInHome } from "../../config/home.ts";
import type { AccessKeys } from "../../credentials.ts";
import { formatPlace } from "../../errors.ts";
import type { Invocation } from "../command.ts";
import { configFile, credentialsFile } from "../permissions/config_files.ts";

/** No configuration of a person is larger. */
const mostBytes = 4_000_000;

/** Warns of each file of ~/.aws that names the key or its secret. The sealed ones lie deeper. */
export async function warnOfCopies(
  { arguments: given, logger, system: { env, files } }: Invocation,
  { accessKeyId, secretAccessKey }: AccessKeys,
): Promise<void> {
  const folder = pathInHome("~/.aws", env);
  const names = folder === undefined ? [] : await files.list(folder).catch(() => []);
  const own = [configFile, credentialsFile].map((named) =>
    pathInHome(named({ arguments: given, env }), env)
  );
  const paths = new Set([...own, ...names.map((name) => `${folder}/${name}`)]);
  for (const path of paths) {
    if (path === undefined) continue;
    const facts = await files.facts(path).catch(() => undefined);
    if (facts === undefined || facts.special || facts.size > mostBytes) continue;
    const text = await files.readText(path).catch(() => undefined);
    const lines = text?.split("\n") ?? [];
    const at = lines.findIndex((one) => one.includes(secretAccessKey) || one.includes(accessKeyId));
    if (at < 0) continue;
    const place = formatPlace({ file: path, line: at + 1 });
    logger.warn(`keys: ${place} still names the key …${accessKeyId.slice(-4)}, or its secret`);
  }
}
