import type { DeviceLogin } from '@medkit/contract';
import type { HttpClient } from '@medkit/edges';
import { type IssuedTokens, type ProviderDocument, requestTokens, sendForm, TokenRefused } from '@medkit/gateway/oidc';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { audienceForm } from '../remote/provider-tokens.ts';

/** RFC 8628, 3.2 and 3.5: the interval without another value, and the addition after `slow_down`. */
const INTERVAL_SEC = 5;
/** Maximum interval: a login that the user has confirmed must not take minutes to arrive. */
const MAX_INTERVAL_SEC = 60;
/** Maximum time for a login, whatever the provider allows. */
const MAX_LOGIN_SEC = 3600;
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';

/** What the user needs to confirm the login in a browser. */
export interface DevicePrompt {
  readonly userCode: string;
  readonly verificationUri: string;
  /** The same address with the code, if the provider offers it. */
  readonly completeUri?: string;
}

export interface DeviceLoginOptions {
  readonly http: HttpClient;
  readonly document: ProviderDocument;
  readonly login: DeviceLogin;
  show(prompt: DevicePrompt): void;
  /** Waits; returns false if the user cancels the command. */
  wait(ms: number): Promise<boolean>;
  /** Monotonic time. */
  nowMs(): number;
}

/** Logs in by the device authorization grant (RFC 8628). Throws `CommandFailed` if the login does not succeed. */
export async function logInByDevice(options: DeviceLoginOptions): Promise<IssuedTokens> {
  const { document, login, http, nowMs, show, wait } = options;
  const { deviceCode, prompt, lifeSec, ...started } = await requestCode(options);
  const endMs = nowMs() + lifeSec * 1000;
  show(prompt);
  let { intervalSec } = started;
  for (;;) {
    if (!(await wait(intervalSec * 1000))) throw new CommandFailed('the login was canceled', ExitCode.cancelled);
    if (nowMs() >= endMs) throw expired();
    try {
      return await requestTokens(
        http,
        { url: document.token_endpoint ?? '', client: clientOf(login) },
        { grant_type: GRANT_TYPE, device_code: deviceCode, ...audienceForm(login) },
      );
    } catch (error) {
      const isBusy = !(error instanceof TokenRefused) || error.status >= 500 || error.status === 429;
      if (!isBusy && error.code === 'authorization_pending') continue;
      // A provider that cannot be reached is asked less often, too (RFC 8628, 3.5).
      if (!isBusy && error.code !== 'slow_down') throw refusal(error, login);
      intervalSec = Math.min(intervalSec + INTERVAL_SEC, MAX_INTERVAL_SEC);
    }
  }
}

const clientOf = ({ client_id: clientId }: DeviceLogin) => ({ clientId, clientSecret: '' });

async function requestCode({ http, document, login }: DeviceLoginOptions) {
  const { device_authorization_endpoint: url, token_endpoint } = document;
  if (url === undefined || token_endpoint === undefined) {
    throw new CommandFailed(
      `the identity provider ${login.issuer} offers no login for devices (device_authorization_endpoint): enable the device authorization grant there, or log in with --user <name>`,
      ExitCode.refused,
    );
  }
  const form = { scope: login.scope, ...audienceForm(login) };
  const fields = await sendForm(http, { url, client: clientOf(login) }, form).catch((error: unknown) => {
    throw refusal(error, login);
  });
  const { device_code: deviceCode, user_code: userCode, verification_uri: verificationUri } = fields;
  const { verification_uri_complete: completeUri, expires_in, interval } = fields;
  if (typeof deviceCode !== 'string' || typeof userCode !== 'string' || typeof verificationUri !== 'string') {
    throw new CommandFailed(`the identity provider ${login.issuer} replied without a code`, ExitCode.unavailable);
  }
  return {
    deviceCode,
    prompt: { userCode, verificationUri, ...(typeof completeUri === 'string' && { completeUri }) },
    lifeSec: within(expires_in, MAX_LOGIN_SEC, MAX_LOGIN_SEC),
    intervalSec: within(interval, INTERVAL_SEC, MAX_INTERVAL_SEC),
  };
}

/** Returns a positive number of the provider, limited to `max`. */
function within(value: unknown, otherwise: number, max: number): number {
  const number = Number(value);
  return number > 0 ? Math.min(number, max) : otherwise;
}

const expired = () =>
  new CommandFailed('the code has expired before the login was confirmed: run the command again', ExitCode.notAllowed);

function refusal(error: unknown, { issuer, client_id }: DeviceLogin): CommandFailed {
  if (!(error instanceof TokenRefused)) {
    const { message } = error as Error;
    return new CommandFailed(`the identity provider ${issuer} cannot be reached: ${message}`, ExitCode.unavailable);
  }
  if (error.code === 'expired_token') return expired();
  if (error.code === 'access_denied')
    return new CommandFailed('the login was denied at the identity provider', ExitCode.notAllowed);
  const client = `check there that the client ${client_id} is public and may use the device authorization grant`;
  const grant = `check there the client ${client_id} and its scopes, or run the command again`;
  const remedy = ['invalid_client', 'unauthorized_client', 'unsupported_grant_type'].includes(error.code)
    ? client
    : grant;
  return new CommandFailed(
    `the identity provider ${issuer} refused the login (${error.message}): ${remedy}`,
    ExitCode.refused,
  );
}
