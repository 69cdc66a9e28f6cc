import { assertEquals } from "@std/assert";
import { chooseServiceEndpoint } from "../../../src/config/plan/endpoint_choice.ts";
import { type PlanRequest, resolvePlans } from "../../../src/config/plan/plan.ts";
import type { EndpointSettings } from "../../../src/plan.ts";
import { configOf, keys, serialOf } from "../in_memory.ts";

interface Case {
  readonly what: string;
  readonly role?: string;
  readonly user?: string;
  readonly more?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly request?: PlanRequest;
  /** Of the role's step, without the partition. */
  readonly wanted: EndpointSettings;
  /** Of the session's step, where it is another. */
  readonly session?: EndpointSettings;
}

const services = "[services s]\nsts =\n  endpoint_url = http://services\n";
const ignoring = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" };

const cases: readonly Case[] = [
  { what: "nothing where nothing is set", wanted: {} },
  {
    what: "the role's own region for the role, the user's for the session",
    role: "region = r\n",
    user: "region = u\n",
    wanted: { region: "r" },
    session: { region: "u" },
  },
  {
    what: "the user's region where the role has none",
    user: "region = u\n",
    wanted: { region: "u" },
  },
  {
    what: "the role's region where the user has none",
    role: "region = r\n",
    wanted: { region: "r" },
  },
  {
    what: "the environment's region before the profiles'",
    role: "region = r\n",
    env: { AWS_REGION: "e" },
    wanted: { region: "e" },
  },
  {
    what: "the region asked for before all",
    role: "region = r\n",
    env: { AWS_REGION: "e" },
    request: { region: "q" },
    wanted: { region: "q" },
  },
  {
    what: "AWS_ENDPOINT_URL_STS before AWS_ENDPOINT_URL",
    env: { AWS_ENDPOINT_URL_STS: "http://sts", AWS_ENDPOINT_URL: "http://all" },
    wanted: { endpointUrl: "http://sts" },
  },
  {
    what: "AWS_ENDPOINT_URL before the services section",
    role: "services = s\n",
    more: services,
    env: { AWS_ENDPOINT_URL: "http://all" },
    wanted: { endpointUrl: "http://all" },
  },
  {
    what: "the services section before endpoint_url",
    role: "services = s\nendpoint_url = http://profile\n",
    more: services,
    wanted: { endpointUrl: "http://services" },
  },
  {
    what: "endpoint_url of the role, and for the session too where the user has none",
    role: "endpoint_url = http://profile\n",
    wanted: { endpointUrl: "http://profile" },
  },
  {
    what: "endpoint_url of the user where the role has none",
    user: "endpoint_url = http://user\n",
    wanted: { endpointUrl: "http://user" },
  },
  {
    what: "none where the environment ignores configured endpoints",
    role: "services = s\nendpoint_url = http://profile\n",
    more: services,
    env: { ...ignoring, AWS_ENDPOINT_URL_STS: "http://sts", AWS_ENDPOINT_URL: "http://all" },
    wanted: {},
  },
  {
    what: "none where the profile ignores configured endpoints",
    role: "ignore_configured_endpoint_urls = true\n",
    env: { AWS_ENDPOINT_URL: "http://all" },
    wanted: {},
  },
  {
    what: "what is asked for even then",
    role: "endpoint_url = http://profile\n",
    env: ignoring,
    request: { endpointUrl: "http://asked" },
    wanted: { endpointUrl: "http://asked" },
  },
  {
    what: "the configured ones where the environment says not to ignore them",
    role: "ignore_configured_endpoint_urls = true\nendpoint_url = http://profile\n",
    env: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false" },
    wanted: { endpointUrl: "http://profile" },
  },
  {
    what: "FIPS, dualstack and legacy of the profile",
    role:
      "use_fips_endpoint = true\nuse_dualstack_endpoint = true\nsts_regional_endpoints = legacy\n",
    wanted: { useFips: true, useDualstack: true, legacyGlobal: true },
  },
  {
    what: "those of the environment before the profile's",
    role:
      "use_fips_endpoint = true\nuse_dualstack_endpoint = true\nsts_regional_endpoints = legacy\n",
    env: {
      AWS_USE_FIPS_ENDPOINT: "false",
      AWS_USE_DUALSTACK_ENDPOINT: "false",
      AWS_STS_REGIONAL_ENDPOINTS: "regional",
    },
    wanted: { useFips: false, useDualstack: false, legacyGlobal: false },
  },
];

