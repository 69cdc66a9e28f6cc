/**
 * A server that says at /who as whom it calls AWS, for as long as it runs: `main.ts dev`.
 *
 * @module
 */

import { GetCallerIdentityCommand, STSClient } from "npm:@aws-sdk/client-sts@3.1177.0";
import { StsCore } from "@x/stsaval";

const [profile = "dev", port = "8000"] = Deno.args;
await using sts = new StsCore();
const set = await sts.generateCredentials([profile], {
  lifetime: 12,
  mfaCode: (serial) => Deno.env.get("STSAVAL_MFA_CODE") ?? prompt(`Code of ${serial}:`) ?? "",
});
const client = new STSClient({ region: "eu-west-1", credentials: set.provider(profile) });
set.addEventListener("refresh", ({ profile }) => console.log(`renewed ${profile}`));

const options = {
  hostname: "127.0.0.1",
  port: Number(port),
  onListen: () => console.log(`http://127.0.0.1:${port}/who`),
};
const server = Deno.serve(options, async (request) => {
  if (new URL(request.url).pathname !== "/who") return new Response("no", { status: 404 });
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  return Response.json({ arn: Arn, until: set[`sts-${profile}`]?.Expiration });
});
await server.finished;
