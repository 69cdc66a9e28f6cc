import { assertEquals } from "@std/assert";
import { SettingReader } from "../../src/config/setting_reader.ts";
import { configOf, configPath } from "./in_memory.ts";

async function read(lines: string, more = "") {
  const config = await configOf({ config: `[profile a]\n${lines}${more}` });
  const profile = config.profiles.get("a");
  return { profile, problems: profile?.problems ?? [], warnings: config.warnings, config };
}

function pure(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("a setting that narrows and is empty is a problem, at its place", async () => {
  for (
    const [field, name] of [["policy", "policy"], ["sourceIdentity", "source_identity"]] as const
  ) {
    for (const value of ["", "  "]) {
      const { problems, profile, warnings } = await read(`region = r\n${name} =${value}\n`);
      assertEquals(problems, [{
        field,
        message:
          `${name} of profile "a" at "${configPath}", line 3 is empty, and would narrow nothing`,
      }]);
      assertEquals(profile?.places[field], { file: configPath, line: 3 });
      assertEquals([profile?.[field], warnings], [undefined, []]);
    }
  }
  const { profile, problems } = await read("policy = s3-read\n");
  assertEquals([profile?.policy, problems], ["s3-read", []]);
});

pure(
  "other settings that are empty are ignored by rule, each with a warning, in their order",
  async () => {
    const { warnings, profile, problems } = await read("mfa_serial =\nregion =\n");
    assertEquals(warnings.map(({ message, byRule, place }) => [message, byRule, place.line]), [
      ['setting ignored: "mfa_serial" is empty', true, 2],
      ['setting ignored: "region" is empty', true, 3],
    ]);
    assertEquals([profile?.mfaSerial, profile?.region, problems], [undefined, undefined, []]);
  },
);

pure("endpoints of services are those of the section that is named", async () => {
  const section =
    "[services s]\nsts =\n  endpoint_url = http://sts\nsso =\n  endpoint_url = http://sso\n";
  const { profile, problems } = await read("services = s\n", section);
  assertEquals(problems, []);
  assertEquals([profile?.stsEndpointUrl, profile?.serviceUrls], [
    ...["http://sts", { sso: "http://sso" }],
  ]);
  const none = await read("services = s\n", "[services s]\nsts =\n  endpoint_url =\n");
  assertEquals([none.profile?.stsEndpointUrl, none.profile?.serviceUrls], [undefined, undefined]);
  const bare = await read("region = r\n", section);
  assertEquals([bare.profile?.stsEndpointUrl, bare.profile?.serviceUrls], [undefined, undefined]);
});

pure(
  "a section of services that cannot be read whole is a problem of the profile that names it",
  async () => {
    const { problems } = await read("services = s\n", "[services s]\nno setting\n");
    assertEquals(problems.length, 1);
    assertEquals(problems[0]?.field, "services");
    const start = `services of profile "a" at "${configPath}", line 2 is "s": `;
    assertEquals(problems[0]?.message.startsWith(start), true, problems[0]?.message);
    assertEquals((problems[0]?.message.length ?? 0) > start.length, true);
  },
);

pure(
  "sections of other kinds are no services, and a sign-in has what its section says",
  async () => {
    const { problems, config } = await read(
      "services = s\n",
      "[sso-session s]\nsso_start_url = https://s.example\nsso_region = r\n" +
        "sso_registration_scopes = sso:account:access\n[sso-session bare]\n",
    );
    assertEquals(problems.map(({ message }) => message), [
      `services of profile "a" at "${configPath}", line 2 is "s", wanted a [services …] section`,
    ]);
    const { place: _place, ...session } = config.ssoSessions.get("s") ?? {};
    assertEquals(session, {
      name: "s",
      startUrl: "https://s.example",
      region: "r",
      registrationScopes: "sso:account:access",
    });
    assertEquals(Object.keys(config.ssoSessions.get("bare") ?? {}).sort(), ["name", "place"]);
  },
);

pure("a problem of a setting that was not read is told at the place of its profile", () => {
  const place = { file: configPath, line: 7 };
  const reader = new SettingReader({ name: "a", place, settings: new Map(), problems: [] }, []);
  assertEquals(reader.stsEndpoint("s", new Map()), undefined);
  assertEquals(reader.problems.map(({ message }) => message), [
    `services of profile "a" at "${configPath}", line 7 is "s", wanted a [services …] section`,
  ]);
  return Promise.resolve();
});
