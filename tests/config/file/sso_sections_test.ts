import { assertEquals } from "@std/assert";
import { addSsoProfiles, type SsoProfilesRequest } from "../../../src/config/file/sso_sections.ts";

const admin = { accountId: "111111111111", accountName: "One", roleName: "Admin" };
const audit = { accountId: "222222222222", accountName: "Two", roleName: "Audit" };

function request(parts: Partial<SsoProfilesRequest> = {}): SsoProfilesRequest {
  return {
    session: "corp",
    roles: [admin, audit],
    nameOf: ({ accountName, roleName }) => `${accountName}-${roleName}`,
    region: undefined,
    prune: false,
    ...parts,
  };
}

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const byHand = `# mine
[profile  one ]  ; by hand
sso_session=corp
  sso_account_id   = 111111111111
sso_role_name = Admin
region = eu-west-1

# about the session
[sso-session corp]
sso_start_url = https://x
`;

pure("addSsoProfiles() adds what is missing at the end, and leaves every other byte", () => {
  const { text, added, kept } = addSsoProfiles(byHand, request());
  assertEquals([added, kept], [["Two-Audit"], ["one"]]);
  assertEquals(
    text,
    `${byHand}
[profile Two-Audit]
# added by 'stsaval sso profiles'
sso_session = corp
sso_account_id = 222222222222
sso_role_name = Audit
`,
  );
  assertEquals(addSsoProfiles(text, request()).text, text, "a second time changes nothing");
});

pure("addSsoProfiles() keeps the line ends of the file, and ends a last line that is open", () => {
  const text = addSsoProfiles("[default]\r\nregion = x", request({ roles: [admin] })).text;
  assertEquals(text.replaceAll("\r\n", "").includes("\n"), false);
  assertEquals(text.startsWith("[default]\r\nregion = x\r\n\r\n[profile One-Admin]\r\n"), true);
  assertEquals(addSsoProfiles("", request({ roles: [admin] })).text.startsWith("[profile"), true);
});

pure("addSsoProfiles() removes with prune only what it added, hand edits in it included", () => {
  const before = addSsoProfiles(byHand, request()).text;
  const edited = before.replace("= Audit\n", "= Audit\noutput = json # mine\n");
  const gone = addSsoProfiles(edited, request({ roles: [] }));
  assertEquals([gone.text, gone.gone, gone.removed], [edited, ["Two-Audit"], []]);
  const pruned = addSsoProfiles(edited, request({ roles: [], prune: true }));
  assertEquals(pruned.removed, ["Two-Audit"]);
  assertEquals(pruned.text, byHand);
  assertEquals(pruned.diff[0], "-[profile Two-Audit]");
});

pure("addSsoProfiles() touches no profile of another session", () => {
  const other = addSsoProfiles("", request({ session: "other" })).text;
  const { text, removed } = addSsoProfiles(other, request({ roles: [], prune: true }));
  assertEquals([text, removed], [other, []]);
});

pure("addSsoProfiles() gives a name that is taken the account behind it", () => {
  const taken = "[profile One-Admin]\nregion = x\n";
  const twin = { ...admin, accountId: "333333333333" };
  const { added } = addSsoProfiles(taken, request({ roles: [admin, twin, twin] }));
  assertEquals(added, [
    "One-Admin-111111111111",
    "One-Admin-333333333333",
    "One-Admin-333333333333-2",
  ]);
});

pure("addSsoProfiles() shows what it adds as a diff, with the region where one is wanted", () => {
  const { diff } = addSsoProfiles("", request({ roles: [admin], region: "eu-west-1" }));
  assertEquals(diff, [
    "+[profile One-Admin]",
    "+# added by 'stsaval sso profiles'",
    "+sso_session = corp",
    "+sso_account_id = 111111111111",
    "+sso_role_name = Admin",
    "+region = eu-west-1",
  ]);
});
