import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { askGateway } from '../remote/ask-gateway.ts';
import { CONNECTION_OPTION_LINES, CONNECTION_OPTIONS } from '../remote/connection.ts';
import { draftSource } from './draft-source.ts';

/** `medkit manifest draft`: a manifest of the robot as it runs, to begin with. */
export const draft: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} manifest draft [options]`,
      '',
      'Asks a running gateway what it sees and prints a manifest that declares it: every app bound to the node that it is.',
      'Write it to a file, give things the names and places that people use, and run it in hybrid mode.',
      '',
      columns(CONNECTION_OPTION_LINES),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, CONNECTION_OPTIONS);
    expectNoWords(positionals);
    const source = await askGateway(values, draftSource);
    const { draftManifest } = await import('@medkit/manifest');
    process.stdout.write(draftManifest(source));
    return ExitCode.ok;
  },
};
