/**
 * What docs/prompt.md says, in the shells that it names and in tmux.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { isInstalled } from "./stsaval_process.ts";
import { hasTmux, Multiplexer } from "./terminal_multiplexer.ts";

const page = await Deno.readTextFile(new URL("../../docs/prompt.md", import.meta.url));

/** The first block of code below a title. */
function blockOf(title: string): string {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? "";
  const [, block = ""] = /```\w+\n([^]*?)```/.exec(section) ?? [];
  if (block === "") throw new Error(`docs/prompt.md has no code for ${title}`);
  return block;
}

/** A folder with a `stsaval` that says what the real one says; its line is under test in the transcripts. */
async function makeFolder(line: string) {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-prompt-" });
  await Deno.writeTextFile(
    `${folder}/stsaval`,
    '#!/bin/sh\n[ "$*" = "status --format prompt" ] || exit 9\n' +
      `printf '%s' '${line === "" ? "" : `${line}\n`}'\n`,
    { mode: 0o755 },
  );
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** The prompt that a shell shows with these lines in its file: `$SHELL ARGUMENTS` prints it. */
async function promptOf(words: readonly string[], line: string): Promise<string> {
  const made = await makeFolder(line);
  await using _made = made;
  const [program = "", ...args] = words;
  const { stdout, stderr } = await new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { HOME: made.folder, PATH: `${made.folder}:/usr/bin:/bin`, TERM: "dumb" },
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  return new TextDecoder().decode(stdout);
}

/** Each shell, how it shows its prompt, and what that is around the line. */
const shells = {
  bash: ["bash", "-c", `PS1='$ '\n${blockOf("bash")}\nprintf '%s' "\${PS1@P}"`],
  zsh: ["zsh", "-fc", `PROMPT='$ '\n${blockOf("zsh")}\nprint -Pn -- "$PROMPT"`],
  fish: ["fish", "--no-config", "-c", `${blockOf("fish")}\nfish_right_prompt`],
} as const;

for (const [shell, words] of Object.entries(shells)) {
  const ignore = !await isInstalled(shell);
  Deno.test({
    name: `the prompt of ${shell} is as docs/prompt.md says${
      ignore ? `, skipped: ${shell} is not installed` : ""
    }`,
    ignore,
    async fn() {
      const around = (line: string) => shell === "fish" ? `${line}\n` : `(${line}) $ `;
      for (const line of ["dev 43m", "3 profiles expired", "50% dev 1h59m"]) {
        assertEquals(await promptOf(words, line), around(line));
      }
      assertEquals(await promptOf(words, ""), shell === "fish" ? "" : "$ ");
    },
  });
}

Deno.test({
  name: `the status line of tmux is as docs/prompt.md says${
    hasTmux ? "" : ", skipped: tmux is not installed"
  }`,
  ignore: !hasTmux,
  async fn() {
    const made = await makeFolder("3 profiles 43m");
    await using _made = made;
    const { folder } = made;
    await Deno.writeTextFile(`${folder}/inner.conf`, blockOf("tmux"));
    const terminal = await Multiplexer.start({ PATH: `${folder}:/usr/bin:/bin`, HOME: folder });
    await using _terminal = terminal;
    // A tmux in a tmux, whose own status line is then on the screen.
    const socket = `inner-${Deno.pid}`;
    await terminal.type(`unset TMUX; tmux -L ${socket} -f ${folder}/inner.conf new cat`);
    await terminal.press("Enter");
    try {
      const screen = await terminal.until((text) => text.includes("43m"));
      assertStringIncludes(screen, "3 profiles 43m ");
    } finally {
      await new Deno.Command("tmux", { args: ["-L", socket, "kill-server"] }).output();
    }
  },
});
