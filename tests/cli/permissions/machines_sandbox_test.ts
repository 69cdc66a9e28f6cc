import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import { narrowed, released } from "./narrowed.ts";

const tokenFile = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/token";
const role = (source: string) =>
  `role_arn = arn:aws:iam::123456789012:role/A\ncredential_source = ${source}\n`;
const config =
  `[profile pod]\n${role("EcsContainer")}[profile vm]\n${role("Ec2InstanceMetadata")}` +
  "[profile user]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n" +
  "[profile onTop]\nrole_arn = arn:aws:iam::123456789012:role/B\nsource_profile = container\n";

/** `stsaval creds` as it is narrowed, in a pod. */
async function narrowedIn(
  words: readonly string[],
  { file = tokenFile, ...more }: { readonly file?: string; readonly facts?: typeof released } = {},
) {
  return await narrowed(["creds", ...words], {
    ...more,
    files: { "/home/kim/.aws/config": config },
    env: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file,
    },
  });
}

const openings: readonly (readonly [what: string, words: readonly string[], isOpen: boolean])[] = [
  ["a profile that rests on the container", ["pod"], true],
  ["the link's own name", ["container"], true],
  ["a role on top of the link", ["onTop"], true],
  ["the default chain", [], true],
  ["a profile that rests on the instance", ["vm"], false],
  ["a profile that rests on keys", ["user"], false],
];

for (const [what, words, isOpen] of openings) {
  Deno.test(`${what} opens ${isOpen ? "the folder of the token" : "no token"}`, async () => {
    const { left } = await narrowedIn(words);
    const read = left("read");
    assertEquals(read.includes(tokenFile), isOpen);
    assertEquals(read.includes(tokenFile.replace(/\/token$/, "")), isOpen);
    assertEquals(left("write").some((path) => path.includes("secrets")), false);
  });
}

Deno.test("of a token elsewhere the file alone is opened", async () => {
  const { left } = await narrowedIn(["pod"], { file: "/etc/token" });
  assertEquals(left("read").filter((path) => path.startsWith("/etc")), ["/etc/token"]);
});

Deno.test("a path that leaves the folder of tokens opens no folder", async () => {
  const file = "/var/run/secrets/x/../../../../home/kim/.ssh/id_rsa";
  const { left } = await narrowedIn(["pod"], { file });
  assertEquals(left("read").filter((path) => path.startsWith("/var")), [file]);
});

const urls: readonly (readonly [url: string, kept: string])[] = [
  ["http://169.254.169.254/", "169.254.169.254:80"],
  ["http://[fd00:ec2::254]/", "[fd00:ec2::254]:80"],
  ["http://169.254.170.2/v2/credentials/id", "169.254.170.2:80"],
  ["http://169.254.170.23/v1/credentials", "169.254.170.23:80"],
  ["http://[fd00:ec2::23]/v1/credentials", "[fd00:ec2::23]:80"],
];

for (const [url, kept] of urls) {
  Deno.test(`the released program calls ${url}, and then nothing else but STS`, async () => {
    const { system, left } = await narrowedIn(["pod"], { facts: released });
    system.network.callOnly?.([url, "https://sts.eu-west-1.amazonaws.com"]);
    assertEquals(left("net"), [kept, "sts.eu-west-1.amazonaws.com:443"].sort());
  });
}

for (
  const url of [
    "https://169.254.169.254/",
    "http://169.254.169.254:8080/",
    "http://169.254.169.253/",
    "https://credentials.example.com/",
  ]
) {
  Deno.test(`the released program does not call ${url}`, async () => {
    const { system } = await narrowedIn(["pod"], { facts: released });
    assertThrows(() => system.network.callOnly?.([url]), UsageError, "Cannot");
  });
}
