import { assertEquals } from "@std/assert";
import type { EndpointSettings, PlanStep, RoleStep } from "../../src/plan.ts";
import { calledUrls } from "../../src/session/called_urls.ts";

function role(endpoint: EndpointSettings): RoleStep {
  return {
    kind: "assume-role",
    profile: "dev",
    roleArn: "arn:aws:iam::123456789012:role/Dev",
    roleSessionName: "kim",
    durationSeconds: 3_600,
    endpoint,
    reason: "",
  };
}

Deno.test({
  name: "calledUrls() gives each URL once, and none for what makes no call or cannot be called",
  permissions: "none",
  fn() {
    const keys = { accessKeyId: "A", secretAccessKey: "S" };
    const steps: readonly PlanStep[] = [
      { kind: "static-keys", profile: "kim", keys, reason: "" },
      { kind: "get-session-token", durationSeconds: 900, endpoint: {}, reason: "" },
      role({ region: "eu-west-1" }),
      role({ region: "eu-west-1" }),
      role({ region: "no/region" }),
      role({ endpointUrl: "http://127.0.0.1:4566" }),
    ];
    assertEquals(calledUrls(steps), [
      "https://sts.us-east-1.amazonaws.com",
      "https://sts.eu-west-1.amazonaws.com",
      "http://127.0.0.1:4566",
    ]);
  },
});