for (const { what, role = "", user = "", more = "", env = {}, request, wanted, session } of cases) {
  Deno.test({
    name: `chooseEndpoint() takes ${what}`,
    permissions: "none",
    async fn() {
      const config = `[profile a]\nrole_arn = arn:aws-cn:iam::123456789012:role/A\n` +
        `source_profile = user\nmfa_serial = ${serialOf("kim").replace("aws", "aws-cn")}\n${role}` +
        `[profile user]\n${keys}${user}${more}`;
      const { plans: [plan] } = resolvePlans(await configOf({ config, env }), ["a"], request);
      assertEquals(plan?.roles[0]?.endpoint, { ...wanted, partition: "aws-cn" });
      assertEquals(plan?.session?.endpoint, { ...(session ?? wanted), partition: "aws-cn" });
    },
  });
}

Deno.test({
  name: "chooseEndpoint() takes the partition from the role where the device has only a number",
  permissions: "none",
  async fn() {
    const config = `[profile a]\nrole_arn = arn:aws-us-gov:iam::123456789012:role/A\n` +
      `source_profile = a\nmfa_serial = GAHT12345678\n${keys}`;
    const { plans: [plan] } = resolvePlans(await configOf({ config }), ["a"]);
    assertEquals(plan?.session?.endpoint, { partition: "aws-us-gov" });
  },
});

Deno.test({
  name:
    "chooseServiceEndpoint() takes a service's own address, and none where addresses are ignored",
  permissions: "none",
  async fn() {
    const endpoint = async (env: Readonly<Record<string, string>>, more = "") => {
      const config = `[profile a]\nregion = r\n${more}${keys}`;
      const { environment, profiles } = await configOf({ config, env });
      const [profile] = profiles.values();
      if (profile === undefined) throw new Error("no profile");
      return chooseServiceEndpoint("sso", "s", environment, profile);
    };
    const url = { AWS_ENDPOINT_URL_SSO: "http://sso", AWS_ENDPOINT_URL: "http://all" };
    assertEquals(await endpoint({}), { region: "s" });
    assertEquals(await endpoint(url), { region: "s", endpointUrl: "http://sso" });
    assertEquals(await endpoint({ AWS_ENDPOINT_URL: "http://all" }, "endpoint_url = http://p\n"), {
      ...{ region: "s", endpointUrl: "http://all" },
    });
    assertEquals(await endpoint({}, "endpoint_url = http://p\n"), {
      ...{ region: "s", endpointUrl: "http://p" },
    });
    assertEquals(await endpoint({ ...url, ...ignoring }), { region: "s" });
    const own = "services = s\nendpoint_url = http://p\nuse_fips_endpoint = true\n";
    const section = "[services s]\nsso =\n  endpoint_url = http://own\n";
    assertEquals(await endpoint({}, `${own}${keys}${section}[profile b]\n`), {
      ...{ region: "s", endpointUrl: "http://own", useFips: true },
    });
    assertEquals(
      await endpoint({ AWS_USE_FIPS_ENDPOINT: "true" }, "use_dualstack_endpoint = true\n"),
      {
        ...{ region: "s", useFips: true, useDualstack: true },
      },
    );
  },
});

Deno.test({
  name: "chooseEndpoint() takes for each role of a chain what it says, and then what is below it",
  permissions: "none",
  async fn() {
    const link = (name: string, source: string, region = "") =>
      `[profile ${name}]\nrole_arn = arn:aws:iam::123456789012:role/${name.toUpperCase()}\n` +
      `source_profile = ${source}\n${region}`;
    const config = link("a", "b", "region = ra\n") + link("b", "c") + link("c", "user") +
      `[profile user]\n${keys}`;
    const regions = async (text: string) => {
      const { plans: [plan] } = resolvePlans(await configOf({ config: text }), ["a"]);
      return plan?.roles.map(({ endpoint }) => endpoint.region);
    };
    assertEquals(await regions(config), [undefined, undefined, "ra"]);
    assertEquals(await regions(`${config}region = ru\n`), ["ru", "ru", "ra"]);
  },
});
