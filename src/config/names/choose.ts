/**
 * From words to names of profiles: a word is a profile's name, else a group's, else a pattern, else a list with commas.
 *
 * @module
 */

import { formatPlace, ProfileError, type ProfileProblem } from "../../errors.ts";
import { nearestName } from "../../nearest.ts";
import type { IniSection } from "../file/ini.ts";
import { quoteValue } from "../file/quote.ts";
import type { Config } from "../load.ts";
import { isPattern, matcherOf, nearestPattern } from "./pattern.ts";

/** What of a configuration decides what a word stands for. */
export type Names = Pick<Config, "profiles" | "groups">;

/**
 * The names that the words stand for, each once, in the order of the words; a pattern gives the order of the files. What
 * is no profile, group or pattern stays as it is: who looks it up tells of all unknown names at once.
 *
 * @throws {ProfileError} naming every pattern that matches no profile, and every group that cannot be used
 */
export function chooseNames(config: Names, words: readonly string[]): string[] {
  const chooser = new Chooser(config);
  const names = words.flatMap((word) => chooser.namesOfWord(word));
  if (chooser.problems.length > 0) throw new ProfileError(chooser.problems);
  return [...new Set(names)];
}

/** The profiles in a group, those of the groups in it included. @throws {ProfileError} when it cannot be used */
export function groupMembers(config: Names, group: string): string[] {
  const chooser = new Chooser(config);
  const names = chooser.namesOfGroup(group, []);
  if (chooser.problems.length > 0) throw new ProfileError(chooser.problems);
  return [...new Set(names)];
}

/** Groups within groups; more is a mistake. */
const deepest = 100;

class Chooser {
  readonly problems: ProfileProblem[] = [];
  readonly #config: Names;
  /** Groups that several others hold are looked at once: sixty that each hold the next one twice have 2^60 members. */
  readonly #known = new Map<string, string[]>();

  constructor(config: Names) {
    this.#config = config;
  }

  namesOfWord(word: string): string[] {
    const { profiles, groups } = this.#config;
    if (profiles.has(word) || groups.has(word)) return this.#namesOfOne(word);
    if (word.includes(",")) return listed(word).flatMap((one) => this.#namesOfOne(one));
    return this.#namesOfOne(word);
  }

  #namesOfOne(word: string): string[] {
    const { profiles, groups } = this.#config;
    if (profiles.has(word)) return [word];
    if (groups.has(word)) return this.namesOfGroup(word, []);
    return isPattern(word) ? this.#namesOfPattern(word) : [word];
  }

  /** `within` are the groups that led here, to notice a loop. */
  namesOfGroup(name: string, within: readonly string[]): string[] {
    const section = this.#config.groups.get(name);
    if (section === undefined) return [];
    const path = [...within, name];
    if (within.includes(name)) {
      return this.#fail(section, `it holds itself: ${path.map((one) => `"${one}"`).join(" -> ")}`, {
        hint: "let groups name profiles, or groups that do",
      });
    }
    if (path.length > deepest) {
      return this.#fail(
        section,
        `it is the last of more than ${deepest} groups within each other`,
        {
          hint: "let groups name profiles, or groups that do",
        },
      );
    }
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const names = this.#namesOfMembers(section, path);
    this.#known.set(name, names);
    return names;
  }

  #namesOfMembers(section: IniSection, path: readonly string[]): string[] {
    const members = listed(section.settings.get("profiles")?.value ?? "");
    if (members.length > 0) {
      const names = members.flatMap((member) => this.#namesOfMember(section, member, path));
      return [...new Set(names)];
    }
    return this.#fail(section, "it names no profiles", { hint: 'add "profiles = a, b" to it' });
  }

  #namesOfMember(section: IniSection, member: string, path: readonly string[]): string[] {
    const { profiles, groups } = this.#config;
    if (profiles.has(member)) return [member];
    if (groups.has(member)) return this.namesOfGroup(member, path);
    const matching = isPattern(member) ? this.#matching(member) : [];
    if (matching.length > 0) return matching;
    const nearest = nearestName(member, [...profiles.keys(), ...groups.keys()]);
    return this.#fail(section, `its member ${quoteValue(member)} is no profile and no group`, {
      hint: nearest === undefined ? listHint : `did you mean "${nearest}"?`,
    });
  }

  #namesOfPattern(pattern: string): string[] {
    const names = this.#matching(pattern);
    if (names.length > 0) return names;
    const { profiles, groups } = this.#config;
    const known = [...profiles.keys()];
    const nearest = nearestPattern(pattern, known) ??
      nearestName(pattern, [...known, ...groups.keys()]);
    this.problems.push({
      profile: pattern,
      message: `Cannot find a profile that matches ${quoteValue(pattern)}: ` +
        `none of ${profiles.size} does`,
      hint: nearest === undefined ? listHint : `did you mean "${nearest}"?`,
    });
    return [];
  }

  #matching(pattern: string): string[] {
    const matches = matcherOf(pattern);
    return [...this.#config.profiles.keys()].filter(matches);
  }

  #fail({ name, place }: IniSection, why: string, details: { readonly hint: string }): string[] {
    const at = formatPlace(place);
    const message = `Cannot use group "${name}" at ${at}: ${why}`;
    this.problems.push({ profile: name, message, ...details });
    return [];
  }
}

const listHint = "'stsaval profiles' lists the known profiles";

/** `a, b`, and lines that go on; `\\,` is a comma in a name. */
function listed(text: string): string[] {
  return text.split(/(?<!\\),|\n/).map((one) => one.replaceAll("\\,", ",").trim())
    .filter((one) => one !== "");
}
