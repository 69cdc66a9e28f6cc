/**
 * Lists the buckets that a profile can see: `main.ts dev`.
 *
 * @module
 */

import { ListBucketsCommand, S3Client } from "npm:@aws-sdk/client-s3@3.1175.0";
import { StsCore } from "@x/stsaval";

const [profile = "dev"] = Deno.args;
await using sts = new StsCore();
const set = await sts.generateCredentials([profile], {
  lifetime: 5,
  mfaCode: (serial) => Deno.env.get("STSAVAL_MFA_CODE") ?? prompt(`Code of ${serial}:`) ?? "",
});
// The client asks the provider before each call, and gets the newest credentials.
const s3 = new S3Client({ region: "eu-west-1", credentials: set.provider(profile) });
const { Buckets = [] } = await s3.send(new ListBucketsCommand());
for (const { Name } of Buckets) console.log(Name);
