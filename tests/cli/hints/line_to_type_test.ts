import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { commands } from "../../../src/cli/commands.ts";
import { lineToType } from "../../../src/cli/hints/line_to_type.ts";
import { foreignOptions } from "../../../src/cli/hints/foreign_options.ts";
import { verbs } from "../../../src/cli/hints/verbs.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { fakeSystem } from "../../fake_system.ts";

const config = "[profile dev]\nregion = eu-west-1\n[stsaval-group app]\nprofiles = dev\n";
const system = fakeSystem({ files: { "/home/kim/.aws/config": config } });
const all = await commands.all();

function typed(line: string): Promise<string | undefined> {
  return lineToType(line.split(" ").filter((word) => word !== ""), { commands, system });
}

/** Holds a line to what our own parser reads; lines for other programs are left out. */
function assertReadable(line: string): void {
  const [, own] = /stsaval (.*?)(?:\)"$|$)/.exec(line) ?? [];
  if (own === undefined || own === "--version") return;
  const words = own.split(" ");
  const command = all.find(({ name }) => name === words.slice(0, 2).join(" ")) ??
    all.find(({ name }) => name === words[0]);
  assert(command !== undefined, line);
  parseArguments(command, words.slice(command.name.split(" ").length));
}

for (const { typed: line, meant, note, verbs: words } of verbs) {
  Deno.test(`'stsaval ${line}' gets '${meant}'`, async () => {
    assert(words.includes(line.split(" ")[0] ?? ""));
    const hint = await typed(line);
    assertEquals(hint, `${note === undefined ? "" : `${note}; `}type '${meant}'`);
    assertReadable(meant);
  });
}

Deno.test("no word of a neighbouring tool is a command of ours, or stands twice", () => {
  const words = verbs.flatMap(({ verbs }) => verbs);
  assertEquals(words.filter((word, index) => words.indexOf(word) !== index), []);
  assertEquals(words.filter((word) => all.some(({ name }) => name === word)), []);
});

Deno.test("every option of a neighbouring tool that has one of ours leads to one that exists", () => {
  const known = all.flatMap(({ options }) =>
    options.flatMap(({ name, alias, negated }) =>
      [name, alias].map((one) => `--${negated ? "no-" : ""}${one}`)
    )
  );
  const missing = foreignOptions.flatMap(({ ours }) => ours ?? [])
    .filter((ours) => ours !== "--no-input" && !known.includes(ours));
  assertEquals(missing, []);
});

const lines: readonly (readonly [line: string, hint: string | undefined])[] = [
  ["aws-vault exec dev -- make", "stsaval exec dev -- make"],
  ["exec dev make -j 4", "stsaval exec dev -- make -j 4"],
  ["exec -p dev make -j 4", "stsaval exec dev -- make -j 4"],
  ["exec --region eu-west-1 dev make", "stsaval exec dev --region eu-west-1 -- make"],
  ["exec -n -t 654321 dev -- make", "stsaval exec dev --mfa-code 123456 -- make"],
  ["dev make -j", "stsaval exec dev -- make -j"],
  ["dev -- make", "stsaval exec dev -- make"],
  ["app", "stsaval creds app"],
  ["unknown make", undefined],
  ["--profile dev creds --format json", "stsaval creds --profile dev --format json"],
  ["-p dev -- make", "stsaval exec -p dev -- make"],
  ["--no-cache creds dev", "stsaval creds --no-cache dev"],
  ["--help creds watch", undefined],
  ["creds --format_ json dev", "stsaval creds dev --format json"],
  ["creds --shareAwsCache dev", "stsaval creds dev --share-aws-cache"],
  ["creds -region eu-west-1 dev", "stsaval creds dev --region eu-west-1"],
  ["creds --unheard-of dev", undefined],
  ["creds dev", undefined],
  ["exec dev -- make", undefined],
  ["exec dev", undefined],
  ["profiles lst", "stsaval profiles list"],
  ["profiles grups --json", "stsaval profiles groups --json"],
  ["explian dev", "stsaval explain dev"],
  ["process --version", "stsaval --version"],
  ["profiles list --json -V", "stsaval --version"],
  ["exec --version", "stsaval --version"],
  ["exec dev make --version", "stsaval exec dev -- make --version"],
  ["exec dev --version", "stsaval --version"],
  ["exec -p dev -V -- make", "stsaval --version"],
  ["aws-vault exec dev --version", "stsaval --version"],
  ["mfa --version", "stsaval --version"],
  ["keys -V", "stsaval --version"],
  ["creds --role-session-name -V", undefined],
  ["creds --profile=-V", undefined],
  ["creds -- --version", undefined],
  ["exec dev -- make --version", undefined],
  ["logn dev --mfa-code 654321", "stsaval login dev --mfa-code 123456"],
  ["nothing-like-it", undefined],
  ["", undefined],
];

for (const [line, wanted] of lines) {
  Deno.test(`'stsaval ${line}' gets ${wanted === undefined ? "no line" : `'${wanted}'`}`, async () => {
    assertEquals(await typed(line), wanted === undefined ? undefined : `type '${wanted}'`);
    if (wanted !== undefined) assertReadable(wanted);
  });
}

Deno.test("codes, keys and passwords are not repeated", async () => {
  const key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  for (
    const line of [
      `crds dev --mfa-code 999111`,
      `crds dev --mfa-command oathtool-${key}`,
      `crds dev --mfa_command=${key}`,
      `run dev deploy --password hunter2 --token=hunter2`,
      `run dev deploy AKIAIOSFODNN7EXAMPLE ${key}`,
    ]
  ) {
    const hint = await typed(line) ?? "";
    assertStringIncludes(hint, "type '");
    for (const secret of ["999111", key, "hunter2", "AKIAIOSFODNN7EXAMPLE"]) {
      assert(!hint.includes(secret), hint);
    }
  }
});

Deno.test("a configuration that cannot be read is no obstacle to a hint", async () => {
  const broken = fakeSystem({ files: { "/home/kim/.aws/config": "nonsense" } });
  assertEquals(
    await lineToType(["crds", "dev"], { commands, system: broken }),
    "type 'stsaval creds dev'",
  );
  assertEquals(await lineToType(["dev", "make"], { commands, system: broken }), undefined);
});
