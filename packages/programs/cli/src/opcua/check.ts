import { certificateProblems } from '@medkit/opcua';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';

/** `medkit opcua check`: lists missing properties of an OPC UA client certificate. */
export const check: CommandProgram = {
  help: () =>
    helpText({
      usage: 'opcua check <certificate>',
      about: [
        'Checks the certificate of an OPC UA client (PEM or DER) against OPC 10000-6, 6.2.2, and prints each missing property. OPC UA',
        'servers differ in how many of these properties they verify.',
        `Exit code: 0 if nothing is missing, ${ExitCode.failed} otherwise.`,
      ],
      examples: [['opcua check pki/client.pem', 'check a client certificate']],
    }),

  async run(args) {
    const { positionals } = await parseArguments(args, {});
    const [path, ...others] = positionals;
    expectNoArguments(others);
    if (path === undefined)
      throw new CommandFailed('missing argument: the certificate file. See --help', ExitCode.usage);
    const lacks = await certificateProblems(path);
    if (lacks.length === 0) console.log(`${path} meets OPC 10000-6, 6.2.2`);
    for (const each of lacks) console.log(`${path}: missing ${each}`);
    return lacks.length === 0 ? ExitCode.ok : ExitCode.failed;
  },
};
