import { assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import { StsError, StsUnreachableError } from "../../src/errors.ts";
import { bench, credentialsXml, endpoint, readCredentials, refusal, xml } from "./handmade.ts";
import { sdkVariables } from "./sdk_variables.ts";

const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJrdWJlIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg";
const call = {
  endpoint,
  roleArn: "arn:aws:iam::111122223333:role/Deploy",
  roleSessionName: "sts-prod",
  webIdentityToken: token,
  profile: "prod",
};
const role = () => xml(credentialsXml("AssumeRoleWithWebIdentity"));

/** What the SDK looks at when it is loaded; keys in the environment are not among it. */
const permissions: Deno.PermissionOptionsObject = {
  env: sdkVariables,
};

function webIdentityTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions, fn });
}

webIdentityTest("assumeRoleWithWebIdentity() sends the token and no signature", async () => {
  const { sts, bodies, requests } = bench(role);
  assertEquals(await sts.assumeRoleWithWebIdentity(call), readCredentials);
  assertEquals(Object.fromEntries(bodies[0] ?? []), {
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: call.roleArn,
    RoleSessionName: "sts-prod",
    WebIdentityToken: token,
  });
  const headers = [...requests[0]?.headers.keys() ?? []];
  assertEquals(headers.filter((name) => /^authorization$|^x-amz-(?!user-agent)/.test(name)), []);
});

webIdentityTest(
  "assumeRoleWithWebIdentity() sends a duration only where there is one",
  async () => {
    const { sts, bodies } = bench(role);
    await sts.assumeRoleWithWebIdentity({ ...call, durationSeconds: 7_200 });
    assertEquals(bodies[0]?.get("DurationSeconds"), "7200");
  },
);

for (const code of ["InvalidIdentityToken", "IDPCommunicationError"]) {
  webIdentityTest(`assumeRoleWithWebIdentity() tries again after ${code}`, async () => {
    const { sts, clock, requests } = bench((_, turn) =>
      turn < 3 ? refusal(code, "No OpenIDConnect provider found in your account") : role()
    );
    const made = sts.assumeRoleWithWebIdentity(call);
    await clock.runUntil(made);
    assertEquals((await made).AccessKeyId, readCredentials.AccessKeyId);
    assertEquals(requests.length, 3);
  });
}

for (
  const [status, code] of [
    [400, "ExpiredTokenException"],
    [403, "IDPRejectedClaim"],
    [403, "AccessDenied"],
    [400, "ValidationError"],
  ] as const
) {
  webIdentityTest(`assumeRoleWithWebIdentity() gives up at once after ${code}`, async () => {
    const { sts, requests } = bench(() => refusal(code, `refused ${token}`, status));
    const error = await assertRejects(() => sts.assumeRoleWithWebIdentity(call), StsError);
    assertEquals(requests.length, 1);
    assertEquals(error.awsCode, code);
    assertStringIncludes(
      error.message,
      `Cannot assume role "${call.roleArn}" for profile "prod" with a web identity token: ${code}: refused ****`,
    );
    assertEquals(error.message.includes(token), false);
  });
}

webIdentityTest(
  "assumeRoleWithWebIdentity() says what to do where STS knows no provider",
  async () => {
    const { sts, clock, requests } = bench(() =>
      refusal(
        "InvalidIdentityToken",
        "No OpenIDConnect provider found in your account for https://x",
      )
    );
    const made = sts.assumeRoleWithWebIdentity(call).catch((error: unknown) => error);
    await clock.runUntil(made);
    const error = await made;
    assertInstanceOf(error, StsError);
    assertEquals(requests.length, 3);
    assertStringIncludes(error.message, "tried 3 times");
    assertStringIncludes(error.hint ?? "", "IAM OIDC provider");
  },
);

webIdentityTest(
  "assumeRoleWithWebIdentity() blames no proxy where AWS cannot read the provider's keys",
  async () => {
    const { sts, clock } = bench(() => refusal("IDPCommunicationError", "cannot reach it"));
    const made = sts.assumeRoleWithWebIdentity(call).catch((error: unknown) => error);
    await clock.runUntil(made);
    const error = await made;
    assertInstanceOf(error, StsUnreachableError);
    assertStringIncludes(error.hint ?? "", "openid-configuration");
  },
);
