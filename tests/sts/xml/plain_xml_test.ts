/**
 * The quick reader of XML makes what the AWS SDK's own parser makes of the same text, or leaves the text to it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { parseXML } from "@aws-sdk/xml-builder";
import { readPlainXml } from "../../../src/sts/xml/plain_xml.ts";

const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser>
      <AssumedRoleId>AROACLKWSDQRAOEXAMPLE:kim</AssumedRoleId>
      <Arn>arn:aws:sts::123456789012:assumed-role/demo/kim</Arn>
    </AssumedRoleUser>
    <Credentials>
      <SessionToken>AQoDYXdzEPT//////////wEXAMPLE==</SessionToken>
      <Expiration>2026-11-09T13:34:41Z</Expiration>
    </Credentials>
    <PackedPolicySize>6</PackedPolicySize>
  </AssumeRoleResult>
  <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>
</AssumeRoleResponse>
`;

const listed = `<?xml version="1.0" encoding="UTF-8"?>
<ListAccessKeysResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <ListAccessKeysResult>
    <IsTruncated>false</IsTruncated>
    <AccessKeyMetadata>
      <member><UserName>kim</UserName><Status>Active</Status></member>
      <member><UserName>kim</UserName><Status>Inactive</Status></member>
      <member><UserName>kim</UserName><Status/></member>
    </AccessKeyMetadata>
    <Marker></Marker>
  </ListAccessKeysResult>
</ListAccessKeysResponse>`;

const refused = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>AccessDenied</Code>
    <Message>User: arn:aws:iam::123456789012:user/kim is not authorized</Message>
  </Error>
  <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
</ErrorResponse>`;

const plain = {
  assumed,
  listed: listed.replace("<Status/>", "<Status></Status>"),
  refused,
  "a text alone": "<A>b</A>",
  "nothing": "<A></A>",
  "a line's end alone": "<A>\n</A>",
  "blanks alone": "<A>  </A>",
  "names that are repeated": "<A>\n<B>1</B>\n<B>2</B>\n<B>3</B>\n<C></C>\n</A>",
  "what follows": "<A>b</A> <C>",
};

for (const [name, text] of Object.entries(plain)) {
  Deno.test(`readPlainXml() reads ${name} as the SDK does`, () => {
    assertEquals(readPlainXml(text), parseXML(text));
  });
}

/** What one or the other reads otherwise than it is written, or not at all. */
const odd = {
  listed,
  "an escape": "<A>b &amp; c</A>",
  "a comment": "<A><!-- b --></A>",
  "CDATA": "<A><![CDATA[<B>]]></A>",
  "a document type": "<!DOCTYPE A><A>b</A>",
  "an attribute": '<A b="c">d</A>',
  "two attributes": '<A xmlns="b" c="d"><E>f</E></A>',
  "a namespace beside text": '<A xmlns="b">c</A>',
  "a namespace alone": '<A xmlns="b"></A>',
  "text beside elements": "<A>b<C>d</C></A>",
  "blanks beside elements": "<A> <B>c</B></A>",
  "a tab": "<A>\n\t<B>c</B></A>",
  "lines that end in CR LF": "<A>\r\n<B>c</B>\r\n</A>",
  "an element that ends at once": "<A><B/></A>",
  "a small letter": "<A><b>c</b></A>",
  "what every object has": "<A><constructor>b</constructor><toString>c</toString></A>",
  "a prototype": "<A><__proto__>b</__proto__></A>",
  "blanks first": " <A>b</A>",
  "an end with a blank": "<A>b</A >",
  "elements of one name in each other": "<A><A><A>b</A></A></A>",
  "no element": "b",
  "nothing at all": "",
  "no end": "<A><B>c</B>",
  "another end": "<A><B>c</C></A>",
  "ends the other way round": "<A><B>c</A></B>",
  "an end alone": "</A>",
};

for (const [name, text] of Object.entries(odd)) {
  Deno.test(`readPlainXml() leaves ${name} to the SDK`, () => {
    assertEquals(readPlainXml(text), undefined);
  });
}

/** Whether it was read; where it was, the SDK makes the same of it. */
function isReadAlike(text: string): boolean {
  const found = readPlainXml(text);
  if (found !== undefined) assertEquals(found, parseXML(text), text);
  return found !== undefined;
}

Deno.test("readPlainXml() never reads otherwise than the SDK, whatever is changed", () => {
  const put = [
    "",
    "<",
    ">",
    "/",
    "&",
    " ",
    "\n",
    "\r",
    "\t",
    '"',
    "=",
    "A",
    "<A>",
    "</A>",
    "\u00a0",
  ];
  let read = 0;
  for (const whole of [assumed, listed, refused]) {
    for (let at = 0; at < whole.length; at++) {
      for (const text of put) {
        if (isReadAlike(whole.slice(0, at) + text + whole.slice(at + 1))) read++;
        if (isReadAlike(whole.slice(0, at) + text + whole.slice(at))) read++;
      }
    }
  }
  assert(read > 1_000, `${read} were read`);
});

Deno.test("readPlainXml() never reads otherwise than the SDK, whatever is put together", () => {
  const parts = [
    "<A>",
    "</A>",
    "<B>",
    "</B>",
    '<A xmlns="c">',
    "d",
    " ",
    "\n",
    "\n  ",
    "<member>",
    "</member>",
  ];
  let read = 0;
  const build = (text: string, left: number) => {
    if (isReadAlike(text)) read++;
    if (left > 0) { for (const part of parts) build(text + part, left - 1); }
  };
  build("<A>", 4);
  build('<A xmlns="c">\n<B>', 4);
  assert(read > 100, `${read} were read`);
});
