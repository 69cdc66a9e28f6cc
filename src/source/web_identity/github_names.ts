/**
 * What GitHub Actions calls what a job gets its tokens with.
 *
 * @module
 */

/** Where GitHub says how a job gets its tokens, if the workflow allows it any. */
export const urlVariable = "ACTIONS_ID_TOKEN_REQUEST_URL";
/** What the job proves itself with there. */
export const tokenVariable = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

/** Below it are the hosts that give tokens. */
export const githubSuffix = "actions.githubusercontent.com";
