import { GatewayRefused } from '@medkit/client';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { printError } from '../command/print-error.ts';
import { addressOf, CONNECTION_OPTIONS, connectAs, LOGIN_OPTION_LINES } from '../remote/connection.ts';
import { isOfProvider, storeCredential, storedCredential } from '../remote/credential-store.ts';
import { revokeTokens } from '../remote/provider-tokens.ts';
import { remoteFailure } from '../remote/remote-failure.ts';
import { trustConfigured } from '../remote/trust.ts';

/** `medkit logout`: revokes and deletes the key or the tokens that `login` stored. */
export const logout: CommandProgram = {
  help: () =>
    helpText({
      usage: 'logout',
      about: [
        'Revokes the API key that `login` stored for this gateway, and deletes it. If the gateway does not answer, deletes only the',
        'stored key; the key then stays valid at the gateway until it expires. Tokens of `login --oidc` are revoked at the identity',
        'provider in the same way.',
      ],
      connection: LOGIN_OPTION_LINES,
      examples: [['logout --url robot-01', 'log out of this gateway']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, CONNECTION_OPTIONS);
    expectNoArguments(positionals);
    const url = addressOf(values, process.env);
    const credential = storedCredential(url, process.env);
    if (credential === undefined) throw new CommandFailed(`not logged in to ${url}`, ExitCode.notFound);
    await trustConfigured(url, values, process.env);
    const revoked = isOfProvider(credential)
      ? revokeTokens(credential)
      : connectAs(credential.key, values, process.env).call('deleteApiKey', { path: { key_id: credential.id } });
    const failure = await revoked.then(
      () => undefined,
      (error: unknown) => error,
    );
    storeCredential(url, undefined, process.env);
    const isGone = failure instanceof GatewayRefused && (failure.status === 401 || failure.status === 404);
    if (failure instanceof Error && !isGone) {
      const { message } = remoteFailure(failure) as Error;
      printError(
        `deleted the stored ${isOfProvider(credential) ? 'login' : 'key'}, but it was not revoked: ${message}`,
      );
      return ExitCode.failed;
    }
    console.log(`Logged out of ${url}`);
    return ExitCode.ok;
  },
};
