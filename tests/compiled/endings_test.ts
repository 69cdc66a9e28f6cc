/**
 * How the compiled program ends: signals, closed and full outputs, pipes that nobody writes, jobs of a shell, programs of
 * another user.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  type Home,
  isInstalled,
  isRoot,
  MarkReader,
  runIn,
  startIn,
} from "../peers/stsaval_process.ts";
import { openHome } from "./open_home.ts";
import { makeProgram, programTest } from "./program.ts";

const program = await makeProgram();
const dev = "DynamoDBRole-dev";
const havePython = await isInstalled("python3");

function exists(path: string): Promise<boolean> {
  return Deno.lstat(path).then(() => true, () => false);
}

async function until(isThere: () => Promise<boolean>): Promise<void> {
  while (!await isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Runs a script in the home; `$STSAVAL` is the program. */
function bash(home: Home, path: string, script: string) {
  return runIn(home, ["bash", "-c", script], { env: { STSAVAL: path } });
}

/** Starts `watch` and waits for its file. */
async function startWatch(home: Home, path: string, file: string) {
  const words = ["watch", "--profiles", dev, "--write", file, "--ephemeral"];
  const child = startIn(home, [path, ...words]);
  const target = `${home.path}/${file}`;
  await until(() => Deno.readTextFile(target).then((text) => text.includes("Secret"), () => false));
  return { child, target };
}

for (
  const [signal, status] of [
    ...[["SIGHUP", 129], ["SIGINT", 130], ["SIGQUIT", 131], ["SIGTERM", 143]] as const,
    ...[["SIGUSR1", 138], ["SIGALRM", 142]] as const,
  ]
) {
  programTest(
    program,
    `watch removes its file at ${signal} and ends with ${status}`,
    async (path) => {
      const { home } = await openHome();
      await using _ = home;
      const { child, target } = await startWatch(home, path, "live.json");
      child.kill(signal);
      const { code, stderr } = await child.output();
      await child.stdin.close();
      assertEquals(code, status, new TextDecoder().decode(stderr));
      assertEquals(await exists(target), false);
    },
  );
}

programTest(
  program,
  "watch empties what it wrote through a link, and keeps the link",
  async (path) => {
    const { home } = await openHome();
    await using _ = home;
    await Deno.mkdir(`${home.path}/kept`);
    await Deno.symlink("kept/keys.json", `${home.path}/live.json`);
    const { child, target } = await startWatch(home, path, "live.json");
    child.kill("SIGTERM");
    assertEquals((await child.output()).code, 143);
    await child.stdin.close();
    assertEquals(await exists(`${home.path}/kept/keys.json`), false);
    assertEquals((await Deno.lstat(target)).isSymlink, true);
  },
);

programTest(program, "write --remove removes what it wrote through a link", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  await Deno.rename(`${home.path}/.aws/credentials`, `${home.path}/keys`);
  const env = { AWS_SHARED_CREDENTIALS_FILE: `${home.path}/link` };
  await Deno.symlink("written", `${home.path}/link`);
  const config = await Deno.readTextFile(`${home.path}/.aws/config`);
  const keys = (await Deno.readTextFile(`${home.path}/keys`)).replace(/^\[.*\]\n/m, "");
  await Deno.writeTextFile(
    `${home.path}/.aws/config`,
    config.replace("[profile IAM_USER1]\n", `$&${keys}`),
  );
  const written = await runIn(home, [path, "write", "--profiles", dev], { env });
  assertEquals(written.code, 0, written.stderr);
  assertStringIncludes(await Deno.readTextFile(`${home.path}/written`), `[sts-${dev}]`);
  const removed = await runIn(home, [path, "write", "--remove"], { env });
  assertEquals(removed.code, 0, removed.stderr);
  assertStringIncludes(removed.stderr, `Removed [sts-${dev}]`);
  assertEquals(await exists(`${home.path}/written`), false);
  assertEquals((await Deno.lstat(`${home.path}/link`)).isSymlink, true);
});

programTest(program, "watch removes its file when its reader has gone, silently", async (path) => {
  const { home, sts } = await openHome({ roleSeconds: 3 });
  await using _ = home;
  const script = `set -o pipefail
    "$STSAVAL" watch --profiles ${dev} --write live.json --ephemeral 2>err | head -n 1 >/dev/null
    echo $?`;
  const { stdout } = await bash(home, path, script);
  assertEquals(stdout, "141\n");
  assert(sts.count("AssumeRole") >= 2, "it was renewed before it ended");
  assertEquals(await exists(`${home.path}/live.json`), false);
  const said = await Deno.readTextFile(`${home.path}/err`);
  assertEquals(/\bat \S+:\d|error|Cannot/i.test(said), false, said);
});

