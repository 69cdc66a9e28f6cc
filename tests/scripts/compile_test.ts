import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseCompileOptions } from "../../scripts/compile.ts";
import { compileArguments } from "../../scripts/compile/arguments.ts";
import { targets, targetsOf } from "../../scripts/compile/targets.ts";
import { UsageError } from "../../src/errors.ts";

/** What `deno compile` is called with for these hosts and programs. */
function argumentsFor(chosen: { hosts?: readonly string[]; programs?: readonly string[] }) {
  return compileArguments({
    ...{
      target: "x86_64-unknown-linux-gnu",
      output: "dist/stsaval",
      folder: "bundle",
      entry: "cli.js",
    },
    facts: { hosts: [], ...chosen },
  });
}

/** The names behind `--allow-…=`. */
function granted(words: readonly string[], kind: string): readonly string[] {
  const flag = words.find((word) => word.startsWith(`--allow-${kind}=`)) ?? "";
  return flag.slice(flag.indexOf("=") + 1).split(",");
}

Deno.test("the program is granted nothing as a whole but to run programs, and never prompts", () => {
  const words = argumentsFor({});
  const flags = words.filter((word) => word.startsWith("--allow-"));
  assertEquals(flags.filter((flag) => !flag.includes("=")), ["--allow-run"]);
  assertEquals(
    flags.map((flag) => flag.split("=")[0]),
    ["--allow-read", "--allow-write", "--allow-net", "--allow-env", "--allow-sys", "--allow-run"],
  );
  assertEquals(granted(words, "sys"), ["uid", "homedir"]);
  assert(words.includes("--no-prompt") && words.includes("--no-code-cache"));
});

Deno.test("hosts are AWS's domains with the port of https, the links of machines with that of http, and this machine", () => {
  const hosts = granted(argumentsFor({}), "net");
  // deno-fmt-ignore
  const named = [
    "127.0.0.1", "localhost", "[::1]", "169.254.169.254:80", "169.254.170.2:80",
    "169.254.170.23:80", "[fd00:ec2::254]:80", "[fd00:ec2::23]:80",
  ];
  for (const host of hosts) assert(/^\*\.[\w.-]+:443$/.test(host) || named.includes(host), host);
  for (const suffix of ["amazonaws.com", "amazonaws.com.cn", "api.aws", "amazonaws.eu"]) {
    assert(hosts.includes(`*.${suffix}:443`), suffix);
  }
});

Deno.test("hosts and programs of one's own are granted by name", () => {
  const words = argumentsFor({ hosts: ["sts.example.com"], programs: ["op", "ykman"] });
  assert(granted(words, "net").includes("sts.example.com"));
  assertEquals(granted(words, "run"), ["op", "ykman"]);
});

Deno.test("parseCompileOptions() takes every target unless one is named", () => {
  assertEquals(parseCompileOptions([]).targets, targets);
  const { targets: one, out, dryRun, compiler } = parseCompileOptions([
    ...["--target", "aarch64-unknown-linux-gnu", "--out", "x", "--dry-run"],
    ...["--compiler", "npx deno@2.4.2"],
  ]);
  assertEquals({ one, out, dryRun, compiler }, {
    one: ["aarch64-unknown-linux-gnu"],
    out: "x",
    dryRun: true,
    compiler: ["npx", "deno@2.4.2"],
  });
});

Deno.test("parseCompileOptions() takes a target that is named twice once", () => {
  const target = "x86_64-apple-darwin";
  assertEquals(parseCompileOptions(["--target", target, "--target", target]).targets, [target]);
});

Deno.test("parseCompileOptions() refuses targets, hosts and programs that say more than a name", () => {
  for (
    const [words, message] of [
      [["--target", "sparc"], 'Cannot compile for "sparc"'],
      [["--allow-host", "a,b"], 'Cannot allow host "a,b"'],
      [["--allow-host", "*.com"], 'Cannot allow host "*.com"'],
      [["--allow-host", "sts.example.com:99999"], 'Cannot allow host "sts.example.com:99999"'],
      [["--allow-host", "sts.example.com:0"], 'Cannot allow host "sts.example.com:0"'],
      [["--compiler", " "], 'Cannot compile with " "'],
      [["--allow-run", "a,b"], 'Cannot allow program "a,b"'],
    ] as const
  ) {
    assertThrows(() => parseCompileOptions(words), UsageError, message);
  }
});

Deno.test("the program is granted all files from the root on, and on Windows those of every drive", () => {
  for (const target of targets) {
    const words = compileArguments({
      ...{ target, output: "dist/stsaval", folder: "bundle", entry: "cli.js" },
      facts: { hosts: [] },
    });
    for (const kind of ["read", "write"]) {
      const roots = granted(words, kind);
      if (!targetsOf("windows").includes(target)) assertEquals(roots, ["/"], target);
      else assertEquals([roots.length, roots[2], roots.at(-1)], [26, "C:\\", "Z:\\"], target);
    }
  }
});
