/**
 * `stsaval keys remove`: throws sealed keys away.
 *
 * @module
 */

import { removeMarker } from "../../../config/file/sealed_lines.ts";
import { UsageError } from "../../../errors.ts";
import { visible } from "../../../output/table.ts";
import { readKeyNote } from "../../../store/key_note.ts";
import type { Command, Invocation } from "../../command.ts";
import { typedNames } from "../../core_settings.ts";
import { profileEnvironment } from "../../help/environment.ts";
import { editAwsFile, markedFile, openKeyStore } from "../../keys/key_files.ts";
import { passphraseOpener } from "../../keys/choose_opener.ts";
import { keyFileOptions } from "../../keys/key_options.ts";
import { knownConfig } from "../../known_config.ts";
import { confirm } from "../../prompt/ask_line.ts";

/** The record. */
export const keysRemove: Command = {
  name: "keys remove",
  topic: "setUp",
  summary: "Throw the sealed keys of a profile away",
  description:
    "Removes the sealed file, and the line of the profile that names it, without opening it: the keys are lost\n" +
    "here, and stay valid in IAM until they are deleted there. Makes no network call.",
  operands: "PROFILE",
  options: [{ name: "yes", summary: "Remove without asking" }, ...keyFileOptions],
  examples: [{ line: "stsaval keys remove kim --yes", summary: "without a question" }],
  environment: profileEnvironment,
  needs: ["read-aws", "sealed-store", "write-aws", "write-config"],
  run: runRemove,
};

async function runRemove(invocation: Invocation): Promise<number> {
  const { arguments: given, signal, system } = invocation;
  const { clock, terminal } = system;
  const [profile, extra] = typedNames(given);
  if (profile === undefined || extra !== undefined) {
    throw new UsageError("Cannot remove keys: wanted one PROFILE", { hint: "name it" });
  }
  const config = await knownConfig(invocation);
  // It is removed unopened, so that no opener is needed.
  const store = await openKeyStore(invocation, passphraseOpener);
  const isSealed = (await store.list()).some((name) =>
    name.kind === "keys" && name.profile === profile
  );
  if (!isSealed && config.profiles.get(profile)?.sealedKeys === undefined) {
    throw new UsageError(
      `Cannot remove the keys of profile "${visible(profile)}": none are sealed`,
      {
        hint: "'stsaval keys list' lists what is sealed",
      },
    );
  }
  const note = await readKeyNote(system, profile);
  const shown = note === undefined ? "" : ` (…${note.accessKey})`;
  const question = `Remove the sealed keys of "${visible(profile)}"${shown} for good?`;
  const wanted = given.flag("yes") ||
    await confirm({ clock, signal, terminal }, question, "add --yes to remove without asking");
  if (!wanted) {
    terminal.err("Nothing was removed\n");
    return 0;
  }
  const file = markedFile(invocation, config, profile);
  await editAwsFile(invocation, file, (text) => removeMarker(text, file));
  await store.remove({ kind: "keys", profile });
  if (given.flag("json")) terminal.out(`${JSON.stringify({ profile })}\n`);
  else if (!given.flag("quiet")) terminal.err(`Removed the sealed keys of "${visible(profile)}"\n`);
  return 0;
}
