/**
 * Configurations with one fault each, made by chance that repeats itself: a sound configuration of random shape, then
 * a fault at a line that is known.
 *
 * @module
 */

import { keys, roleArn, serialOf } from "./in_memory.ts";

/** A configuration, and where it is wrong. */
export interface Malformed {
  /** The config file's text. */
  readonly text: string;
  /** The line of the fault. */
  readonly line: number;
  /** What was done to it. */
  readonly fault: string;
  /** `section`: the profile "victim" does not exist. `profile`: it cannot be used. Nothing else is harmed. */
  readonly breaks: "section" | "profile";
}

/** Numbers from 0 up to 1 that depend on the seed only (a linear congruential generator). */
export function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Fault {
  readonly name: string;
  readonly breaks: "section" | "profile";
  /** The lines of a section "victim", the faulty one marked with "!" in front. */
  readonly lines: readonly string[];
}

const arn = `role_arn = ${roleArn("Victim")}`;
const source = "source_profile = user";
const header = "[profile victim]";
const [keyId = "", secret = ""] = keys.split("\n");

const sectionFaults: readonly (readonly [name: string, ...lines: string[]])[] = [
  ["a section without its bracket", "![profile victim", arn],
  ["a section closed by a comment", "![profile victim # ]", arn],
  ["text behind a section", "![profile victim] role", arn],
  ["a second bracket", "![profile victim]]", arn],
  ["a second bracket at both ends", "![[profile victim]]", arn],
  ["another bracket", "![profile victim}", arn],
  ["quotes that do not match", `![profile "victim]`, arn],
];

const profileFaults: readonly (readonly [name: string, ...lines: string[]])[] = [
  ["a key alone", header, "!region", arn, source],
  ["an empty key", header, arn, "!= eu-west-1", source],
  ["an equals sign in a comment only", header, "!region # = eu-west-1", arn],
  ["an indented value", header, "!role_arn =", "    arn;aws"],
  ["a short duration", header, arn, source, "!duration_seconds = 60"],
  ["a duration in words", header, arn, source, "!duration_seconds = 1h # one hour"],
  ["a session name with a space", header, arn, "!role_session_name = kim smith", source],
  ["a serial with a space", header, "!mfa_serial = my phone", arn, source],
  ["an external id of one character", header, "!external_id = x", arn, source],
  ["a role that is too short", header, "!role_arn = arn:aws:iam::1:ro", source],
  ["a byte that is not UTF-8", header, arn, "!source_profile = us\ufffder"],
  ["an included profile that does not exist", header, arn, "!include_profile = bse"],
  ["an indented source profile", header, `!${arn}`, `  ${source}`],
  ["a flag that is none", header, arn, source, "!use_fips_endpoint = maybe"],
  ["an unknown credential source", header, arn, "!credential_source = Moon"],
  ["a source that does not exist", header, arn, "!source_profile = usre"],
  ["a profile that is its own source", header, arn, "!source_profile = victim"],
  ["two sources", header, arn, `!${source}`, "credential_source = Environment"],
  ["a role without a source", header, `!${arn}`, "region = eu-west-1"],
  ["a key without its secret", header, `!${keyId}`],
  ["a secret without its key", header, `!${secret}`],
  ["a token file without a role", header, "!web_identity_token_file = /t"],
  ["a services section that does not exist", header, arn, source, "!services = nowhere"],
  ["nothing of use", `!${header}`, "region = eu-west-1"],
  ["a loop", header, arn, "source_profile = mid", "[profile mid]", arn, "!source_profile = victim"],
];

const faults: readonly Fault[] = [
  ...sectionFaults.map(([name, ...lines]) => ({ name, breaks: "section" as const, lines })),
  ...profileFaults.map(([name, ...lines]) => ({ name, breaks: "profile" as const, lines })),
];

/** So many malformed configurations; the same seed gives the same ones. Every fault has its turn. */
export function* malformedConfigs(seed: number, count: number): Generator<Malformed> {
  const chance = createChance(seed);
  for (let index = 0; index < count; index++) {
    const fault = faults[index % faults.length];
    if (fault !== undefined) yield malformed(fault, chance);
  }
}

function malformed({ name, breaks, lines }: Fault, chance: () => number): Malformed {
  const before = soundLines(chance);
  const marked = lines.flatMap((line) => chance() < 0.2 ? ["", line] : [line]);
  const all = [...before, ...marked, ...soundLines(chance), "[profile user]", keyId, secret];
  const line = all.findIndex((text) => text.startsWith("!")) + 1;
  const lineEnd = chance() < 0.3 ? "\r\n" : "\n";
  const text = all.map((text) => text.replace(/^!/, "")).join(lineEnd);
  return { text: chance() < 0.1 ? `\ufeff${text}` : text, line, fault: name, breaks };
}

/** Some sound profiles with comments, blank lines, continuations and nested settings between them. */
function soundLines(chance: () => number): readonly string[] {
  const pick = (choices: readonly string[]) => choices[Math.floor(chance() * choices.length)] ?? "";
  const profiles = Array.from({ length: Math.floor(chance() * 8) }, (_, index) => [
    pick(["", "# a comment", "; another = one", "\t"]),
    pick([`[profile p${index}]`, `[profile\tp${index}] # c`, `[ profile "p ${index}" ]; c`]),
    pick([arn, `ROLE_ARN=${roleArn("R")} ; c`]),
    pick([source, `${source} # c`]),
    pick(["", `mfa_serial = ${serialOf("kim")}`, "s3 =\n  a = b", "note = one\n  two # three"]),
    pick(["", "[ignored]\nx = 1", "[sso-session s]\nsso_region = eu-west-1"]),
  ]);
  return profiles.flat().flatMap((lines) => lines.split("\n"));
}
