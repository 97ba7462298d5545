import { certificateLacks } from '@medkit/plugin-opcua';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';

/** `medkit opcua check`: says what a certificate of an OPC UA client lacks. */
export const check: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} opcua check <certificate>`,
      '',
      'Says what the certificate of an OPC UA client, PEM or DER, lacks of what OPC 10000-6, 6.2.2 requires. Servers differ in how',
      `much of it they look at. Ends with 0 if it lacks nothing, with ${ExitCode.failed} otherwise.`,
    ].join('\n'),

  async run(words) {
    const { positionals } = await parseWords(words, {});
    const [path, ...others] = positionals;
    expectNoWords(others);
    if (path === undefined) throw new CommandFailed('which certificate? See --help', ExitCode.usage);
    const lacks = await certificateLacks(path);
    if (lacks.length === 0) console.log(`${path} has all that OPC 10000-6, 6.2.2 requires`);
    for (const each of lacks) console.log(`${path} lacks ${each}`);
    return lacks.length === 0 ? ExitCode.ok : ExitCode.failed;
  },
};
