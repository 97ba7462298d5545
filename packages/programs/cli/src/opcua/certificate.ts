import { systemClock } from '@medkit/edges/node';
import { writeClientCertificate } from '@medkit/opcua';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments, readInteger } from '../command/parse-arguments.ts';

const MAX_DAYS = 36_500;
const DEFAULT_DAYS = '3650';

/** `medkit opcua certificate`: creates the OPC UA client certificate. */
export const certificate: CommandProgram = {
  help: () =>
    helpText({
      usage: 'opcua certificate [folder]',
      about: [
        'Creates a client certificate and key for the OPC UA plugin in a folder (default: the working directory), as required by',
        'OPC 10000-6, 6.2.2. Only needed for a certificate that is managed manually: without client_cert_path, a gateway creates its',
        'own.',
      ],
      options: [
        ['--uri <uri>', 'application URI, unique in the plant (default urn:<machine>:medkit)'],
        ['--host <name>', 'additional host name or address of this machine; may be repeated'],
        ['--days <integer>', `validity in days, 0 to ${MAX_DAYS} (default ${DEFAULT_DAYS})`],
      ],
      examples: [['opcua certificate pki --days 730', 'create a certificate for two years in the folder pki']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      uri: { type: 'string' },
      host: { type: 'string', multiple: true },
      days: { type: 'string', default: DEFAULT_DAYS },
    });
    const [folder = '.', ...others] = positionals;
    expectNoArguments(others);
    const days = readInteger('days', values['days'], MAX_DAYS);
    const made = await writeClientCertificate({
      folder,
      ...(values['uri'] !== undefined && { applicationUri: String(values['uri']) }),
      hosts: ((values['host'] ?? []) as readonly string[]).map(String),
      days,
      nowMs: systemClock.wallMs(),
    });
    const rows: [string, string][] = [
      ['client_cert_path', made.certificatePath],
      ['client_key_path', made.keyPath],
      ['certificate for the trust list of the PLC', made.derPath],
      ['thumbprint', made.thumbprint],
      ['application URI', made.applicationUri],
      ['valid until', made.validTo],
    ];
    console.log(columns(rows));
    return ExitCode.ok;
  },
};
