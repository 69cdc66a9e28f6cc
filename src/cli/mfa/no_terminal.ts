/**
 * The error of a prompt that has no place.
 *
 * @module
 */

import { NoCodeError } from "../../session/mfa.ts";

/** There is no terminal to prompt on. */
export class NoTerminalError extends NoCodeError {}
