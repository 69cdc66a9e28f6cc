import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { Credentials } from "../../src/credentials.ts";
import { StsError, StsUnreachableError, UsageError } from "../../src/errors.ts";
import { VirtualClock } from "../fake_system.ts";
import { settle } from "../settle.ts";
import {
  bench,
  credentialsXml,
  endpoint,
  identityXml,
  readCredentials,
  refusal,
  userKeys,
  xml,
} from "./handmade.ts";
import { sdkVariables } from "./sdk_variables.ts";

const keys = userKeys;
const mfa = { serial: "arn:aws:iam::111122223333:mfa/kim", code: "123456" };
const sessionCall = { keys, endpoint, durationSeconds: 18_000, mfa };
const roleCall = {
  keys,
  endpoint,
  roleArn: "arn:aws:iam::111122223333:role/Deploy",
  roleSessionName: "sts-prod",
  durationSeconds: 3_600,
  profile: "prod",
};
const session = () => xml(credentialsXml("GetSessionToken"));
const role = () => xml(credentialsXml("AssumeRole"));

/** What the SDK looks at when it is loaded and when a client is made. Nothing else is allowed in these tests. */
const permissions: Deno.PermissionOptionsObject = {
  env: sdkVariables,
};

function clientTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions, fn });
}

clientTest(
  "getSessionToken() sends the duration and the MFA code, and reads the credentials",
  async () => {
    const { sts, bodies } = bench(session);
    assertEquals(await sts.getSessionToken(sessionCall), readCredentials);
    assertEquals(Object.fromEntries(bodies[0] ?? []), {
      Action: "GetSessionToken",
      Version: "2011-06-15",
      DurationSeconds: "18000",
      SerialNumber: mfa.serial,
      TokenCode: "123456",
    });
  },
);

clientTest("assumeRole() sends what it was given and nothing else", async () => {
  const { sts, bodies } = bench(role);
  assertEquals(await sts.assumeRole(roleCall), readCredentials);
  await sts.assumeRole({ ...roleCall, externalId: "outside", mfa });
  const plain = {
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: roleCall.roleArn,
    RoleSessionName: "sts-prod",
    DurationSeconds: "3600",
  };
  assertEquals(bodies.map((body) => Object.fromEntries(body)), [
    plain,
    { ...plain, ExternalId: "outside", SerialNumber: mfa.serial, TokenCode: "123456" },
  ]);
});

clientTest("getCallerIdentity() reads who it is", async () => {
  const { sts } = bench(() => xml(identityXml));
  assertEquals(await sts.getCallerIdentity({ keys, endpoint }), {
    account: "111122223333",
    arn: "arn:aws:iam::111122223333:user/kim",
    userId: "AIDAEXAMPLE",
  });
});

clientTest("every call is signed for the region with the time of the clock port", async () => {
  const { sts, requests } = bench(session);
  await sts.getSessionToken({ ...sessionCall, keys: { ...keys, sessionToken: "old==" } });
  const [request] = requests;
  assertEquals(request?.url, "https://sts.eu-west-1.amazonaws.com/");
  assertEquals(request?.redirect, "manual");
  assertEquals(request?.headers.get("x-amz-date"), "20260101T000000Z");
  assertEquals(request?.headers.get("x-amz-security-token"), "old==");
  assertMatch(request?.headers.get("user-agent") ?? "", /^stsaval\/\d/);
  assertMatch(
    request?.headers.get("authorization") ?? "",
    /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLEEXAMPLE7Q\/20260101\/eu-west-1\/sts\/aws4_request, /,
  );
});

clientTest("every call goes to the endpoint that the settings say", async () => {
  const { sts, requests } = bench(session);
  await sts.getSessionToken({
    ...sessionCall,
    endpoint: { region: "eu-west-1", legacyGlobal: true },
  });
  await sts.getSessionToken({ ...sessionCall, endpoint: { region: "cn-north-1", useFips: true } });
  await sts.getSessionToken({ ...sessionCall, endpoint: { endpointUrl: "http://[::1]:5000/sts" } });
  assertEquals(requests.map(({ url }) => url), [
    "https://sts.amazonaws.com/",
    "https://sts-fips.cn-north-1.amazonaws.com.cn/",
    "http://[::1]:5000/sts/",
  ]);
  assertStringIncludes(requests[0]?.headers.get("authorization") ?? "", "/us-east-1/sts/");
});

