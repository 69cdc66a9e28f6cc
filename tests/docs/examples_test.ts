/**
 * The examples that are files for other programs: their command lines are run as in the pages. Those that are programs
 * themselves are run in `tests/peers/examples_test.ts`.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { load } from "js-yaml";
import { commandsIn, linesOf, stsavalWords } from "./shell_lines.ts";
import { githubRequestToken } from "./home.ts";
import { readPage } from "./pages.ts";
import { type PageRunner, startPage } from "./run_page.ts";

const read = (path: string) => Deno.readTextFile(`examples/${path}`);

/** Runs the lines of stsaval among these, one after another; what the last one has shown. */
async function runLines(lines: readonly string[], runner: PageRunner): Promise<string> {
  let last = "";
  for (const line of lines) {
    for (const words of commandsIn(line)) {
      const own = stsavalWords(words);
      if (own === undefined) continue;
      const { shown, status } = await runner.run(own);
      assertEquals(status, 0, `${line}\n${shown}`);
      last = shown;
    }
  }
  return last;
}

Deno.test("the job of GitHub gets its roles, and runs a program with one", async () => {
  const page = await readPage("examples/github_job/README.md");
  const runner = await startPage(page, {
    files: { "/home/kim/roles.ini": await read("github_job/roles.ini") },
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://run.actions.githubusercontent.com/github/idtoken",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: githubRequestToken,
    },
  });
  const workflow = load(await read("github_job/workflow.yaml")) as {
    readonly jobs: { readonly deploy: { readonly steps: readonly { readonly run?: string }[] } };
  };
  const lines = workflow.jobs.deploy.steps.flatMap(({ run = "" }) => linesOf(run))
    .filter((line) => line.startsWith("stsaval "))
    .map((line) => line.replaceAll("roles.ini", "/home/kim/roles.ini"));
  assertEquals(lines.length, 2);
  await runLines(lines, runner);
});

Deno.test("every profile that Terraform's plan names gets credentials, with one code", async () => {
  const config = await read("terraform/config.ini");
  const page = await readPage("examples/terraform/README.md");
  const block = { language: "ini", text: config, line: 1 };
  const runner = await startPage({ ...page, blocks: [block] });
  const named = [...(await read("terraform/main.tf")).matchAll(/profile += "(.*)"/g)]
    .map(([, name = ""]) => name);
  assertEquals(new Set(named).size, 12);
  await runLines(["stsaval login network"], runner);
  for (const name of named) {
    const section = config.split(`[profile ${name}]`)[1] ?? "";
    const [, line = ""] = /^\ncredential_process = (.*)/.exec(section) ?? [];
    const { Version, Expiration } = JSON.parse(await runLines([`${line} --no-input`], runner));
    assertEquals(Version, 1);
    assertMatch(Expiration, /^2026-01-01T01:/);
  }
});

Deno.test("the commands of the agent's settings give what it wants", async () => {
  const runner = await startPage(await readPage("examples/agent/README.md"));
  const settings = JSON.parse(await read("agent/settings.json"));
  await runLines([settings.awsAuthRefresh], runner);
  const { Credentials } = JSON.parse(await runLines([settings.awsCredentialExport], runner));
  assert(Credentials.SessionToken.length > 0);
});
