/**
 * The AWS SDK for JavaScript as a program: prints the credentials of the profile `admin`, with the sign-in endpoint that
 * the first argument names.
 *
 * @module
 */

import { fromLoginCredentials } from "@aws-sdk/credential-provider-login";

const [endpoint = ""] = Deno.args;
const provide = fromLoginCredentials({ profile: "admin", clientConfig: { endpoint } });
const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provide();
console.log(JSON.stringify({ accessKeyId, secretAccessKey, sessionToken, expiration }));
