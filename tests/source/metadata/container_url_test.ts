import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import { containerUrl } from "../../../src/source/metadata/container_url.ts";

const full = (fullUri: string) => ({ fullUri });
const relative = (relativeUri: string) => ({ relativeUri });

/** Smithy's ecs-tests.json, and what leads elsewhere. */
const allowed: readonly (readonly [what: string, settings: Record<string, string>, url: string])[] =
  [
    ["a relative URI", relative("/credentials"), "http://169.254.170.2/credentials"],
    ["its query", relative("/my-credentials/?a=1"), "http://169.254.170.2/my-credentials/?a=1"],
    ["a relative URI before a full one", {
      ...relative("/a"),
      ...full("http://169.254.170.23/b"),
    }, "http://169.254.170.2/a"],
    ["https", full("https://amazon.com"), "https://amazon.com/"],
    ["https with a port", full("https://amazon.com:1234/x"), "https://amazon.com:1234/x"],
    ["this machine by name", full("http://localhost:8080/c"), "http://localhost:8080/c"],
    ["this machine by number", full("http://127.0.0.1:50/c"), "http://127.0.0.1:50/c"],
    ["any loopback address", full("http://127.1.2.3/c"), "http://127.1.2.3/c"],
    ["this machine with IPv6", full("http://[::1]:50/c"), "http://[::1]:50/c"],
    ["ECS", full("http://169.254.170.2/x"), "http://169.254.170.2/x"],
    ["EKS", full("http://169.254.170.23/x"), "http://169.254.170.23/x"],
    ["EKS with IPv6", full("http://[fd00:ec2::23]/x"), "http://[fd00:ec2::23]/x"],
    ["a query", full("http://169.254.170.23/x?a=1&b=2"), "http://169.254.170.23/x?a=1&b=2"],
  ];

for (const [what, settings, url] of allowed) {
  Deno.test(`containerUrl() takes ${what}`, () => {
    assertEquals(containerUrl(settings).href, url);
  });
}

const refused: readonly (readonly [what: string, settings: Record<string, string>])[] = [
  ["another host", full("http://192.168.1.1/")],
  ["another address of the link", full("http://169.254.170.3/")],
  ["the instance's service", full("http://169.254.169.254/")],
  ["a host by name", full("http://host.docker.internal/x")],
  ["a name that begins like this machine's", full("http://localhost.example.com/x")],
  ["an address that begins like this machine's", full("http://127.0.0.1.example.com/x")],
  ["a user", full("http://169.254.170.2@example.com/x")],
  ["another scheme", full("ftp://169.254.170.2/x")],
  ["a file", full("file:///etc/passwd")],
  ["no URL", full("/v1/credentials")],
  ["a line break", full("http://169.254.170.2/\nx")],
  ["a relative URI without a slash", relative("credentials")],
  ["a relative URI that names a host", relative("@example.com/credentials")],
  ["a relative URI with two slashes", relative("//example.com/credentials")],
  ["a relative URI with a backslash", relative("/\\example.com/credentials")],
  ["a relative URI that is a URL", relative("http://example.com/credentials")],
  ["a relative URI with a line break", relative("/a\nb")],
];

for (const [what, settings] of refused) {
  Deno.test(`containerUrl() refuses ${what}`, () => {
    const error = assertThrows(() => containerUrl(settings), UsageError);
    assertEquals(error.message.includes("?"), false);
  });
}

Deno.test("containerUrl() shows no query of what it refuses", () => {
  const error = assertThrows(() => containerUrl(full("ftp://a/x?token=secret")), UsageError);
  assertEquals(error.message.includes("secret"), false);
});
