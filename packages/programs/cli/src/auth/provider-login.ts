import type { Client } from '@medkit/client';
import { GatewayRefused } from '@medkit/client';
import type { DeviceLogin, RootOverview } from '@medkit/contract';
import { systemClock, systemHttpClient } from '@medkit/edges/node';
import { fetchDocument } from '@medkit/gateway/oidc';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import type { OptionValues } from '../command/parse-arguments.ts';
import { printError } from '../command/print-error.ts';
import { stopSignal, waitUnlessAborted } from '../command/stop-signal.ts';
import { connectAs } from '../remote/connection.ts';
import type { StoredTokens } from '../remote/credential-store.ts';
import { revokeTokens, tokensOf } from '../remote/provider-tokens.ts';
import { trustConfigured } from '../remote/trust.ts';
import { plainLine } from '../terminal/display-width.ts';
import { type DevicePrompt, logInByDevice } from './device-login.ts';

/** Logs in at the identity provider of the gateway. Throws `CommandFailed` if provider or gateway refuse the login. */
export async function providerLogin(values: OptionValues): Promise<StoredTokens> {
  const stranger = connectAs(undefined, values, process.env);
  await trustConfigured(stranger.url, values, process.env);
  const login = await deviceLoginAt(stranger);
  const document = await fetchDocument(systemHttpClient, login.issuer).catch((error: Error) => {
    const text = `the identity provider ${login.issuer} cannot be used: ${error.message}`;
    throw new CommandFailed(plainLine(text), ExitCode.unavailable);
  });
  const stop = stopSignal();
  const issued = await logInByDevice({
    ...{ http: systemHttpClient, document, login, show },
    wait: (ms) => waitUnlessAborted(ms, stop),
    nowMs: () => systemClock.monotonicMs(),
  });
  const tokens = tokensOf(issued, login);
  try {
    return { ...tokens, user: await principalAt(stranger.url, values, tokens, login) };
  } catch (error) {
    // The refusal of the gateway is what the user needs to know; an unused refresh token expires.
    await revokeTokens(tokens).catch((failure: Error) => printError(`warning: ${failure.message}`));
    throw error;
  }
}

/** Reads from the public overview how the command logs in. */
async function deviceLoginAt(client: Client): Promise<DeviceLogin> {
  const { auth } = (await client.read('/')) as Partial<RootOverview>;
  const { issuer, client_id, audience, scope } = (auth?.device_login ?? {}) as Partial<DeviceLogin>;
  if (issuer && client_id && audience && scope) return { issuer, client_id, audience, scope };
  throw new CommandFailed(
    `the gateway at ${client.url} offers no login at an identity provider: set auth.oidc.cli_client_id in its configuration, or log in with --user <name>`,
    ExitCode.refused,
  );
}

/** Prints on standard error, because the user must see it even if the output is redirected. */
function show({ userCode, verificationUri, completeUri }: DevicePrompt): void {
  const where = completeUri ?? verificationUri;
  console.error(`Open this page in a browser, on any device:\n\n  ${plainLine(where)}\n`);
  console.error(`${completeUri === undefined ? 'Enter' : 'Compare'} the code: ${plainLine(userCode)}\n`);
}

async function principalAt(
  url: string,
  values: OptionValues,
  { access_token }: StoredTokens,
  { issuer, audience }: DeviceLogin,
): Promise<string> {
  const me = await connectAs(access_token, values, process.env)
    .call('getMe', {})
    .catch((error: unknown) => {
      if (!(error instanceof GatewayRefused) || error.status !== 401) throw error;
      // The default message explains only the Authorization header.
      if (error.message.includes('Authorization')) return undefined;
      throw new CommandFailed(plainLine(`${url} refused the account: ${error.message}`), ExitCode.notAllowed);
    });
  if (me?.kind === 'oidc') return me.principal;
  throw new CommandFailed(
    `${url} did not accept the access token of ${issuer}: let the provider issue a JWT with the audience ${audience} to this client (auth.oidc.audience, auth.oidc.cli_scope)`,
    ExitCode.notAllowed,
  );
}
