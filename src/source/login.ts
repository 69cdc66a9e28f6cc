/**
 * `aws login`: a sign-in with console credentials that the AWS CLI has made.
 *
 * @module
 */

import { quoteValue } from "../config/file/quote.ts";
import { createStep, type Source } from "./source.ts";

const source = "login";

/** The record. */
export const login: Source = {
  source,
  mayAsk: true,
  isNamedBy: ({ loginSession }) => loginSession !== undefined,
  ofProfile({ profile }) {
    const { loginSession, region } = profile;
    if (loginSession === undefined) return undefined;
    return createStep({
      onlyNamed: true,
      source,
      profile,
      field: "loginSession",
      detail: quoteValue(loginSession),
      settings: { loginSession, region },
    });
  },
};
