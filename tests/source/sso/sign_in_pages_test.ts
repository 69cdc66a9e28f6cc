import { assertEquals } from "@std/assert";
import { mayOpen } from "../../../src/source/sso/sign_in_pages.ts";
import type { SignInTarget } from "../../../src/source/sso/sign_in_request.ts";

const target: SignInTarget = {
  session: "corp",
  startUrl: "https://d-1234567890.awsapps.com/start",
  region: "eu-west-1",
  registrationScopes: undefined,
  oidcUrl: "https://oidc.eu-west-1.amazonaws.com",
};
const authorize = "https://oidc.eu-west-1.amazonaws.com/authorize?";
const device = "https://device.sso.eu-west-1.amazonaws.com/";
const portal = "https://d-1234567890.awsapps.com/";

for (
  const [what, changes, pages] of [
    ["a section", {}, [authorize, device, portal]],
    ["a legacy profile", { session: undefined }, [device, portal]],
    ["China", {
      startUrl: "https://start.home.awsapps.cn/directory/d-1",
      oidcUrl: "https://oidc.cn-north-1.amazonaws.com.cn",
    }, [
      "https://oidc.cn-north-1.amazonaws.com.cn/authorize?",
      "https://device.sso.cn-north-1.amazonaws.com.cn/",
      "https://start.home.awsapps.cn/",
    ]],
    ["an emulator", {
      startUrl: "http://127.0.0.1:4566/start",
      oidcUrl: "http://127.0.0.1:4566",
    }, ["http://127.0.0.1:4566/"]],
    ["a foreign service", { oidcUrl: "https://oidc.evil.example" }, [portal]],
    ["a name that begins as the service's", {
      oidcUrl: "https://oidc.eu-west-1.amazonaws.com.evil.example",
    }, [portal]],
    ["another service of AWS", { oidcUrl: "https://bucket.s3.eu-west-1.amazonaws.com" }, [portal]],
    ["plain http", { oidcUrl: "http://oidc.eu-west-1.amazonaws.com" }, [portal]],
    ["a foreign portal", { startUrl: "https://corp.example/start" }, [authorize, device]],
    ["a portal without https", { startUrl: "http://corp.awsapps.com/start" }, [authorize, device]],
    ["a portal with a user name", { startUrl: "https://corp.awsapps.com@evil.example/" }, [
      ...[authorize, device],
    ]],
    ["a name that ends as a portal's", { startUrl: "https://evilawsapps.com/start" }, [
      ...[authorize, device],
    ]],
    ["a start URL that is none", { startUrl: "javascript:alert(1)" }, [authorize, device]],
  ] as const
) {
  Deno.test({
    name: `pages that may be opened for ${what}`,
    permissions: "none",
    fn: () => assertEquals(mayOpen({ ...target, ...changes }), [...pages]),
  });
}