clientTest("settings that cannot be are a UsageError before anything is sent", async () => {
  const { sts, requests } = bench(session);
  const call = { ...sessionCall, endpoint: { endpointUrl: "http://127.0.0.1:1", useFips: true } };
  await assertRejects(() => sts.getSessionToken(call), UsageError, "FIPS and custom endpoint");
  assertEquals(requests.length, 0);
});

clientTest("a refusal is an StsError at the first attempt", async () => {
  const { sts, requests } = bench(() =>
    refusal(
      "AccessDenied",
      "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
      403,
      { "x-amzn-requestid": "id-of-header" },
    )
  );
  const error = await assertRejects(() => sts.getSessionToken(sessionCall), StsError);
  assertEquals(error.awsCode, "AccessDenied");
  assertEquals(error.requestId, "id-of-header");
  assertEquals(error.hint, "wait for the next code on your device, then try again");
  assertEquals(requests.length, 1);
});

clientTest("a refusal's request id is found in the body where the header is missing", async () => {
  const { sts } = bench(() => refusal("AccessDenied", "no", 403));
  const error = await assertRejects(() => sts.assumeRole(roleCall), StsError);
  assertEquals(error.requestId, "id-of-body");
});

clientTest("throttling is waited out although it is a 400, and each wait is logged", async () => {
  const { sts, clock, lines } = bench((_, turn) =>
    turn < 3 ? refusal("Throttling", "Rate exceeded") : role()
  );
  const found = await clock.runUntil(sts.assumeRole(roleCall));
  assertEquals(found.AccessKeyId, readCredentials.AccessKeyId);
  assertEquals(lines.length, 2);
  assertMatch(lines[0] ?? "", /^debug carryOut: AssumeRole again in \d+ ms: Throttling$/);
});

clientTest("outages and broken connections are tried three times, or as often as set", async () => {
  const answers = [
    () => refusal("InternalFailure", "An internal error", 500),
    () => new Response("bad gateway", { status: 502 }),
    () => Promise.reject(new TypeError("connection closed before message completed")),
  ];
  for (const answer of answers) {
    for (const maxAttempts of [undefined, 1]) {
      const { sts, clock, requests } = bench(answer, { maxAttempts });
      const call = clock.runUntil(sts.assumeRole(roleCall));
      await assertRejects(
        () => call,
        StsUnreachableError,
        maxAttempts === 1 ? ":" : "tried 3 times",
      );
      assertEquals(requests.length, maxAttempts ?? 3);
    }
  }
});

clientTest("an attempt without an answer ends after the time limit", async () => {
  const { sts, clock, requests } = bench(
    ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    { timeoutMs: 2_000, maxAttempts: 2 },
  );
  const start = clock.now();
  const call = clock.runUntil(sts.assumeRole(roleCall));
  const error = await assertRejects(() => call, StsUnreachableError);
  assertStringIncludes(error.message, "no response within 2 s, tried 2 times");
  assertEquals(error.awsCode, "timeout");
  assert(clock.now() - start >= 4_000);
  assertEquals(requests.map(({ signal }) => signal.aborted), [true, true]);
  assertEquals(clock.sleeping, 0);
});

clientTest("an answer whose body never ends runs into the time limit too", async () => {
  const { sts, clock } = bench(() => new Response(new ReadableStream()), { maxAttempts: 1 });
  const call = clock.runUntil(sts.assumeRole(roleCall));
  await assertRejects(() => call, StsUnreachableError, "no response within 10 s");
});

clientTest("answers that STS would not give are errors in words", async () => {
  const expiration = "<Expiration>2026-01-01T01:00:00Z</Expiration>";
  const odd: readonly (readonly [() => Response, string])[] = [
    [() => xml("<html><body>Sign in to the hotel"), "responded with HTTP 200, but not as STS does"],
    [() => xml("<html></html>", {}, 403), "responded with HTTP 403, but not as STS does"],
    [
      () => new Response(null, { status: 302, headers: { location: "https://x" } }),
      "responded with HTTP 302, but not as STS does",
    ],
    [() => new Response(""), "responded without the expected content"],
    [() => xml(credentialsXml("AssumeRole", [])), "responded without the expected content"],
    [
      () => xml(credentialsXml("AssumeRole", [expiration])),
      "responded without the expected content",
    ],
    [() => xml(identityXml), "responded without the expected content"],
    [
      () => xml(credentialsXml("AssumeRole", ["<Expiration>soon</Expiration>"])),
      "responded with HTTP 200, but not as STS does",
    ],
  ];
  for (const [answer, words] of odd) {
    const { sts, requests } = bench(answer);
    const error = await assertRejects(() => sts.assumeRole(roleCall), StsUnreachableError);
    assertStringIncludes(error.message, `"sts.eu-west-1.amazonaws.com" ${words}`);
    assertEquals([error.awsCode, requests.length], ["malformed", 1]);
  }
  const { sts } = bench(() => xml(credentialsXml("AssumeRole")));
  await assertRejects(() => sts.getCallerIdentity({ keys, endpoint }), StsUnreachableError);
});

