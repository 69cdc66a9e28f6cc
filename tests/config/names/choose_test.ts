import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { chooseNames, groupMembers } from "../../../src/config/names/choose.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { ProfileError } from "../../../src/errors.ts";
import { fakeSystem } from "../../fake_system.ts";

const roles = ["app-dev", "app-qa", "db-dev"].map((name) =>
  `[profile ${name}]\nregion = eu-west-1\n`
);
const groups = `[profile "a,b"]
region = x
[profile "odd*"]
region = x
[stsaval-group app]
profiles = app-dev, app-qa,
  db-*
[stsaval-group all]
profiles = app, app-dev
[stsaval-group "with space"]
profiles = app-qa
[stsaval-group app-dev]
profiles = db-dev
[stsaval-group commas]
profiles = a\\,b, app-qa
[stsaval-group loop]
profiles = back
[stsaval-group back]
profiles = loop, app-dev
[stsaval-group broken]
profiles = app-dve, nobody-at-all
[stsaval-group empty]
`;

function configOf(text = roles.join("") + groups) {
  return loadConfig(fakeSystem({ files: { "/home/kim/.aws/config": text } }));
}

const cases: readonly (readonly [words: readonly string[], names: readonly string[]])[] = [
  [["app-dev"], ["app-dev"]],
  [["app-qa", "app-dev", "app-qa"], ["app-qa", "app-dev"]],
  [["app-qa,app-dev", "nobody"], ["app-qa", "app-dev", "nobody"]],
  [["*-dev"], ["app-dev", "db-dev"]],
  [["app"], ["app-dev", "app-qa", "db-dev"]],
  [["all"], ["app-dev", "app-qa", "db-dev"]],
  [["app , db-dev,,"], ["app-dev", "app-qa", "db-dev"]],
  [["a,b"], ["a,b"]],
  [["a\\,b,app-dev"], ["a,b", "app-dev"]],
  [["app-dev, a\\,b"], ["app-dev", "a,b"]],
  [["a\\,c,app-dev"], ["a,c", "app-dev"]],
  [["commas"], ["a,b", "app-qa"]],
  [["odd*"], ["odd*"]],
  [["with space"], ["app-qa"]],
  // What is no list stays as it is.
  [[" app-dev "], [" app-dev "]],
  [["a\\c"], ["a\\c"]],
  [[""], [""]],
  [[], []],
];

for (const [words, names] of cases) {
  Deno.test(`chooseNames() makes ${JSON.stringify(names)} of ${JSON.stringify(words)}`, async () => {
    assertEquals(chooseNames(await configOf(), words), names);
  });
}

const failures: readonly (readonly [word: string, message: string, hint: string])[] = [
  ["*-dve", 'Cannot find a profile that matches "*-dve": none of 5 does', '"*-dev"'],
  ["zzz*", 'matches "zzz*"', "'stsaval profiles' lists"],
  ["loop", 'it holds itself: "loop" -> "back" -> "loop"', "let groups name profiles"],
  ["empty", "line 28: it names no profiles", 'add "profiles = a, b" to it'],
  ["*zzzzzz", "none of 5 does", "'stsaval profiles' lists"],
  ["brok*", "none of 5 does", 'did you mean "broken"?'],
];

for (const [word, message, hint] of failures) {
  Deno.test(`chooseNames() says why "${word}" stands for nothing`, async () => {
    const config = await configOf();
    const error = assertThrows(() => chooseNames(config, ["app-dev", word]), ProfileError);
    assertStringIncludes(error.message, message);
    assertStringIncludes(error.hint ?? "", hint);
    assertEquals(error.problems.length, 1);
  });
}

Deno.test("every member of a group that is unknown is named, with the nearest name", async () => {
  const config = await configOf();
  const { message } = assertThrows(() => groupMembers(config, "broken"), ProfileError);
  assertStringIncludes(message, '"app-dve" is no profile and no group (did you mean "app-dev"?)');
  assertStringIncludes(message, '"nobody-at-all" is no profile and no group');
});

Deno.test("a profile counts before a group of its name, and a warning says so", async () => {
  const config = await configOf();
  assertEquals(chooseNames(config, ["app-dev"]), ["app-dev"]);
  assertEquals(
    config.warnings.map(({ message }) => message),
    ['section "[stsaval-group app-dev]" ignored: a profile has that name'],
  );
});

