/**
 * A terminal that a test types into and looks at: a shell in tmux.
 *
 * @module
 */

/** Whether tmux is installed. */
export const hasTmux = await new Deno.Command("tmux", { args: ["-V"] }).output()
  .then(({ success }) => success, () => false);

/** A shell on a terminal of its own. */
export class Multiplexer implements AsyncDisposable {
  readonly #socket = `stsaval-${crypto.randomUUID()}`;

  /** Starts bash with just these variables. */
  static async start(
    env: Readonly<Record<string, string>>,
    { columns = 80, rows = 24 }: { readonly columns?: number; readonly rows?: number } = {},
  ): Promise<Multiplexer> {
    const made = new Multiplexer();
    const variables = Object.entries({ ...env, PS1: "ready> ", HISTFILE: "/dev/null" }).map((
      [name, value],
    ) => `${name}=${value}`);
    await made.#tmux(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-x",
      `${columns}`,
      "-y",
      `${rows}`,
      [
        ...["env", "-i", "TERM=screen", ...variables, "bash", "--norc", "--noprofile"],
      ].map((word) => `'${word}'`).join(" "),
    );
    await made.until((screen) => screen.includes("ready>"));
    return made;
  }

  /** Types text as it is. */
  type(text: string): Promise<string> {
    return this.#tmux("send-keys", "-l", text);
  }

  /** Presses keys by tmux's names, such as "Enter" and "C-c". */
  press(...keys: readonly string[]): Promise<string> {
    return this.#tmux("send-keys", ...keys);
  }

  /** What the terminal shows. */
  screen(): Promise<string> {
    return this.#tmux("capture-pane", "-p");
  }

  /** What the terminal shows, with its colors as escape sequences. */
  colors(): Promise<string> {
    return this.#tmux("capture-pane", "-p", "-e");
  }

  resize(columns: number, rows = 24): Promise<string> {
    return this.#tmux("resize-window", "-x", `${columns}`, "-y", `${rows}`);
  }

  /** The screen, once it looks like that; an error with what it shows if it does not come to that. */
  async until(looks: (screen: string) => boolean): Promise<string> {
    const deadline = Date.now() + 60_000;
    while (true) {
      const screen = await this.screen();
      if (looks(screen)) return screen;
      if (Date.now() > deadline) {
        throw new Error(`waited in vain, and the terminal shows:\n${screen}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-L", this.#socket, ...args],
      env: { LC_ALL: "C.UTF-8" },
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  }

  /** Ends the shell and whatever runs in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    // It may have ended with its last shell.
    await this.#tmux("kill-server").catch(() => {});
  }
}