programTest(
  program,
  "watch removes its file although standard error is full or closed",
  async (path) => {
    const { home } = await openHome();
    await using _ = home;
    for (const redirection of ["2>/dev/full", "2>&-", "2> >(true)"]) {
      const script =
        `"$STSAVAL" watch --profiles ${dev} --write live.json --ephemeral >/dev/null ${redirection} &
      pid=$!; until [ -s live.json ]; do sleep 0.05; done; kill -TERM $pid; wait $pid; echo $?`;
      assertEquals((await bash(home, path, script)).stdout, "143\n", redirection);
      assertEquals(await exists(`${home.path}/live.json`), false, redirection);
    }
  },
);

programTest(program, "a named pipe is read as a file is, by every command", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  const before = `mkfifo c k; cat .aws/config > c & cat .aws/credentials > k &
    export AWS_CONFIG_FILE=c AWS_SHARED_CREDENTIALS_FILE=k;`;
  for (
    const [words, said] of [
      ["profiles", dev],
      [`explain ${dev}`, "AssumeRole"],
      [`process --profile ${dev} --no-cache`, "SessionToken"],
      [`env --profile ${dev} --no-cache`, "AWS_SECRET"],
      [`exec --profile ${dev} -- env`, "AWS_SECRET"],
    ] as const
  ) {
    const { code, stdout, stderr } = await bash(home, path, `${before} "$STSAVAL" ${words}`);
    assertEquals(code, 0, `${words}: ${stderr}`);
    assertStringIncludes(stdout, said);
    await Deno.remove(`${home.path}/c`);
    await Deno.remove(`${home.path}/k`);
  }
});

programTest(
  program,
  "what a shell makes for <(…), and standard input, are read as a file is",
  async (path) => {
    const { home } = await openHome();
    await using _ = home;
    const config = "--config-file <(cat .aws/config)";
    const words = `process --profile ${dev} ${config} --credentials-file <(cat .aws/credentials)`;
    const substituted = await bash(home, path, `"$STSAVAL" ${words}`);
    assertEquals(substituted.code, 0, substituted.stderr);
    const piped = `cat .aws/config | "$STSAVAL" profiles --config-file /dev/stdin`;
    assertStringIncludes((await bash(home, path, piped)).stdout, dev);
    assertEquals((await bash(home, path, `"$STSAVAL" profiles --config-file /dev/null`)).code, 0);
  },
);

for (const [signal, status] of [["INT", 130], ["TERM", 143], ["HUP", 129]] as const) {
  programTest(program, `SIG${signal} ends a command that waits for a pipe`, async (path) => {
    const { home } = await openHome();
    await using _ = home;
    for (const words of ["profiles", `creds --profiles ${dev}`, `exec --profile ${dev} -- true`]) {
      // Job control gives the background its own SIGINT.
      const script = `set -m; rm -f c; mkfifo c; AWS_CONFIG_FILE=c "$STSAVAL" ${words} & pid=$!
        sleep 0.7; kill -${signal} $pid; wait $pid; echo $?`;
      assertEquals((await bash(home, path, script)).stdout, `${status}\n`, words);
    }
  });
}

programTest(program, "a signal ends a command whose output stands still", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  const many = Array.from({ length: 3_000 }, (_, index) => `[profile p${index}]\nregion = x\n`);
  await Deno.writeTextFile(`${home.path}/many`, many.join(""));
  const words = ["profiles", "--json", "--config-file", "many"];
  for (const [signal, status] of [["SIGINT", 130], ["SIGHUP", 129]] as const) {
    const child = startIn(home, [path, ...words]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    child.kill(signal);
    const { code } = await child.status;
    assertEquals(code, status);
    await Promise.all([child.stdin.close(), child.stdout.cancel(), child.stderr.cancel()]);
  }
});

