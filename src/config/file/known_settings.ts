/**
 * Keys that stand in AWS's files and that stsaval does not read, so that an unknown key can be told from
 * them.
 *
 * @module
 */

import { nearestName } from "../../nearest.ts";
import { namesMeant, olderNames, settingNames } from "./setting_names.ts";

/** Read by the AWS CLI and the SDKs (botocore's `configprovider`, the AWS CLI's `config-vars`, the SDKs' guide). */
// deno-fmt-ignore
const ofAws: ReadonlySet<string> = new Set([
  "output", "s3", "account_id_endpoint_mode", "api_versions",
  "auth_scheme_preference", "aws_account_id", "credential_scope", "csm_client_id",
  "csm_enabled", "csm_host", "csm_port", "data_path", "defaults_mode",
  "disable_host_prefix_injection", "disable_request_compression", "endpoint_discovery_enabled",
  "imds_use_ipv6", "max_attempts", "metadata_service_num_attempts", "metadata_service_timeout",
  "parameter_validation", "request_checksum_calculation", "request_min_compression_size_bytes",
  "response_checksum_validation", "retry_mode", "s3_disable_express_session_auth",
  "s3_disable_multiregion_access_points", "s3_us_east_1_regional_endpoint", "s3_use_arn_region",
  "sdk_ua_app_id", "sigv4a_signing_region_set", "tcp_keepalive",
]);

/** Notes that other tools keep for themselves: when something ends, how it is shown. */
const notes =
  /^(?:cli_|granted_|x_|toolkit_)|^(?:color|expiration|aws_expiration|aws_credential_expir\w+|aws_session_expir\w+|sso_account_name|sso_auto_populated|assumed_role\w*)$/;

/** Keys of other tools that lead to other credentials than the rest of the profile does. */
const leadsElsewhere: ReadonlySet<string> = new Set([
  ...["assume_role", "azure_tenant_id", "saml_provider", "principal_arn"],
]);

/** A key that stsaval does not know. */
export interface UnknownKey {
  /** The key that is known and may be meant. */
  readonly nearest: string | undefined;
  /** True where credentials may come about in another way than the profile was meant to say. */
  readonly matters: boolean;
}

/** What is odd about a key of a profile; undefined where nothing is. */
export function unknownKey(key: string): UnknownKey | undefined {
  if (ownKeys.has(key) || ofAws.has(key) || notes.test(key)) return undefined;
  const nearest = namesMeant[key.replaceAll("-", "_")] ??
    nearestName(key, [...ownKeys, ...ofAws]);
  const matters = leadsElsewhere.has(key) || (nearest !== undefined && ownKeys.has(nearest));
  return { nearest, matters };
}

const ownKeys: ReadonlySet<string> = new Set([
  ...Object.values(settingNames),
  ...Object.keys(olderNames),
]);
