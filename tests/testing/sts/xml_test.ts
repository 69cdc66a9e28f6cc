import { assertEquals } from "@std/assert";
import { EmulatorError } from "../../../src/testing/mod.ts";
import { escapeXml, formatError, formatResponse, formatXml } from "../../../src/testing/sts/xml.ts";

Deno.test({
  name: "escapeXml() escapes markup, keeps the rest, and replaces what XML cannot hold",
  permissions: "none",
  fn() {
    assertEquals(escapeXml(`<a b="c">&'é😀\t\n`), "&lt;a b=&quot;c&quot;&gt;&amp;&apos;é😀\t\n");
    assertEquals(escapeXml("\u0000\u0008\u001f\uffff\ud800"), "\ufffd".repeat(5));
    assertEquals(escapeXml("a\r\nb"), "a&#13;\nb");
  },
});

Deno.test({
  name: "formatXml() nests elements and leaves out those without content",
  permissions: "none",
  fn() {
    const content = { A: { B: "1", C: undefined, D: "" }, E: "<" };
    assertEquals(formatXml(content), "<A><B>1</B><D></D></A><E>&lt;</E>");
  },
});

Deno.test({
  name: "formatResponse() and formatError() have STS's shape and namespace",
  permissions: "none",
  fn() {
    const xmlns = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';
    assertEquals(
      formatResponse("GetCallerIdentity", { Arn: "x" }, "id"),
      `<GetCallerIdentityResponse ${xmlns}>` +
        "<GetCallerIdentityResult><Arn>x</Arn></GetCallerIdentityResult>" +
        "<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetCallerIdentityResponse>",
    );
    const error = (status: number) => formatError(new EmulatorError("Code", status, "<why>"), "id");
    assertEquals(
      error(403),
      `<ErrorResponse ${xmlns}><Error><Type>Sender</Type><Code>Code</Code>` +
        "<Message>&lt;why&gt;</Message></Error><RequestId>id</RequestId></ErrorResponse>",
    );
    assertEquals(error(503).includes("<Type>Receiver</Type>"), true);
  },
});
