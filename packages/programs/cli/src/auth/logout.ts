import { GatewayRefused } from '@medkit/client';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { printError } from '../command/print-error.ts';
import { addressOf, CONNECTION_OPTIONS, connectAs, LOGIN_OPTION_LINES } from '../remote/connection.ts';
import { storeCredential, storedCredential } from '../remote/credential-store.ts';
import { remoteFailure } from '../remote/remote-failure.ts';
import { trustConfigured } from '../remote/trust.ts';

/** `medkit logout`: revokes and deletes the key that `login` stored. */
export const logout: CommandProgram = {
  help: () =>
    helpText({
      usage: 'logout',
      about: [
        'Revokes the API key that `login` stored for this gateway, and deletes it. If the gateway does not answer, deletes only the',
        'stored key; the key then stays valid at the gateway until it expires.',
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
    const client = connectAs(credential.key, values, process.env);
    await trustConfigured(url, values, process.env);
    const failure = await client
      .call('deleteApiKey', { path: { key_id: credential.id } })
      .catch((error: unknown) => error);
    storeCredential(url, undefined, process.env);
    const isGone = failure instanceof GatewayRefused && (failure.status === 401 || failure.status === 404);
    if (failure instanceof Error && !isGone) {
      const { message } = remoteFailure(failure) as Error;
      printError(`deleted the stored key, but it was not revoked at the gateway: ${message}`);
      return ExitCode.failed;
    }
    console.log(`Logged out of ${url}`);
    return ExitCode.ok;
  },
};