programTest(program, "a reader that has gone is no error", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  const ended = async (words: string) => {
    const script = `"$STSAVAL" ${words} | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await bash(home, path, script);
    return [stdout, stderr];
  };
  for (const words of ["profiles", "profiles --json", "help", "--version", "completion bash"]) {
    // The reader may still be there when a short text is written.
    assertMatch((await ended(words)).join("|"), /^(?:141|0)\n\|$/);
  }
  const late = `{ sleep 0.3; exec "$STSAVAL" profiles; } | exec true; echo "\${PIPESTATUS[0]}"`;
  assertEquals(await bash(home, path, late), { code: 0, stdout: "141\n", stderr: "" });
  const cached = `"$STSAVAL" process --profile ${dev} >/dev/null
    { sleep 0.3; exec "$STSAVAL" process --profile ${dev}; } | exec true; echo "\${PIPESTATUS[0]}"`;
  assertEquals(await bash(home, path, cached), { code: 0, stdout: "141\n", stderr: "" });
});

programTest(
  program,
  "a log that cannot be written changes no exit code, a result that cannot does",
  async (path) => {
    const { home } = await openHome();
    await using _ = home;
    for (
      const [script, status] of [
        [`"$STSAVAL" explain nope 2>/dev/full`, 4],
        [`"$STSAVAL" explain nope 2>&-`, 4],
        [`"$STSAVAL" --nothing 2>/dev/full`, 2],
        [`"$STSAVAL" creds --profiles ${dev} --verbose 2>/dev/full >/dev/null`, 0],
        [`"$STSAVAL" profiles >/dev/full`, 1],
        [`"$STSAVAL" process --profile ${dev} >/dev/full`, 1],
        [`"$STSAVAL" profiles >/dev/full 2>/dev/full`, 1],
        // The runtime opens /dev/null in the place of what is closed.
        [`"$STSAVAL" profiles >&-`, 0],
      ] as const
    ) {
      const { code, stderr } = await bash(home, path, script);
      assertEquals(code, status, `${script}: ${stderr}`);
      if (status === 1 && !script.includes("2>")) {
        assertEquals(
          stderr,
          "stsaval: Cannot write the result: no space left on device\n",
        );
      }
    }
    const json = await bash(home, path, `"$STSAVAL" profiles --json >/dev/full`);
    assertStringIncludes(json.stderr, '{"error":{"code":"FAILED"');
  },
);

programTest(
  havePython ? program : { missing: "python3 is not installed" },
  "a shell that exec runs can be suspended, and its parent gets its prompt back",
  async (path) => {
    const { home } = await openHome();
    await using _ = home;
    const exec = `PS1='INN''ER> ' ${path} exec --profile ${dev} -- bash --norc --noprofile`;
    const steps = [
      [exec, "INNER> "],
      ["suspend -f", "OUTER> "],
      ["jobs -l", "Stopped"],
      ["fg", "INNER> "],
      ["echo back$((1 + 1))", "back2"],
      ["suspend -f", "OUTER> "],
      ["fg", "INNER> "],
      ["exit 9", "OUTER> "],
      ["echo status$?", "status9"],
    ];
    const script = new URL("./job_control.py", import.meta.url).pathname;
    const { code, stderr } = await runIn(home, ["python3", script, JSON.stringify(steps)]);
    assertEquals(code, 0, stderr);
  },
);

programTest(program, "stsaval stops with its program and continues it", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  const script = `"$STSAVAL" exec --profile ${dev} -- sh -c 'kill -STOP $$; echo resumed; exit 6' &
    pid=$!
    until grep -q '^State:.T' /proc/$pid/status; do sleep 0.05; done
    echo stopped; kill -CONT $pid; wait $pid; echo $?`;
  const { stdout, stderr } = await bash(home, path, script);
  assertEquals([stdout, stderr], ["stopped\nresumed\n6\n", ""]);
});

programTest(program, "a signal for stsaval alone stops neither", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  const child = startIn(home, [
    path,
    "exec",
    "--profile",
    dev,
    "--",
    "sh",
    "-c",
    "echo ready; read x",
  ]);
  await using stdout = new MarkReader(child.stdout);
  await stdout.until("ready\n");
  child.kill("SIGCONT");
  await child.stdin.close();
  assertEquals((await child.status).code, 1);
  await child.stderr.cancel();
});

programTest(
  await isRoot() && await isInstalled("setpriv")
    ? program
    : { missing: "it needs root and setpriv" },
  "a program of another user that no signal reaches is waited for, and no error is thrown",
  async (path) => {
    const { home } = await openHome();
    await using _ = home;
    // As sudo does: the program becomes root, who is nobody's to send a signal to.
    const sudo = `${home.path}/sudo`;
    await Deno.copyFile("/usr/bin/setpriv", sudo);
    await Deno.chmod(sudo, 0o4755);
    const owned = await new Deno.Command("chown", { args: ["-R", "65534", `${home.path}/.aws`] })
      .output();
    assert(owned.success);
    await Deno.chmod(home.path, 0o755);
    const inner = [sudo, "--reuid=0", "sh", "-c", "echo ready; read line; exit 7"];
    const child = startIn(home, [
      ...["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
      ...[path, "exec", "--profile", dev, "--", ...inner],
    ]);
    await using stdout = new MarkReader(child.stdout);
    await using stderr = new MarkReader(child.stderr);
    await stdout.until("ready\n");
    child.kill("SIGTERM");
    assertStringIncludes(
      await stderr.until("\n"),
      `warning: cannot forward SIGTERM to "${sudo}": it runs as another user`,
    );
    await child.stdin.close();
    assertEquals((await child.status).code, 7);
    assertEquals(/\bat \S+:\d/.test(await stderr.until()), false);
  },
);
