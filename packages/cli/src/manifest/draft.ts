import { defaultConfigFile } from '@medkit/gateway';
import { draftManifest } from '@medkit/manifest';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { apiReader } from '../gateway/api-reader.ts';
import { foldersOf, readConfig } from '../gateway/read-config.ts';
import { draftSource } from './draft-source.ts';

const DEFAULT_URL = 'http://127.0.0.1:8080';

/** `medkit manifest draft`: a manifest of the robot as it runs, to begin with. */
export const draft: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} manifest draft [options]`,
      '',
      'Asks a running gateway what it sees and prints a manifest that declares it: every app bound to the node that it is.',
      'Write it to a file, give things the names and places that people use, and run it in hybrid mode.',
      '',
      columns([
        ['--url <url>', `the gateway (default ${DEFAULT_URL})`],
        ['--config <file>', 'configuration of the gateway, for its token'],
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, { url: { type: 'string' }, config: { type: 'string' } });
    expectNoWords(positionals);
    const { url = DEFAULT_URL, ...flags } = values;
    const environment = process.env;
    const { config } = await readConfig({ environment, flags, defaultFile: defaultConfigFile(foldersOf(environment)) });
    const address = String(url).replace(/\/+$/, '');
    try {
      process.stdout.write(draftManifest(await draftSource(apiReader(address, config.server.token))));
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = cause instanceof Error ? cause.message : message;
      throw new CommandFailed(`no gateway tells its entities at ${address}: ${reason}`);
    }
    return ExitCode.ok;
  },
};
