import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { EmulatorError } from "../../../src/testing/http/error.ts";
import { canonicalRequest, Signer } from "../../../src/testing/signing/signature.ts";
import type {
  SignatureClaim,
  SignedRequest,
} from "../../../src/testing/signing/signature_claim.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

interface Vector {
  readonly name: string;
  readonly url: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly service?: string;
  readonly signature: string;
}

/** Known answers: the ListUsers example of the IAM user guide, and cases of the published SigV4 test suite. */
const VECTORS: readonly Vector[] = [
  {
    name: "the ListUsers example",
    url: "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    service: "iam",
    signature: "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
  },
  {
    name: "get-vanilla",
    url: "https://example.amazonaws.com/",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  },
  {
    name: "get-vanilla-query-order-key-case",
    url: "https://example.amazonaws.com/?Param2=value2&Param1=value1",
    signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  },
  {
    name: "post-vanilla",
    url: "https://example.amazonaws.com/",
    method: "POST",
    signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  },
  {
    name: "post-x-www-form-urlencoded",
    url: "https://example.amazonaws.com/",
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "Param1=value1",
    signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  },
];

function signed({ url, method = "GET", headers = {}, body = "" }: Vector): SignedRequest {
  return {
    method,
    url: new URL(url),
    headers: new Headers({ ...headers, "x-amz-date": "20150830T123600Z" }),
    body: new Uint8Array(new TextEncoder().encode(body)),
  };
}

function claimFor({ headers = {}, service = "service", signature }: Vector): SignatureClaim {
  return {
    accessKeyId: "AKIDEXAMPLE",
    scope: ["20150830", "us-east-1", service, "aws4_request"],
    signedHeaders: [...Object.keys(headers), "host", "x-amz-date"].sort(),
    signature,
    timestamp: "20150830T123600Z",
  };
}

Deno.test({
  name:
    "Signer.verify() accepts a header that was sent several times, as get-header-key-duplicate signs it",
  permissions: "none",
  async fn() {
    const vector = {
      name: "get-header-key-duplicate",
      url: "https://example.amazonaws.com/",
      headers: { "my-header1": "" },
      signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
    };
    const request = signed(vector);
    request.headers.delete("my-header1");
    for (const value of ["value2", "value2", "value1"]) request.headers.append("my-header1", value);
    await new Signer().verify(request, claimFor(vector), SECRET);
    request.headers.append("my-header1", "value3");
    await assertRejects(() => new Signer().verify(request, claimFor(vector), SECRET));
  },
});

for (const vector of VECTORS) {
  Deno.test({
    name: `Signer.sign() gives the known signature of ${vector.name}`,
    permissions: "none",
    async fn() {
      const signature = await new Signer().sign(signed(vector), claimFor(vector), SECRET);
      assertEquals(signature, vector.signature);
    },
  });
}

const [example = { name: "", url: "", signature: "" }] = VECTORS;

Deno.test({
  name: "Signer.verify() refuses another secret, another body and another header",
  permissions: "none",
  async fn() {
    const signer = new Signer();
    const claim = claimFor(example);
    const request = signed(example);
    await signer.verify(request, claim, SECRET);
    const other = { ...request, headers: new Headers(request.headers) };
    other.headers.set("content-type", "text/plain");
    const verify = (request: SignedRequest, secret = SECRET) =>
      assertRejects(
        () => signer.verify(request, claim, secret),
        EmulatorError,
        "does not match the signature you provided",
      );
    await verify(request, "another secret");
    await verify({ ...request, body: new Uint8Array(1) });
    await verify(other);
  },
});

Deno.test({
  name: "Signer keeps only so many derived keys and still signs right",
  permissions: "none",
  async fn() {
    const signer = new Signer(1);
    for (const secret of [SECRET, "another", SECRET]) {
      await signer.sign(signed(example), claimFor(example), secret);
    }
    await signer.verify(signed(example), claimFor(example), SECRET);
  },
});

Deno.test({
  name: "canonicalRequest() sorts parameters by name before value, and leaves the signature out",
  permissions: "none",
  async fn() {
    const url = "https://h/?a-b=1&a=2&a=10&c=%20*~%C3%A9+x&X-Amz-Signature=00";
    const text = await canonicalRequest(signed({ ...example, url }), claimFor(example));
    assertStringIncludes(text, "\na=10&a=2&a-b=1&c=%20%2A~%C3%A9%20x\n");
  },
});

Deno.test({
  name: "canonicalRequest() trims headers, and knows what a transport would have added",
  permissions: "none",
  async fn() {
    const request = {
      ...signed(example),
      headers: new Headers({ "x-a": "  two   words " }),
      body: new Uint8Array(3),
    };
    const signedHeaders = ["content-length", "host", "x-a", "x-none"];
    assertStringIncludes(
      await canonicalRequest(request, { signedHeaders }),
      "\ncontent-length:3\nhost:iam.amazonaws.com\nx-a:two words\nx-none:\n\n",
    );
  },
});
