/**
 * Policies for sessions, checked by the rules of STS and of IAM's grammar before any call.
 *
 * @module
 */

import { settingNames } from "../file/setting_names.ts";
import { fault } from "./fault.ts";
import { placeOf, readJson } from "./json_text.ts";
import { grammarFault } from "./policy_grammar.ts";

/** The most characters of a policy, ARNs of managed policies beside it included. */
export const mostPolicyCharacters = 2_048;

/**
 * The policy as it is sent: as it is written or, where that is too long, without the white space between its tokens.
 *
 * @throws {Fault} with line and column, when it is no JSON, too long, or no policy for a session
 */
export function checkPolicy(written: string): string {
  const text = written.replace(/^\ufeff/, "");
  const read = readJson(text);
  if ("why" in read) {
    fault(`is not valid JSON at line ${read.line}, column ${read.column}: ${read.why}`);
  }
  const trimmed = text.trim();
  const sent = trimmed.length <= mostPolicyCharacters ? trimmed : read.compact;
  if (sent.length > mostPolicyCharacters) {
    fault(
      `has ${sent.length} characters, wanted at most ${mostPolicyCharacters}`,
      `name fewer resources, use wildcards in them, or put a managed policy into ${settingNames.policyArns}`,
    );
  }
  const foreign = /[^\t\n\r\u0020-\u00ff]/u.exec(text);
  if (foreign !== null) {
    const { line, column } = placeOf(text, foreign.index);
    const code = (foreign[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    fault(
      `holds U+${code} at line ${line}, column ${column}, wanted characters up to U+00FF`,
      `in JSON, it can be written as ${escapeOf(foreign[0])}`,
    );
  }
  const why = grammarFault(read.value);
  if (why !== undefined) fault(why);
  return sent;
}

function escapeOf(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}
