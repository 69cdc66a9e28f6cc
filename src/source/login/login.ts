/**
 * `aws login`: a sign-in with console credentials that the AWS CLI has made.
 *
 * See https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html
 *
 * @module
 */

import type { Recognition } from "../../config/base_kind.ts";
import { definedFields } from "../../config/fields.ts";
import { quoteValue } from "../../config/file/quote.ts";
import { failProfile } from "../../config/plan/problem.ts";
import { chooseServiceEndpoint } from "../../config/plan/endpoint_choice.ts";
import { UsageError } from "../../errors.ts";
import { type SignInEndpoint, signInUrl, signInUrls } from "../../sts/sign_in_endpoint.ts";
import { createStep, type Source } from "../source.ts";
import { loginFolder } from "./folder.ts";

const source = "login";

/** The record. */
export const login: Source = {
  source,
  mayAsk: true,
  isNamedBy: ({ loginSession }) => loginSession !== undefined,
  ofProfile(recognition) {
    const { profile } = recognition;
    const { loginSession } = profile;
    if (loginSession === undefined) return undefined;
    return createStep({
      ...{ source, profile, field: "loginSession" },
      detail: quoteValue(loginSession),
      settings: { loginSession, ...endpointSettings(recognition, loginSession) },
    });
  },
  urls: ({ settings }) => signInUrls(endpointOf(settings)),
  async tokenFiles({ settings: { loginSession = "" } }, env) {
    const { loginPathOf } = await import("./token_file.ts");
    const path = await loginPathOf(loginSession, env);
    return path === undefined ? [] : [path];
  },
  folders: (env) => [loginFolder(env)],
  async fetch({ settings, profile }, context) {
    const { loginSession = "" } = settings;
    const { fetchLogin } = await import("./credentials.ts");
    return await fetchLogin({ loginSession, profile, endpoint: endpointOf(settings) }, context);
  },
};

/** The endpoint as a step keeps it: texts. @throws {ProfileError} where the region or a custom endpoint cannot be used */
function endpointSettings(
  { asked, profile, environment }: Recognition,
  loginSession: string,
): Readonly<Record<string, string | undefined>> {
  const region = environment.region ?? profile.region;
  const partition = /^arn:([^:]+):/.exec(loginSession.trim())?.[1];
  const { endpointUrl, useFips, useDualstack } = chooseServiceEndpoint(
    "signin",
    region ?? "",
    environment,
    profile,
  );
  const chosen = definedFields<SignInEndpoint>({
    ...{ region, partition, endpointUrl, useFips, useDualstack },
  });
  try {
    if (region !== undefined || endpointUrl !== undefined) signInUrl(chosen);
  } catch (error) {
    if (error instanceof UsageError) return failProfile(asked, error.message, error.hint);
    throw error;
  }
  return {
    ...{ region, partition, endpointUrl },
    useFips: useFips ? "true" : undefined,
    useDualstack: useDualstack ? "true" : undefined,
  };
}

function endpointOf(settings: Readonly<Record<string, string>>): SignInEndpoint {
  const { region, partition, endpointUrl, useFips, useDualstack } = settings;
  return definedFields<SignInEndpoint>({
    ...{ region, partition, endpointUrl },
    useFips: useFips === "true",
    useDualstack: useDualstack === "true",
  });
}