/** STS whose clock is ahead: refuses signatures that are more than five minutes off, dates its answers. */
function strictAbout(time: () => number) {
  return (request: Request): Response => {
    const signed = request.headers.get("x-amz-date") ?? "";
    const at = Date.parse(
      signed.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"),
    );
    const date = new Date(time()).toUTCString();
    return Math.abs(at - time()) > 300_000
      ? refusal("SignatureDoesNotMatch", `Signature expired: ${signed}`, 403, { date })
      : xml(credentialsXml("AssumeRole"), { date });
  };
}

clientTest("a wrong clock is corrected once, said once, and remembered", async () => {
  for (
    const [offset, words] of [[600_000, "10m behind STS's"], [
      -5_400_000,
      "1h30m ahead of STS's",
    ]] as const
  ) {
    const clock = new VirtualClock();
    const { sts, lines, requests } = bench(strictAbout(() => clock.now() + offset), { clock });
    const found = await Promise.all([sts.assumeRole(roleCall), sts.assumeRole(roleCall)]);
    // By STS's clock, as Expiration is, so that the two tell how long the credentials live.
    const StartTime = new Date(clock.now() + offset);
    const received = new Credentials({ ...readCredentials, StartTime });
    assertEquals(found, [received, received]);
    await sts.assumeRole(roleCall);
    assertEquals(requests.length, 5);
    assertEquals(lines, [
      `warn correct: This machine's clock is ${words}, signing with STS's time`,
    ]);
    assertEquals(sts.skewMs(), offset);
  }
});

clientTest("a clock that is set right later is corrected back", async () => {
  const clock = new VirtualClock();
  let offset = 600_000;
  const { sts, requests, lines } = bench(strictAbout(() => clock.now() + offset), { clock });
  await sts.assumeRole(roleCall);
  offset = 0;
  await sts.assumeRole(roleCall);
  assertEquals([requests.length, lines.length, sts.skewMs()], [4, 2, 0]);
});

clientTest("a signature that is refused for its secret is not tried again", async () => {
  const { sts, clock, requests, lines } = bench(() =>
    refusal("SignatureDoesNotMatch", "does not match", 403, {
      date: new Date(clock.now()).toUTCString(),
    })
  );
  const error = await assertRejects(() => sts.assumeRole(roleCall), StsError);
  assertStringIncludes(error.hint ?? "", "does not belong to access key");
  assertEquals([requests.length, lines], [1, []]);
});

clientTest("a clock that stays refused is blamed after one more attempt", async () => {
  const { sts, clock, requests } = bench(() =>
    refusal("RequestExpired", "Request has expired.", 400, {
      date: new Date(clock.now() + requests.length * 900_000).toUTCString(),
    })
  );
  const error = await assertRejects(() => sts.assumeRole(roleCall), StsError);
  assertEquals(requests.length, 2);
  assertEquals(error.hint, "correct this machine's clock: it is 30m behind STS's");
});

clientTest(
  "skewMs() is 0 until an answer has a date, and for less than answers can tell",
  async () => {
    let date = "";
    const { sts, clock } = bench(() =>
      xml(credentialsXml("AssumeRole"), date === "" ? {} : { date })
    );
    await sts.assumeRole(roleCall);
    assertEquals(sts.skewMs(), 0);
    date = new Date(clock.now() + 1_000).toUTCString();
    await sts.assumeRole(roleCall);
    assertEquals(sts.skewMs(), 0);
    date = new Date(clock.now() + 90_000).toUTCString();
    await sts.assumeRole(roleCall);
    assertEquals(sts.skewMs(), 90_000);
  },
);

