import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { processRecord } from "../../../src/cli/commands/shared/process_record.ts";
import { ParsedArguments } from "../../../src/cli/parse/arguments.ts";
import { rowsOf } from "../../../src/cli/permissions/needs.ts";
import {
  otherVariables,
  type PlainFile,
  planDigest,
  planVariables,
} from "../../../src/cli/shortcut/question.ts";
import { facts } from "./short_desk.ts";

const files: Readonly<Record<string, string>> = {
  "/home/kim/.aws/config": "[profile dev]\n",
  "/home/kim/.aws/credentials": "[kim]\n",
};

interface Question {
  readonly profile?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly facts?: { readonly commit: string; readonly lock: string };
  readonly special?: string;
}

function ask(question: Question = {}): Promise<string | undefined> {
  const env: Readonly<Record<string, string>> = { HOME: "/home/kim", ...question.env };
  const read = (path: string): PlainFile => {
    if (path === question.special) return "special";
    const text = (question.files ?? files)[path];
    return text === undefined ? "missing" : new TextEncoder().encode(text);
  };
  const get = (name: string) => env[name] || undefined;
  return planDigest(question.profile ?? "dev", { get }, question.facts ?? facts, read);
}

Deno.test("the variables are those that process may read, but for those that change no plan", () => {
  // Colors of messages, where programs for codes are found, and whether a keyring's window could be seen.
  const harmless = ["PATH", "NO_COLOR", "FORCE_COLOR", "TERM", "DISPLAY", "WAYLAND_DISPLAY"];
  const rows = rowsOf(processRecord.needs, new ParsedArguments({}, [], []));
  const read = new Set(rows.flatMap((row) => row.environment ?? []));
  const wanted = [...read].filter((name) => !harmless.includes(name)).sort();
  assertEquals([...planVariables, ...otherVariables].sort(), wanted);
});

Deno.test("the digest is the same for the same, and another for anything else", async () => {
  const same = await ask();
  assertMatch(same ?? "", /^[0-9a-f]{64}$/);
  assertEquals(await ask(), same);
  assertEquals(await ask({ env: { PATH: "/bin", TERM: "dumb" } }), same);
  const config = "/home/kim/.aws/config";
  const credentials = "/home/kim/.aws/credentials";
  const others: readonly Question[] = [
    { profile: "de" },
    { facts: { commit: "another", lock: facts.lock } },
    { facts: { commit: facts.commit, lock: "another" } },
    { files: { ...files, [config]: "[profile dex]\n" } },
    { files: { ...files, [credentials]: "[kin]\n" } },
    { files: { [config]: `${files[config]}${files[credentials]}`, [credentials]: "" } },
    { files: { [config]: `${files[config]}${files[credentials]}` } },
    { files: { ...files, [credentials]: "" } },
    { files: { [config]: files[config] ?? "" } },
    ...planVariables.map((name) => ({ env: { [name]: "/home/kim/x" } })),
    ...planVariables.map((name) => ({ env: { [name]: "/home/kim/y" } })),
  ];
  const digests = await Promise.all(others.map(ask));
  assertEquals(new Set([same, ...digests]).size, others.length + 1);
});

Deno.test("the files are those that the environment names", async () => {
  const env = { AWS_CONFIG_FILE: "~/c", AWS_SHARED_CREDENTIALS_FILE: "/k" };
  const named = { "/home/kim/c": "[profile dev]\n", "/k": "[kim]\n" };
  const digest = await ask({ env, files: named });
  assertNotEquals(digest, await ask({ env }));
  assertNotEquals(digest, await ask({ env, files: { ...named, "/k": "" } }));
  assertEquals(digest, await ask({ env, files: { ...named, ...files } }));
});

Deno.test("there is none where the plan may rest on something else", async () => {
  for (const name of otherVariables) assertEquals(await ask({ env: { [name]: "1" } }), undefined);
  assertEquals(await ask({ env: { HOME: "" } }), undefined);
  assertEquals(await ask({ env: { HOME: "home/kim" } }), undefined);
  for (const special of Object.keys(files)) assertEquals(await ask({ special }), undefined);
});
