import { assertEquals } from "@std/assert";
import { keyFault } from "../../../src/config/plan/key_shape.ts";

const id = "AKIAEXAMPLEEXAMPLE00";
const temporary = "ASIAEXAMPLEEXAMPLE00";
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

const quotes = "stands in quotes, which would be part of it";
const instead = "holds something in place of a key";
const edge = "begins or ends with a blank";
const odd = "holds a blank, or a character that no key has";

type Row = readonly [
  keys: readonly [accessKeyId: string, secretAccessKey: string, sessionToken?: string],
  wanted?: readonly [field: string, why: string, hint: string],
];

const again = "copy the value again, on one line";
const away = "take the quotes away";
const put = "put the key itself there";

const rows: readonly Row[] = [
  [[id, secret]],
  [[temporary, secret, "token"]],
  [["minio", "minio123"]],
  [["GK0123456789", "a secret of another server, 'free'"]],
  [[secret, id], [
    "accessKeyId",
    "holds a secret access key, and the secret access key holds an id",
    "swap the two values",
  ]],
  [[secret, "x"], ["accessKeyId", "holds a secret access key", "wanted the id: AKIA…"]],
  [[id, id], ["secretAccessKey", "holds an access key id", "wanted the secret, 40 characters"]],
  [[temporary, secret], [
    "accessKeyId",
    "is that of temporary keys (ASIA…), but no session token stands beside it",
    "add the session token, or use long-term keys",
  ]],
  // Only 20 characters of AWS's own kind tell temporary keys.
  [["ASIAEXAMPLE", secret]],
  [["ASIAEXAMPLEEXAMPLE000", secret]],
  [["", secret], ["accessKeyId", "holds nothing but blanks", "give it its value"]],
  [[id, " \t"], ["secretAccessKey", "holds nothing but blanks", "give it its value"]],
  [[id, secret, " "], ["sessionToken", "holds nothing but blanks", "give it its value"]],
  [[`"${id}"`, secret], ["accessKeyId", quotes, away]],
  [[`${id}'`, secret], ["accessKeyId", quotes, away]],
  [[id, `'${secret}'`], ["secretAccessKey", quotes, away]],
  [[id, `${secret}"`], ["secretAccessKey", quotes, away]],
  [[temporary, secret, "“token”"], ["sessionToken", quotes, away]],
  [["minio", "“minio123”"], ["secretAccessKey", quotes, away]],
  [["minio", "it's'"]],
  [["****************1234", secret], ["accessKeyId", instead, put]],
  [["***", "s"]],
  [["<your key>", secret], ["accessKeyId", instead, put]],
  [["$KEY", secret], ["accessKeyId", instead, put]],
  [["${KEY}", secret], ["accessKeyId", instead, put]],
  [["{{ key }}", secret], ["accessKeyId", instead, put]],
  [["%KEY%", secret], ["accessKeyId", instead, put]],
  [["your-key", secret], ["accessKeyId", instead, put]],
  [["MY_KEY", secret], ["accessKeyId", instead, put]],
  [["xxxxxxxx", secret], ["accessKeyId", instead, put]],
  [["xxxxxxx", "s"]],
  [["Changeme", secret], ["accessKeyId", instead, put]],
  [["none", secret], ["accessKeyId", instead, put]],
  [["none1", "s"]],
  [[id, "TODO"], ["secretAccessKey", instead, put]],
  [[` ${id}`, secret], ["accessKeyId", edge, again]],
  [[id, `${secret}\t`], ["secretAccessKey", edge, again]],
  [[`${id} x`, secret], ["accessKeyId", odd, again]],
  [["AKIÄ", secret], ["accessKeyId", odd, again]],
  [[temporary, secret, "to\nken"], ["sessionToken", odd, again]],
  [[id, "a secret with blanks"]],
];

for (const [[accessKeyId, secretAccessKey, sessionToken], wanted] of rows) {
  const given = { accessKeyId, secretAccessKey };
  const keys = sessionToken === undefined ? given : { ...given, sessionToken };
  Deno.test({
    name: `keyFault() of ${JSON.stringify(keys)} is ${wanted?.[1] ?? "none"}`,
    permissions: "none",
    fn() {
      const fault = keyFault(keys);
      assertEquals(fault && [fault.field, fault.why, fault.hint], wanted && [...wanted]);
    },
  });
}
