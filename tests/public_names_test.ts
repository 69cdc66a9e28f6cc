/**
 * Pins the public names of `mod.ts`: whoever changes them changes this list, and so decides it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import * as publicModule from "../mod.ts";

/** What exists when the program runs. */
const values = [
  "ConfigError",
  "CredentialEvent",
  "CredentialSet",
  "Credentials",
  "ExpiredError",
  "LiveToken",
  "MfaError",
  "ProfileError",
  "StsCore",
  "StsError",
  "StsUnreachableError",
  "StsavalError",
  "UsageError",
  "createCredentialServer",
];

/** What exists for the type checker only. */
const types = [
  "AskPassphrase",
  "CacheKeyKeeper",
  "CacheKeyKeepers",
  "ChildProcess",
  "Clock",
  "CredentialEventFields",
  "CredentialEventType",
  "CredentialListener",
  "CredentialServer",
  "CredentialServerOptions",
  "CredentialStatus",
  "CredentialsFields",
  "CredentialsOptions",
  "Digest",
  "Digests",
  "Environment",
  "ErrorCode",
  "ErrorDetails",
  "Explanation",
  "FetchOptions",
  "FileFacts",
  "FilePlace",
  "Files",
  "ForegroundProcess",
  "ForwardedSignal",
  "Listener",
  "LiveCredentials",
  "Logger",
  "MfaCodeFunction",
  "MfaCodeOption",
  "MfaCodeOptions",
  "NarrowingOptions",
  "Network",
  "PassphraseRequest",
  "PipedOptions",
  "PipedProcess",
  "PlanDescription",
  "Processes",
  "ProfileProblem",
  "ProfileSummary",
  "Progress",
  "PromptPlace",
  "Random",
  "RoleDefinitions",
  "SdkCredentialProvider",
  "SdkCredentials",
  "SessionTag",
  "SessionTokenOptions",
  "Signals",
  "SleepOptions",
  "StepDescription",
  "StsCoreOptions",
  "StsErrorDetails",
  "System",
  "Terminal",
  "TerminationSignal",
  "TypedMfaCode",
  "Wait",
];

interface ExportedNames {
  readonly values: string[];
  readonly types: string[];
}

/** The names that a module's text exports, which must be written out one by one. */
function exportedNames(source: string): ExportedNames {
  const found: ExportedNames = { values: [], types: [] };
  const create = (): Deno.lint.LintVisitor => ({
    ExportNamedDeclaration({ exportKind, specifiers, declaration }) {
      assertEquals(declaration, null, "mod.ts only passes names on");
      for (const { exported, exportKind: own } of specifiers) {
        const kind = exportKind === "type" || own === "type" ? "types" : "values";
        found[kind].push(exported.type === "Identifier" ? exported.name : String(exported.value));
      }
    },
    ExportAllDeclaration: () => assert(false, "mod.ts names what it exports, one by one"),
  });
  const reader: Deno.lint.Plugin = { name: "reader", rules: { names: { create } } };
  Deno.lint.runPlugin(reader, "mod.ts", source);
  return { values: found.values.sort(), types: found.types.sort() };
}

Deno.test({
  name: "mod.ts exports these values, 15 at most",
  permissions: "none",
  fn() {
    assertEquals(Object.keys(publicModule).sort(), values);
    assert(values.length <= 15);
  },
});

Deno.test("mod.ts exports these names and types", async () => {
  const names = exportedNames(await Deno.readTextFile("mod.ts"));
  assertEquals(names, { values, types });
});

Deno.test({
  name: "exportedNames() tells values from types",
  permissions: "none",
  fn() {
    const source = 'export { b, type A } from "./a.ts"; export type { C as D } from "./c.ts";';
    assertEquals(exportedNames(source), { values: ["b"], types: ["A", "D"] });
  },
});
