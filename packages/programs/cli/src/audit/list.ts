import type { AuditRecordList } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { type OptionValues, parseArguments } from '../command/parse-arguments.ts';
import { askGateway } from '../remote/ask-gateway.ts';
import { CONNECTION_OPTIONS, IDENTITY_OPTION_LINES } from '../remote/connection.ts';
import { auditLogFile, LOG_OPTION_LINES, LOG_OPTIONS, selectsLog } from './log-options.ts';
import { missingLines } from './peer-lines.ts';
import { recordTable } from './record-lines.ts';

/** Filter options with their query parameters in the API. */
const FILTERS = {
  entity: 'entity',
  client: 'client',
  'fault-code': 'fault_code',
  collection: 'collection',
  operation: 'operation_id',
  kind: 'kind',
  outcome: 'outcome',
  status: 'status',
  since: 'since',
  until: 'until',
  limit: 'limit',
  before: 'cursor',
} as const;

const FILTER_OPTIONS = Object.fromEntries(Object.keys(FILTERS).map((name) => [name, { type: 'string' } as const]));

function parametersOf(values: OptionValues): Readonly<Record<string, string>> {
  const filters = Object.entries(FILTERS).flatMap(([option, parameter]) =>
    values[option] === undefined ? [] : [[parameter, String(values[option])]],
  );
  return Object.fromEntries(filters);
}

/** Reads records from a gateway if `--url` is set, or MEDKIT_URL without a named log; otherwise from a file. */
async function recordsOf(
  args: readonly string[],
  values: OptionValues,
): Promise<Pick<AuditRecordList, 'items' | 'x-medkit'>> {
  const query = parametersOf(values);
  const isNamed = args.length > 0 || selectsLog(values);
  if (values.url === undefined && (isNamed || !process.env.MEDKIT_URL)) {
    const flags = { 'data-dir': values['data-dir'], config: values.config };
    const path = await auditLogFile(args, flags);
    const { listAuditFile } = await import('@medkit/gateway');
    return { items: [...listAuditFile(path, query)] };
  }
  if (isNamed)
    throw new CommandFailed(
      '--url reads the log of a running gateway: remove the log file, --data-dir and --config',
      ExitCode.usage,
    );
  return askGateway(values, (client) => client.call('listAuditRecords', { query }));
}

/** `medkit audit list`: lists audit records. */
export const list: CommandProgram = {
  help: () =>
    helpText({
      usage: 'audit list [file]',
      about: [
        'Lists audit records, newest first: requests that change something (with client, lock and outcome), fault transitions,',
        'changes made outside the gateway, and a summary of rejected requests for each minute. The log is only read, also while a',
        'gateway writes to it. Without a file, reads the log that the configuration of the gateway names. With --url or MEDKIT_URL,',
        'asks the running gateway, which also includes the logs of the gateways that it aggregates.',
      ],
      options: [
        ['--entity <id>', 'requests for this entity, and faults that it reported'],
        ['--client <id>', 'requests of this client (X-Client-Id)'],
        ['--fault-code <code>', 'transitions of this fault'],
        ['--collection <name>', 'requests that change this collection, such as configurations'],
        ['--operation <id>', 'requests to the route with this operation id, such as setAppConfiguration'],
        ['--kind <kind>', 'request, fault, access or observed'],
        ['--outcome <outcome>', 'done, refused (4xx) or failed (5xx)'],
        ['--status <status>', 'HTTP status of a request, or new status of a fault'],
        ['--since <time>', 'at or after this time (ISO 8601), such as 2026-03-23T02:00:00Z'],
        ['--until <time>', 'before this time (ISO 8601)'],
        ['--limit <count>', 'maximum number of records, 1 to 500 (default 100)'],
        ['--before <id>', 'only records before this record id, to page back'],
        ['--json', 'print one record per line, as the API returns it'],
        ...LOG_OPTION_LINES,
      ],
      connection: [
        ['--url <address>', 'ask this running gateway instead of reading a file (env MEDKIT_URL)'],
        ...IDENTITY_OPTION_LINES,
      ],
      examples: [
        ['audit list --outcome refused --since 2026-03-23T02:00:00Z', 'requests that were refused since then'],
        [
          'audit list --url robot-01 --entity navigation --limit 20',
          'the last 20 records of an entity, from a gateway',
        ],
        ['audit list /backup/fault_audit.db --json', 'all records of a copied log file'],
      ],
    }),

  async run(args) {
    const options = { ...LOG_OPTIONS, ...CONNECTION_OPTIONS, ...FILTER_OPTIONS, json: { type: 'boolean' } } as const;
    const { values, positionals } = await parseArguments(args, options);
    const { items, 'x-medkit': about } = await recordsOf(positionals, values);
    if (values.json) for (const record of items) console.log(stringifyJson(record));
    else console.log(items.length === 0 ? 'no audit records match' : recordTable(items));
    for (const line of missingLines(about)) console.error(line);
    return ExitCode.ok;
  },
};
