import { DEFAULT_RULES } from '@medkit/fleet-agent';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';

/** `medkit vda5050 defaults`: prints the default rules, which apply after the rules of a file. */
export const defaults: CommandProgram = {
  help: () =>
    helpText({
      usage: 'vda5050 defaults',
      about: [
        'Prints the default rules by which the VDA 5050 agent reports faults, in the format of its file. Use them as a template: rules',
        'of the file take precedence over the default rules.',
      ],
      examples: [['vda5050 defaults > rules.yaml', 'save the default rules as a template']],
    }),

  async run(args) {
    const { positionals } = await parseArguments(args, {});
    expectNoArguments(positionals);
    process.stdout.write(DEFAULT_RULES);
    return ExitCode.ok;
  },
};