Deno.test("groups stand in the config file, with a name and profiles only", async () => {
  const config = await loadConfig(fakeSystem({
    files: {
      "/home/kim/.aws/config": "[stsaval-group]\nprofiles = a\n[stsaval-group g]\nprofile = a\n",
      "/home/kim/.aws/credentials": "[stsaval-group h]\nprofiles = a\n",
    },
  }));
  assertEquals([...config.groups.keys()], ["g"]);
  assertEquals([...config.profiles.keys()], []);
  assertEquals(config.warnings.map(({ message }) => message), [
    'section "[stsaval-group]" ignored: a group is "[stsaval-group name]"',
    'section "[stsaval-group h]" ignored: groups of profiles stand in the config file',
    'setting ignored: "profile", a group has only "profiles"',
  ]);
});

Deno.test("groups that each hold the next one twice are looked at once, and a long row has its error", async () => {
  const row = (length: number, member: (next: string) => string) =>
    Array.from(
      { length },
      (_, index) => `[stsaval-group g${index}]\nprofiles = ${member(`g${index + 1}`)}\n`,
    ).join("") + `[stsaval-group g${length}]\nprofiles = app-dev\n`;
  const twice = await configOf(roles.join("") + row(60, (next) => `${next}, ${next}`));
  assertEquals(chooseNames(twice, ["g0"]), ["app-dev"]);
  const long = await configOf(roles.join("") + row(20_000, (next) => next));
  const { message } = assertThrows(() => chooseNames(long, ["g0"]), ProfileError);
  assertStringIncludes(message, "it is the last of more than 100 groups within each other");
});

Deno.test("groupMembers() gives what a group holds, each once, and nothing for a name that is none", async () => {
  const config = await configOf();
  assertEquals(groupMembers(config, "all"), ["app-dev", "app-qa", "db-dev"]);
  assertEquals(groupMembers(config, "commas"), ["a,b", "app-qa"]);
  assertEquals(groupMembers(config, "no-group"), []);
});

Deno.test("groupMembers() fails for one member that is unknown, and tells how to mend a group", async () => {
  const one = await configOf(`${roles.join("")}[stsaval-group g]\nprofiles = app-dev, app-dve\n`);
  const error = assertThrows(() => groupMembers(one, "g"), ProfileError);
  assertEquals(error.problems.map(({ profile, hint }) => [profile, hint]), [
    ["g", 'did you mean "app-dev"?'],
  ]);
  const far = await configOf(`${roles.join("")}[stsaval-group g]\nprofiles = nobody-at-all\n`);
  assertEquals(
    assertThrows(() => groupMembers(far, "g"), ProfileError).hint,
    "'stsaval profiles' lists the known profiles",
  );
});

Deno.test("a hundred groups within each other are looked at, and one more has its error", async () => {
  const row = (length: number) =>
    Array.from(
      { length },
      (_, index) =>
        `[stsaval-group g${index}]\nprofiles = ${
          index === length - 1 ? "app-dev" : `g${index + 1}`
        }\n`,
    ).join("");
  const hundred = await configOf(roles.join("") + row(100));
  assertEquals(chooseNames(hundred, ["g0"]), ["app-dev"]);
  const more = await configOf(roles.join("") + row(101));
  const { problems: [problem] } = assertThrows(() => chooseNames(more, ["g0"]), ProfileError);
  assertEquals([problem?.profile, problem?.hint], [
    ...["g100", "let groups name profiles, or groups that do"],
  ]);
});

Deno.test("faults are told in the order of the words and of the members", async () => {
  const config = await configOf();
  const told = assertThrows(() => chooseNames(config, ["zz*", "empty", "yy*"]), ProfileError);
  assertEquals(told.problems.map(({ profile }) => profile), ["zz*", "empty", "yy*"]);
  const { problems } = assertThrows(() => groupMembers(config, "broken"), ProfileError);
  assertEquals(problems.map(({ message }) => /member ("[^"]*")/.exec(message)?.[1]), [
    ...['"app-dve"', '"nobody-at-all"'],
  ]);
});

Deno.test("a name with several commas is one name, and a pattern may match one profile", async () => {
  const config = await configOf(`[profile "a,b,c"]\nregion = x\n${roles.join("")}`);
  assertEquals(chooseNames(config, ["a\\,b\\,c,app-dev"]), ["a,b,c", "app-dev"]);
  assertEquals(chooseNames(config, ["db*"]), ["db-dev"]);
});
