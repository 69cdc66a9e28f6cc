/**
 * Reads the token file of a step, at every fetch: whoever wrote it replaces it before it ends.
 *
 * @module
 */

import { expandHome } from "../../config/home.ts";
import { quoteValue } from "../../config/file/quote.ts";
import { SourceError } from "../../errors.ts";
import { fileHint } from "../../file_error.ts";
import type { SourceStep } from "../../plan.ts";
import type { System } from "../../system.ts";
import { checkToken, claimsOf, mostCharacters } from "./token.ts";

interface Ports {
  readonly system: Pick<System, "env" | "files">;
}

/**
 * The token in the file.
 *
 * @throws {SourceError} when there is none, naming the file and the setting that names it
 */
export async function readToken(step: SourceStep, { system }: Ports): Promise<string> {
  const { tokenFile = "" } = step.settings;
  const path = expandHome(tokenFile, system.env);
  const fail = (why: string, hint: string): never => {
    throw new SourceError(
      "SOURCE_REFUSED",
      step.source,
      `Cannot read the web identity token in ${quoteValue(path)}: ${why} (${step.reason})`,
      { hint },
    );
  };
  try {
    const size = (await system.files.facts(path))?.size ?? 0;
    if (size > mostBytes) return fail(...tooLong(`${size} bytes`));
    const text = await system.files.readText(path);
    if (text === undefined) return fail("there is no such file", hintFor.missing);
    return checkToken(text, (why) => fail(why, hintFor.content));
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    return fail(why, fileHint(error) ?? hintFor.missing);
  }
}

/** A token with all that may stand around it; more is not read. */
const mostBytes = mostCharacters + 1_024;

function tooLong(found: string): readonly [why: string, hint: string] {
  return [`it holds ${found}, wanted at most ${mostCharacters}`, hintFor.content];
}

const hintFor = {
  missing:
    "whoever issues the token (Kubernetes, the CI service) must write it there: see whether " +
    "the volume is mounted, or correct the path",
  content: "the file must hold one JSON Web Token and nothing else",
} as const;

/**
 * Whose token it is: its issuer, subject and audience, which stay when it is replaced; undefined where there is none.
 */
export async function identityOf(step: SourceStep, ports: Ports): Promise<string | undefined> {
  try {
    const { iss, sub, aud } = claimsOf(await readToken(step, ports)) ?? {};
    return JSON.stringify([iss, sub, aud]);
  } catch (error) {
    // What is wrong with it is said when it is needed.
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}
