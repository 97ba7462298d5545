import { PlcFailed, type PlcOptions, startPlc, tankNodeMapFile } from '@medkit/plc';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords, readWhole } from '../command/parse-words.ts';
import { untilStopped } from '../command/until-stopped.ts';

/** The port of OPC UA servers (IANA). */
const DEFAULT_PORT = '4840';
const MAX_PORT = 65_535;

/** A server that lets nobody in without a signed channel, whoever it is. */
const SECURED: PlcOptions['security'] = {
  policies: ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'],
  modes: ['Sign', 'SignAndEncrypt'],
  allowAnonymous: true,
};

/** `medkit plc`: a simulated PLC to try the OPC UA plugin with. */
export const plc: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} plc [options]`,
      '',
      'Starts a simulated PLC until Ctrl-C: a filling station with a tank, over OPC UA on loopback. It knows of medkit nothing;',
      'docs/guides/opcua.md connects a gateway to it. What can go wrong with it are switches below Simulation.',
      '',
      `Its node map is ${tankNodeMapFile}`,
      '',
      columns([
        ['--port <integer>', `of its server (default ${DEFAULT_PORT}; 0 is one that is free)`],
        ['--secure', 'It offers no channel without a signature.'],
        ['--folder <path>', 'It keeps its certificate there, and has the same one the next time.'],
      ]),
    ].join('\n'),

  async run(words) {
    const stopped = untilStopped();
    const { values, positionals } = await parseWords(words, {
      port: { type: 'string', default: DEFAULT_PORT },
      secure: { type: 'boolean', default: false },
      folder: { type: 'string' },
    });
    expectNoWords(positionals);
    const options = {
      port: readWhole('port', values.port, MAX_PORT),
      ...(values.secure === true && { security: SECURED }),
      ...(values.folder !== undefined && { folder: String(values.folder) }),
    };
    const running = await startPlc(options).catch((error: unknown) => {
      throw error instanceof PlcFailed ? new CommandFailed(error.message) : error;
    });
    console.log(`the PLC is at ${running.endpointUrl}`);
    const alone = running.ended.then(() => {
      throw new CommandFailed('the PLC ended by itself');
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
