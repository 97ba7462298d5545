import { systemClock } from '@medkit/edges/node';
import { writeClientCertificate } from '@medkit/plugin-opcua';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords, readWhole } from '../command/parse-words.ts';

const MAX_DAYS = 36_500;

/** `medkit opcua certificate`: makes the certificate by which PLCs know this client. */
export const certificate: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} opcua certificate [folder] [options]`,
      '',
      'Makes a certificate and a key for the OPC UA plugin in a folder (default: here), as OPC 10000-6, 6.2.2 requires them.',
      'A gateway makes its own one, if client_cert_path is not set; this is for certificates that are kept elsewhere.',
      '',
      columns([
        ['--uri <uri>', 'of this application, unique in the plant (default urn:<machine>:medkit)'],
        ['--host <name>', 'a further name or address of this machine; may be repeated'],
        ['--days <integer>', 'that it is valid (default 3650)'],
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, {
      uri: { type: 'string' },
      host: { type: 'string', multiple: true },
      days: { type: 'string', default: '3650' },
    });
    const [folder = '.', ...others] = positionals;
    expectNoWords(others);
    const days = readWhole('days', values['days'], MAX_DAYS);
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
      ['for the trust list of the PLC', made.derPath],
      ['thumbprint', made.thumbprint],
      ['application URI', made.applicationUri],
      ['valid to', made.validTo],
    ];
    console.log(columns(rows));
    return ExitCode.ok;
  },
};
