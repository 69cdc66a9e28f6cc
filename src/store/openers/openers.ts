/**
 * The table of openers.
 *
 * @module
 */

import { identityFile } from "./identity_file.ts";
import { keychain } from "./keychain.ts";
import { keyctl } from "./keyctl.ts";
import type { Opener } from "./opener.ts";
import type { OpenerName } from "./opener_lines.ts";
import { pass } from "./pass.ts";
import { passphrase } from "./passphrase.ts";
import { secretService } from "./secret_service.ts";
import { systemdCreds } from "./systemd_creds.ts";

/** The records. */
export const openers: Readonly<Record<OpenerName, Opener>> = {
  passphrase,
  identity: identityFile,
  "secret-service": secretService,
  keyctl,
  keychain,
  pass,
  "systemd-creds": systemdCreds,
};
