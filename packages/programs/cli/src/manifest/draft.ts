import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { askGateway } from '../remote/ask-gateway.ts';
import { CONNECTION_OPTION_LINES, CONNECTION_OPTIONS } from '../remote/connection.ts';
import { draftSource } from './draft-source.ts';

/** `medkit manifest draft`: generates a manifest of the running robot. */
export const draft: CommandProgram = {
  help: () =>
    helpText({
      usage: 'manifest draft',
      about: [
        'Prints a manifest that declares what a running gateway has discovered, with every app bound to its node. Save it to a file,',
        'change names and structure as needed, and run the gateway in hybrid mode.',
      ],
      connection: CONNECTION_OPTION_LINES,
      examples: [['manifest draft --url robot-01 > robot.yaml', 'generate a manifest of the robot']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, CONNECTION_OPTIONS);
    expectNoArguments(positionals);
    const source = await askGateway(values, draftSource);
    const { draftManifest } = await import('@medkit/manifest');
    process.stdout.write(draftManifest(source));
    return ExitCode.ok;
  },
};
