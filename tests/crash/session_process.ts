/**
 * One of many processes that want the same session: `session_process.ts FOLDER NAME`. It says "fetching" when it is its
 * turn to ask STS, and reads on standard input what STS answers: "issue" or "refuse". Then it says what it got.
 *
 * @module
 */

import { Credentials } from "../../src/credentials.ts";
import { denoSystem } from "../../src/deno/system.ts";
import { StsError } from "../../src/errors.ts";
import { silentLogger } from "../../src/logger.ts";
import { diskCache } from "../session/fixtures.ts";
import { sharedSession, type SharingPorts } from "../../src/cache/shared_session.ts";

/** The key that all of them want. */
export const key = "d".repeat(64);

function portsFor(folder: string): SharingPorts {
  const env = { get: (name: string) => name === "STSAVAL_CACHE_DIR" ? folder : undefined };
  return {
    ...denoSystem,
    cache: diskCache({ ...denoSystem, env, logger: silentLogger }),
    logger: silentLogger,
    skewMs: () => 0,
    onWait: (holder) => say(`waiting for ${holder}`),
  };
}

function say(line: string): void {
  denoSystem.terminal.out(`${line}\n`);
}

async function answerOfSts(name: string): Promise<Credentials> {
  say("fetching");
  if ((await denoSystem.terminal.readInput()).trim() === "refuse") {
    throw new StsError(`refused for ${name}`, { operation: "GetSessionToken" });
  }
  const now = denoSystem.clock.now();
  return new Credentials({
    AccessKeyId: `ASIA${name}`,
    SecretAccessKey: "secret",
    SessionToken: "token",
    StartTime: new Date(now),
    Expiration: new Date(now + 3_600_000),
  });
}

if (import.meta.main) {
  const [folder = "", name = ""] = Deno.args;
  try {
    const { AccessKeyId } = await sharedSession(portsFor(folder), {
      key,
      owner: { profile: "kim", operation: "GetSessionToken" },
      durationSeconds: 3_600,
      signal: new AbortController().signal,
      purpose: "asks for a code",
      fetch: () => answerOfSts(name),
    });
    say(`got ${AccessKeyId}`);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
  await denoSystem.terminal.flush();
  Deno.exit(0);
}
