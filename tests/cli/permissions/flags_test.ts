import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { commandTable } from "../../../src/cli/commands.ts";
import { main } from "../../../src/cli/main.ts";
import { fakeSystem } from "../../fake_system.ts";

async function run(...words: readonly string[]) {
  const system = fakeSystem();
  const status = await main(["permissions", ...words], system);
  return { status, stdout: system.terminal.stdout, stderr: system.terminal.stderr };
}

Deno.test("permissions lists every command", async () => {
  const { stdout } = await run();
  const named = stdout.split("\n").map((line) => line.split("  ")[0]).filter((name) => name !== "");
  assertEquals(named.slice(1), Object.keys(commandTable));
});

Deno.test("permissions shows one command with the flags of Deno, for a shell", async () => {
  const { stdout } = await run("write");
  assertStringIncludes(stdout, "write    read ~/.aws\n");
  assertStringIncludes(stdout, '  "--allow-read=$HOME/.aws/config,$HOME/.aws/credentials');
  // A file is replaced by another one in its folder.
  assertStringIncludes(stdout, '  "--allow-write=$HOME/.aws,');
  assertStringIncludes(stdout, "  --allow-net=STS_HOST\n");
  const { stdout: emulator } = await run("emulator");
  assertStringIncludes(emulator, "  --allow-net=127.0.0.1\n");
});

Deno.test("permissions says it in JSON", async () => {
  const { stdout } = await run("help", "--json");
  assertEquals(JSON.parse(stdout), { help: [] });
});

Deno.test("permissions refuses what is no command, and more than one", async () => {
  assertEquals((await run("nothing")).status, 2);
  const { status, stderr } = await run("creds", "watch");
  assertEquals(status, 2);
  assert(stderr.includes('Unexpected argument "watch"'));
});

Deno.test("permissions --deno prints the line of the README", async () => {
  const { stdout } = await run("creds", "--deno");
  const readme = await Deno.readTextFile("README.md");
  assertStringIncludes(readme, `${stdout.trimEnd()} --profiles `);
});

Deno.test("permissions --deno allows what the arguments name, quoted for a shell", async () => {
  const { stdout } = await run(
    ...["exec", "--deno", "--", "--profile", "a'b", "--region", "cn-north-1", "--no-cache"],
    ...["--config-file", "~/a $b,c", "--mfa-command", "op item", "--", "aws", "s3"],
  );
  assertEquals(
    stdout,
    [
      "deno run --no-prompt",
      '"--allow-read=$HOME/a \\$b,,c,$HOME/.aws/credentials"',
      "--allow-net=sts.cn-north-1.amazonaws.com.cn:443",
      "'--allow-env=HOME,USERPROFILE,STSAVAL_PROCESS_CHAIN,SSL_CERT_FILE,HTTPS_PROXY,https_proxy,HTTP_PROXY,http_proxy,ALL_PROXY,all_proxy,NO_PROXY,no_proxy,STSAVAL_MFA_CODE,PATH,STSAVAL_CACHE_DIR,NO_COLOR,TERM,STSAVAL_PROFILE,AWS*'",
      "--allow-run=op,aws",
      "jsr:@x/stsaval/cli exec --profile 'a'\\''b' --region cn-north-1 --no-cache " +
      "--config-file '~/a $b,c' --mfa-command 'op item' -- aws s3\n",
    ].join(" \\\n  "),
  );
});

Deno.test("permissions --deno allows a host of one's own, with its port", async () => {
  const own = ["--endpoint-url", "https://sts.example.com"];
  assertStringIncludes(
    (await run("creds", "--deno", "--", ...own)).stdout,
    "--allow-net=sts.example.com:443 \\\n",
  );
  const { status, stderr } = await run("creds", "--deno", "--", "--nothing");
  assertEquals(status, 2);
  assertStringIncludes(stderr, 'Unknown option "--nothing"');
});

Deno.test("permissions wants a command for --deno, and --deno for arguments", async () => {
  const without = await run("--deno");
  assertEquals(without.status, 2);
  assertStringIncludes(without.stderr, "Cannot use --deno without a command");
  const unused = await run("creds", "--", "--profiles", "dev");
  assertEquals(unused.status, 2);
  assertStringIncludes(unused.stderr, "Cannot use arguments after -- without --deno");
});
