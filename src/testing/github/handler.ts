/**
 * The endpoint of GitHub Actions that gives a job its tokens: GET with the job's bearer token, JSON out.
 *
 * See https://docs.github.com/en/actions/reference/security/oidc
 *
 * @module
 */

import { EmulatorError } from "../http/error.ts";
import { json } from "../http/json_body.ts";
import { receive, type RequestIntake } from "../http/request_intake.ts";
import type { EmulatorGithub } from "../world/account_state.ts";
import type { IdentityProviders } from "../world/identity_providers.ts";

/** Who signs GitHub's tokens. */
export const githubIssuer = "https://token.actions.githubusercontent.com";

/** The path of the emulated endpoint, with the query that GitHub's own URL has. */
export const githubTokenPath = "/github/idtoken?api-version=2.0";

/** The audience of a token for which none was asked, the owner of the repository. */
const defaultAudience = "https://github.com/example";

/** Tokens last five minutes. */
const tokenSeconds = 300;

/** Serves the one operation. */
export class GithubHandler {
  readonly #github: EmulatorGithub;
  readonly #providers: IdentityProviders;
  readonly #intake: RequestIntake;

  /** The tokens are those of the provider {@linkcode githubIssuer}. */
  constructor(github: EmulatorGithub, providers: IdentityProviders, intake: RequestIntake) {
    this.#github = github;
    this.#providers = providers;
    this.#intake = intake;
  }

  /** Whether a request is one of this handler's. */
  serves({ method, url }: Request): boolean {
    return method === "GET" && new URL(url).pathname === githubTokenPath.replace(/\?.*/, "");
  }

  /**
   * Handles a request; a rejection is a response too.
   *
   * @throws {ConnectionDroppedError} when a fault drops the connection
   */
  async handle(request: Request): Promise<Response> {
    const { subject, requestToken } = this.#github;
    const audience = new URL(request.url).searchParams.get("audience") ?? defaultAudience;
    try {
      const token = await receive(
        this.#intake,
        { operation: "GetIdToken", accessKeyId: "" },
        ({ now }) => {
          if (request.headers.get("authorization") !== `Bearer ${requestToken}`) {
            throw unauthorized();
          }
          const what = { issuer: githubIssuer, subject, audience, seconds: tokenSeconds };
          return this.#providers.issue(what, now);
        },
      );
      return json(200, { count: token.length, value: token });
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      return json(error.status, { message: error.message });
    }
  }
}

function unauthorized(): EmulatorError {
  return new EmulatorError("Unauthorized", 401, "The job token is not valid");
}
