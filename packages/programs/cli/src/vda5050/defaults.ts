import { DEFAULT_RULES } from '@medkit/fleet-agent';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';

/** `medkit vda5050 defaults`: the rules behind those of every file. */
export const defaults: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} vda5050 defaults`,
      '',
      'Prints the rules by which the VDA 5050 agent tells a fleet of faults, as its file has them: to begin with rules of your own,',
      'which come before these.',
    ].join('\n'),

  async run(words) {
    const { positionals } = await parseWords(words, {});
    expectNoWords(positionals);
    process.stdout.write(DEFAULT_RULES);
    return ExitCode.ok;
  },
};
