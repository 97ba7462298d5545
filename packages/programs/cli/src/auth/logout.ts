import { GatewayRefused } from '@medkit/client';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { complain } from '../command/complain.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { addressOf, CONNECTION_OPTION_LINES, CONNECTION_OPTIONS, connectAs } from '../remote/connection.ts';
import { keepCredential, keptCredential } from '../remote/kept-credentials.ts';
import { remoteFailure } from '../remote/remote-failure.ts';

const CONNECTION_LINES = CONNECTION_OPTION_LINES.filter(([option]) => /--(?:url|timeout)/.test(option));

/** `medkit logout`: what `login` kept counts no more. */
export const logout: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} logout [options]`,
      '',
      'Revokes the key that `login` has kept for this gateway, and forgets it. Where the gateway does not answer it is forgotten here,',
      'and ends there when its time is over.',
      '',
      columns(CONNECTION_LINES),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, CONNECTION_OPTIONS);
    expectNoWords(positionals);
    const url = addressOf(values, process.env);
    const kept = keptCredential(url, process.env);
    if (kept === undefined) throw new CommandFailed(`nobody is logged in at ${url}`, ExitCode.notFound);
    const client = connectAs(kept.key, values, process.env);
    const failure = await client.call('deleteApiKey', { path: { key_id: kept.id } }).catch((error: unknown) => error);
    keepCredential(url, undefined, process.env);
    const isGone = failure instanceof GatewayRefused && (failure.status === 401 || failure.status === 404);
    if (failure instanceof Error && !isGone) {
      const { message } = remoteFailure(failure) as Error;
      complain(`forgotten here, and not revoked there: ${message}`);
      return ExitCode.failed;
    }
    console.log(`Logged out at ${url}`);
    return ExitCode.ok;
  },
};
