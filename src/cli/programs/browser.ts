/**
 * The user's browser: a shell, started before this program gives up the permission to run others, that opens pages whose
 * addresses begin as announced, and no others.
 *
 * @module
 */

import type { Browser, Clock, Helper, Helpers } from "../../system.ts";

/**
 * Its words are how addresses may begin. It prints `yes` or `no`: whether there is a browser with a display; then for each
 * line that it reads `yes` or `no`: whether it opened that page. What it opens outlives it. `BROWSER` is taken where it
 * names one program, which needs no display: an editor that shows pages of this machine elsewhere sets it.
 */
export const browserScript = `
own=\${BROWSER%%:*}
case \${own##*/} in *[[:space:]%]* | w3m* | lynx* | links* | elinks* | www-browser) own= ;; esac
usual=
case $(uname -s) in
  Darwin) usual=open ;;
  *) if [ -n "$DISPLAY$WAYLAND_DISPLAY$WSL_DISTRO_NAME" ]; then usual='wslview xdg-open'; fi ;;
esac
opener=
for program in "$own" $usual; do
  if [ -n "$program" ] && command -v -- "$program" >/dev/null; then opener=$program; break; fi
done
if [ -n "$opener" ]; then echo yes; else echo no; fi
while IFS= read -r url; do
  answer=no
  for start do
    case $url in "$start"*) if [ -n "$opener" ]; then answer=yes; fi ;; esac
  done
  if [ $answer = yes ]; then
    (trap '' HUP; exec "$opener" "$url") </dev/null >/dev/null 2>&1 &
  fi
  echo $answer
done
`;

/** Only what an address is made of: no blank, quote, backslash or control character. */
const address = /^https?:\/\/[\w.~:/?#[\]@!$&()*+,;=%-]+$/;

/** How long the shell may take to end when the program does. */
const closeMs = 1_000;

/** A browser that a shell opens pages in. */
export class HelperBrowser implements Browser {
  readonly #helper: Helper;
  readonly #lines: AsyncIterator<string>;
  #isHere: Promise<boolean> | undefined;

  /** Starts the shell; `starts` are how addresses may begin. */
  constructor(helpers: Helpers, starts: readonly string[]) {
    this.#helper = helpers.start(browserScript, starts);
    this.#lines = linesOf(this.#helper.stdout);
  }

  isHere(): Promise<boolean> {
    return this.#isHere ??= this.#answer();
  }

  async open(url: string): Promise<boolean> {
    if (!address.test(url) || !await this.isHere()) return false;
    void this.#helper.send(`${url}\n`);
    return await this.#answer();
  }

  /** Ends the shell; the browser stays. */
  async close(clock: Clock): Promise<void> {
    await this.#helper.close();
    const done = new AbortController();
    const overdue = clock.sleep(closeMs, { signal: done.signal, keepAlive: false }).catch(() => {});
    await Promise.race([this.#helper.exit, overdue]);
    done.abort();
  }

  async #answer(): Promise<boolean> {
    const { value } = await this.#lines.next();
    return value === "yes";
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of stream) {
    const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
