import { assert, assertEquals } from "@std/assert";
import { ExpiredError } from "../../src/errors.ts";
import { createInstanceMetadata, metadataRoutes } from "../../src/server/instance_metadata.ts";
import { MetadataTokens } from "../../src/server/metadata_tokens.ts";
import { seededRandom, VirtualClock } from "../fake_system.ts";
import { serving, someCredentials } from "./served.ts";

const ttl = "x-aws-ec2-metadata-token-ttl-seconds";
const roles = "/latest/meta-data/iam/security-credentials";

function service(
  { region = "eu-west-1", error }: { region?: string | undefined; error?: Error } = {},
) {
  const clock = new VirtualClock();
  const handle = createInstanceMetadata({
    served: serving({ dev: error ?? someCredentials() }),
    ...{ profile: "dev", port: 9911, region: region === "" ? undefined : region },
    tokens: new MetadataTokens({ clock, random: seededRandom() }),
  });
  const ask = (path: string, method = "GET", headers: Record<string, string> = {}) =>
    handle(
      new Request(`http://127.0.0.1:9911${path}`, {
        method,
        headers: { host: "127.0.0.1:9911", ...headers },
      }),
    );
  const token = async (seconds = "21600") =>
    await ask("/latest/api/token", "PUT", { [ttl]: seconds }).text();
  const get = async (path: string, method = "GET") =>
    ask(path, method, { "x-aws-ec2-metadata-token": await token() });
  return { clock, ask, token, get };
}

Deno.test("instance metadata answers every path that an SDK asks for", async () => {
  const { get } = service();
  const wanted: Readonly<Record<string, string>> = {
    [roles]: "Deploy",
    [`${roles}/`]: "Deploy",
    "/latest/meta-data/placement/region": "eu-west-1",
    "/latest/meta-data/placement/availability-zone/": "eu-west-1a",
    "/latest/meta-data/instance-id": "i-00000000000000000",
    "/latest/meta-data/iam/info":
      '{"Code":"Success","InstanceProfileArn":"arn:aws:iam::123456789012:instance-profile/Deploy"}',
    "/latest/dynamic/instance-identity/document":
      '{"accountId":"123456789012","availabilityZone":"eu-west-1a",' +
      '"instanceId":"i-00000000000000000","region":"eu-west-1"}',
  };
  for (const [path, text] of Object.entries(wanted)) {
    const response = await get(path);
    assertEquals(
      [response.status, response.headers.get("content-type")],
      [200, "text/plain"],
      path,
    );
    assertEquals(await response.text(), text);
    assertEquals((await get(path, "HEAD")).status, 200);
  }
  assertEquals(await (await get(`${roles}/Deploy`)).json(), {
    ...{ Code: "Success", LastUpdated: "2026-01-01T00:00:00Z", Type: "AWS-HMAC" },
    AccessKeyId: "ASIAEXAMPLEEXAMPLE00",
    SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ...{ Token: "the-session-token", Expiration: "2026-01-01T01:00:00Z" },
  });
});

Deno.test("instance metadata has no other paths, roles and methods", async () => {
  const { get } = service();
  const missing = [
    "/",
    "/latest",
    `${roles}/Other`,
    `${roles}-extended/`,
    `${roles}-extended/Deploy`,
  ];
  for (const path of missing) assertEquals((await get(path)).status, 404, path);
  for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
    assertEquals((await get(roles, method)).status, 405, method);
  }
  assertEquals((await get("/latest/api/token")).status, 405);
  for (const path of ["region", "availability-zone"]) {
    const { status } = await service({ region: "" }).get(`/latest/meta-data/placement/${path}`);
    assertEquals(status, 404);
  }
});

Deno.test("instance metadata tells nothing without a token: version 1 is refused", async () => {
  const { ask, clock, token } = service();
  const paths = [...metadataRoutes.filter(({ open }) => !open).map(({ path }) => path), "/other"];
  const other = await service().token("1");
  for (const path of paths.map((path) => path.replace("*", "Deploy"))) {
    for (const shown of [undefined, "", "x", other.slice(1)]) {
      const headers = shown === undefined ? {} : { "x-aws-ec2-metadata-token": shown };
      const response = ask(path, "GET", headers);
      assertEquals([response.status, await response.text()], [401, ""], path);
    }
  }
  const short = await token("5");
  const asked = () => ask(roles, "GET", { "x-aws-ec2-metadata-token": short }).status;
  assertEquals(asked(), 200);
  await clock.advance(5_000);
  assertEquals(asked(), 401);
});

Deno.test("instance metadata gives tokens for 1 to 21600 seconds, and repeats the number", () => {
  const { ask } = service();
  for (const seconds of ["1", "300", "21600"]) {
    for (const path of ["/latest/api/token", "/latest/api/token/"]) {
      const response = ask(path, "PUT", { [ttl]: seconds });
      assertEquals([response.status, response.headers.get(ttl)], [200, seconds]);
    }
  }
  for (const seconds of ["0", "21601", "-1", "1.5", "1e3", "", "x", "999999999999"]) {
    assertEquals(ask("/latest/api/token", "PUT", { [ttl]: seconds }).status, 400, seconds);
  }
  assertEquals(ask("/latest/api/token", "PUT").status, 400);
  const forwarded = { [ttl]: "300", "x-forwarded-for": "10.0.0.1" };
  assertEquals(ask("/latest/api/token", "PUT", forwarded).status, 403);
});

Deno.test("however many tokens are asked for, each is valid for as long as it was promised", async () => {
  const { ask, clock, token } = service();
  const accepts = (text: string) =>
    ask(roles, "GET", { "x-aws-ec2-metadata-token": text }).status === 200;
  const first = await token("300");
  for (let count = 0; count < 1_000; count++) await token("21600");
  const short = await token("10");
  assertEquals([first, short].map(accepts), [true, true]);
  await clock.advance(9_999);
  assert(accepts(short));
  await clock.advance(1_001);
  assertEquals([first, short].map(accepts), [true, false]);
});

Deno.test("a token is valid to its last character, and only with the end that it was given", async () => {
  const { ask, token } = service();
  const text = await token("300");
  const [ends = "", secret = ""] = text.split(".");
  const forged = [
    `${Number(ends) + 1}.${secret}`,
    `${ends}.`,
    ends,
    secret,
    `${text}x`,
    `.${secret}`,
  ];
  for (const shown of [...forged, `${text.slice(0, -1)}_`]) {
    assertEquals(ask(roles, "GET", { "x-aws-ec2-metadata-token": shown }).status, 401, shown);
  }
});

Deno.test("instance metadata answers 503 while credentials cannot be had", async () => {
  const { get } = service({ error: new ExpiredError("expired") });
  const response = await get(`${roles}/Deploy`);
  assertEquals([response.status, (await response.json()).Code], [503, "ServiceUnavailable"]);
});
