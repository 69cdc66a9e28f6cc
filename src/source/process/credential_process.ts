/**
 * `credential_process`: a program that prints credentials.
 *
 * See https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 *
 * @module
 */

import { createStep, type Source } from "../source.ts";
import { commandLineOf } from "./process_chain.ts";
import { describeCommand } from "./described_command.ts";
import { rejectLoop } from "./program_loop.ts";
import { askingLine } from "./asking_line.ts";

const source = "credential-process";

/** The record. What a program prints is kept in memory alone, as all SDKs do: the program decides how long it serves. */
export const credentialProcess: Source = {
  source,
  isNamedBy: ({ credentialProcess }) => credentialProcess !== undefined,
  behind({ profile: { credentialProcess = "" }, profiles }) {
    const line = askingLine(credentialProcess);
    if (line?.profile === undefined || !line.isPlain) return undefined;
    // The program would print a scoped copy: to take over what it is a copy of would give more.
    return profiles.get(line.profile)?.places.scopePolicy === undefined ? line.profile : undefined;
  },
  ofProfile(recognition) {
    const { asked, profile } = recognition;
    const { credentialProcess: command } = profile;
    if (command === undefined) return undefined;
    rejectLoop(recognition);
    return createStep({
      ...{ source, profile, field: "credentialProcess" },
      ...describeCommand(command, asked, profile, "credentialProcess"),
      settings: { command },
    });
  },
  programs: (step, env) => [commandLineOf(step, env)],
  async fetch(step, context) {
    const { fetchByProgram } = await import("./credentials.ts");
    return await fetchByProgram(step, context);
  },
};