clientTest(
  "an aborted signal ends the call at once with its reason, before and during it",
  async () => {
    const reason = new Error("halt");
    const { sts, clock, requests } = bench(() => new Promise(() => {}));
    const before = sts.assumeRole({ ...roleCall, signal: AbortSignal.abort(reason) });
    assertStrictEquals(await assertRejects(() => before), reason);
    assertEquals(requests.length, 0);

    const controller = new AbortController();
    const during = sts.assumeRole({ ...roleCall, signal: controller.signal });
    await settle();
    assertEquals(requests.length, 1);
    controller.abort(reason);
    assertStrictEquals(await assertRejects(() => during), reason);
    assert(requests[0]?.signal.aborted);
    assertEquals(clock.sleeping, 0);
  },
);

clientTest("the reason of an aborted signal is told as it is, whatever it is", async () => {
  const circle = new Error("halt");
  circle.cause = circle;
  const silent = Object.defineProperty(new Error(), "message", {
    get() {
      throw new Error("it says nothing");
    },
  });
  const timeout = new DOMException("no time left", "TimeoutError");
  for (const reason of [circle, silent, Object.create(null), Object.freeze(new Error()), timeout]) {
    const { sts } = bench(() => new Promise(() => {}));
    const controller = new AbortController();
    const call = sts.assumeRole({ ...roleCall, signal: controller.signal });
    await settle();
    controller.abort(reason);
    assertStrictEquals(await call.then(() => undefined, (error) => error), reason);
  }
});

clientTest("a call that ended no longer listens to its signal", async () => {
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (type: string, listener: EventListener) => {
    listeners.add(listener);
    add(type, listener);
  };
  signal.removeEventListener = (type: string, listener: EventListener) => {
    listeners.delete(listener);
    remove(type, listener);
  };
  const { sts } = bench(role);
  await sts.assumeRole({ ...roleCall, signal });
  assertEquals(listeners.size, 0);
});

clientTest("an aborted signal ends the wait between two attempts", async () => {
  const controller = new AbortController();
  const reason = new Error("halt");
  const { sts, clock, lines } = bench(() => refusal("Throttling", "Rate exceeded"));
  const call = sts.assumeRole({ ...roleCall, signal: controller.signal });
  await settle();
  assertEquals([lines.length, clock.sleeping], [1, 1]);
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => call), reason);
  assertEquals(clock.sleeping, 0);
});

clientTest("no error shows a secret, not even to console.log", async () => {
  const secretKeys = { ...keys, sessionToken: "IQoJb3JpZ2luX2VjEJr==" };
  const answers = [
    (request: Request) =>
      refusal(
        "SignatureDoesNotMatch",
        `no match\n\nThe Canonical String: ${[...request.headers].join()} ${keys.secretAccessKey}`,
        403,
      ),
    () => xml(`<broken>${secretKeys.sessionToken} ${keys.secretAccessKey} 123456`),
    () => refusal("ValidationError", `Value '123456' at 'tokenCode' failed, ${keys.accessKeyId}`),
  ];
  for (const answer of answers) {
    const { sts } = bench(answer);
    const call = sts.getSessionToken({ ...sessionCall, keys: secretKeys });
    const error = await assertRejects(() => call);
    assertInstanceOf(error, Error);
    const shown = Deno.inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error);
    for (
      const secret of [secretKeys.sessionToken, keys.secretAccessKey, keys.accessKeyId, "123456"]
    ) {
      assert(!shown.includes(secret), shown);
    }
  }
});

clientTest("a hundred calls at once are a hundred answers", async () => {
  const { sts, requests } = bench(role);
  const calls = Array.from(
    { length: 100 },
    (_, index) => sts.assumeRole({ ...roleCall, roleSessionName: `sts-${index}` }),
  );
  assertEquals(new Set(await Promise.all(calls)).size, 100);
  assertEquals(requests.length, 100);
});

clientTest("a missing permission is said, with the flag that gives it", async () => {
  const { sts, requests } = bench(() => {
    throw new Deno.errors.NotCapable(
      'Requires net access to "sts.eu-west-1.amazonaws.com:443", run again with the --allow-net flag',
    );
  });
  const error = await assertRejects(() => sts.assumeRole(roleCall), StsUnreachableError);
  assertEquals(error.hint, "run with --allow-net=sts.eu-west-1.amazonaws.com:443");
  assertEquals(requests.length, 1);
});
