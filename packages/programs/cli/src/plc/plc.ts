import { PlcFailed, type PlcOptions, startPlc, tankNodeMapFile } from '@medkit/plc';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments, readInteger } from '../command/parse-arguments.ts';
import { untilStopped } from '../command/until-stopped.ts';

/** The port of OPC UA servers (IANA). */
const DEFAULT_PORT = '4840';
const MAX_PORT = 65_535;

/** Requires signed channels; anonymous users are allowed. */
const SECURED: PlcOptions['security'] = {
  policies: ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'],
  modes: ['Sign', 'SignAndEncrypt'],
  allowAnonymous: true,
};

/** `medkit plc`: runs a simulated PLC for the OPC UA plugin. */
export const plc: CommandProgram = {
  help: () =>
    helpText({
      usage: 'plc',
      about: [
        'Runs a simulated PLC until Ctrl-C: a filling station with a tank, served over OPC UA on loopback. docs/guides/opcua.md',
        'connects a gateway to it. To cause failures, set the nodes below "Simulation" with an OPC UA client.',
        '',
        `Node map: ${tankNodeMapFile}`,
      ],
      options: [
        ['--port <integer>', `TCP port, 0 to ${MAX_PORT}; 0 chooses a free one (default ${DEFAULT_PORT})`],
        ['--secure', 'accept only signed or encrypted channels'],
        [
          '--folder <path>',
          'folder in which the server keeps its certificate between runs (default: a new certificate each time)',
        ],
      ],
      examples: [['plc --secure --folder plc', 'a PLC with security, and the same certificate at each start']],
    }),

  async run(args) {
    const stopped = untilStopped();
    const { values, positionals } = await parseArguments(args, {
      port: { type: 'string', default: DEFAULT_PORT },
      secure: { type: 'boolean', default: false },
      folder: { type: 'string' },
    });
    expectNoArguments(positionals);
    const options = {
      port: readInteger('port', values.port, MAX_PORT),
      ...(values.secure === true && { security: SECURED }),
      ...(values.folder !== undefined && { folder: String(values.folder) }),
    };
    const running = await startPlc(options).catch((error: unknown) => {
      throw error instanceof PlcFailed ? new CommandFailed(error.message) : error;
    });
    console.log(`PLC: ${running.endpointUrl}`);
    const alone = running.ended.then(() => {
      throw new CommandFailed('the simulated PLC exited unexpectedly');
    });
    try {
      await Promise.race([stopped, alone]);
    } finally {
      alone.catch(() => undefined);
      await running.stop();
    }
    return ExitCode.ok;
  },
};
