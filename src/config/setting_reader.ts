/**
 * Reads the settings of one profile: each by its rule, with what is wrong and where.
 *
 * @module
 */

import { type FilePlace, formatPlace } from "../errors.ts";
import { serviceNames, type ServiceUrls } from "./environment.ts";
import { unreadable, unreadableWords } from "./file/encoding.ts";
import type { ConfigWarning, IniSection } from "./file/ini.ts";
import { quoteValue, standsInQuotes } from "./file/quote.ts";
import { type ProfileField, settingNames } from "./file/setting_names.ts";
import { isWithin, type NumberLimit, type TextLimit } from "./limits.ts";
import type { ProfileSource } from "./profile_source.ts";

/** An invalid setting. It matters only if its profile is used, and for something that needs the setting. */
export interface SettingProblem {
  /** Undefined for a line of the profile that cannot be read: it may have been meant for any field. */
  readonly field?: ProfileField;
  /** The text after "Cannot use profile …:", with file and line; never a secret. */
  readonly message: string;
}

/** Reads the settings of one profile, and collects their locations and problems. */
export class SettingReader {
  readonly places: Partial<Record<ProfileField, FilePlace>> = {};
  readonly problems: SettingProblem[];
  readonly #source: ProfileSource;
  readonly #warnings: ConfigWarning[];

  constructor(source: ProfileSource, warnings: ConfigWarning[]) {
    this.#source = source;
    this.problems = source.problems.map((message) => ({ message }));
    this.#warnings = warnings;
  }

  /** The verbatim value; an empty value counts as unset. */
  command(field: ProfileField): string | undefined {
    const setting = this.#source.settings.get(settingNames[field]);
    if (setting === undefined) return undefined;
    if (setting.value === "") {
      this.#warnings.push({
        place: setting.place,
        message: `setting ignored: "${setting.key}" is empty`,
        byRule: true,
      });
      return undefined;
    }
    this.places[field] = setting.place;
    if (!unreadable.test(setting.value)) return setting.value;
    this.#addProblem(field, `holds ${unreadableWords}`);
    return undefined;
  }

  /**
   * As {@linkcode command}, for a setting that narrows credentials. An empty value is no value: it may be a variable that
   * was not set, and must not lead to wider ones.
   */
  narrowing(field: ProfileField): string | undefined {
    const setting = this.#source.settings.get(settingNames[field]);
    if (setting?.value.trim() !== "") return this.command(field);
    this.places[field] = setting.place;
    this.#addProblem(field, "is empty, and would narrow nothing");
    return undefined;
  }

  /** One line of text. Continuation lines are not shown: they may be any setting that was indented. */
  text(field: ProfileField): string | undefined {
    const value = this.command(field);
    if (value === undefined || !value.includes("\n")) return value;
    this.#addProblem(field, "continues on an indented line, wanted one line");
    return undefined;
  }

  limited(field: ProfileField, limit: TextLimit): string | undefined {
    const value = this.text(field);
    if (value !== undefined && (standsInQuotes(value) || !limit.pattern.test(value))) {
      this.#addInvalid(field, value, `wanted ${limit.wanted}`);
    }
    return value;
  }

  choice<const Choice extends string>(
    field: ProfileField,
    choices: readonly Choice[],
  ): Choice | undefined {
    const value = this.text(field);
    if (value === undefined) return undefined;
    const choice = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
    if (choice === undefined) {
      this.#addInvalid(field, value, `wanted ${choices.join(" or ")}`);
    }
    return choice;
  }

  flag(field: ProfileField): boolean | undefined {
    const choice = this.choice(field, ["true", "false"]);
    return choice === undefined ? undefined : choice === "true";
  }

  seconds(field: ProfileField, limit: NumberLimit): number | undefined {
    const value = this.text(field);
    if (value === undefined) return undefined;
    if (/^\d{1,9}$/.test(value) && isWithin(Number(value), limit)) return Number(value);
    this.#addInvalid(field, value, `wanted a number of seconds from ${limit.min} to ${limit.max}`);
    return undefined;
  }

  /** `endpoint_url` nested in `sts =`, in the section that `services` names. */
  stsEndpoint(
    name: string | undefined,
    services: ReadonlyMap<string, IniSection>,
  ): string | undefined {
    if (name === undefined) return undefined;
    const section = services.get(name);
    if (section === undefined) {
      this.#addProblem("services", `is ${quoteValue(name)}, wanted a [services …] section`);
      return undefined;
    }
    const [problem] = section.problems ?? [];
    if (problem !== undefined) this.#addProblem("services", `is ${quoteValue(name)}: ${problem}`);
    return endpointIn(section, "sts");
  }

  /** The endpoints of the services beside STS; undefined where none is set. */
  serviceUrls(section: IniSection | undefined): ServiceUrls | undefined {
    const set = serviceNames.flatMap((name) => {
      const url = section && endpointIn(section, name);
      return url === undefined ? [] : [[name, url] as const];
    });
    return set.length === 0 ? undefined : Object.fromEntries(set);
  }

  #addInvalid(field: ProfileField, value: string, wanted: string): void {
    const what = standsInQuotes(value)
      ? "stands in quotes, which would be part of it"
      : `is ${quoteValue(value)}, ${wanted}`;
    this.#addProblem(field, what);
  }

  #addProblem(field: ProfileField, what: string): void {
    const place = formatPlace(this.places[field] ?? this.#source.place);
    const setting = settingNames[field];
    const message = `${setting} of profile "${this.#source.name}" at ${place} ${what}`;
    this.problems.push({ field, message });
  }
}

function endpointIn({ settings }: IniSection, service: string): string | undefined {
  return settings.get(service)?.nested?.get(settingNames.endpointUrl)?.value || undefined;
}
