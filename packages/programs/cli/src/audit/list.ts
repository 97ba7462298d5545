import type { AuditRecordList } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { type OptionValues, parseWords } from '../command/parse-words.ts';
import { askGateway } from '../remote/ask-gateway.ts';
import { CONNECTION_OPTIONS, IDENTITY_OPTION_LINES } from '../remote/connection.ts';
import { auditLogFile, LOG_OPTION_LINES, LOG_OPTIONS, namesLog } from './audit-words.ts';
import { missingLines } from './peer-lines.ts';
import { recordTable } from './record-lines.ts';

/** Options that go on as parameters of the search, under the names that these have in the API. */
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
  const given = Object.entries(FILTERS).flatMap(([option, parameter]) =>
    values[option] === undefined ? [] : [[parameter, String(values[option])]],
  );
  return Object.fromEntries(given);
}

/** The log of a gateway that is named, in the environment unless a log is; otherwise that in a file. */
async function recordsOf(
  words: readonly string[],
  values: OptionValues,
): Promise<Pick<AuditRecordList, 'items' | 'x-medkit'>> {
  const query = parametersOf(values);
  const isNamed = words.length > 0 || namesLog(values);
  if (values.url === undefined && (isNamed || !process.env.MEDKIT_URL)) {
    const flags = { 'data-dir': values['data-dir'], config: values.config };
    const path = await auditLogFile(words, flags);
    const { listAuditFile } = await import('@medkit/gateway');
    return { items: [...listAuditFile(path, query)] };
  }
  if (isNamed)
    throw new CommandFailed('--url asks a gateway, which has a log of its own: name no other', ExitCode.usage);
  return askGateway(values, (client) => client.call('listAuditRecords', { query }));
}

/** `medkit audit list`: who changed what, and what was refused. */
export const list: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} audit list [file] [options]`,
      '',
      'Shows records of the audit log, the newest first: requests that were to change something, with client, lock and outcome,',
      'changes of faults, what others changed past the gateway, and minute by minute who was not let in. The log is only read, also while a gateway writes to it.',
      "Without a file it is the one of the gateway's configuration.",
      '',
      columns([
        ['--entity <id>', 'asked of this entity, or a fault that it reported'],
        ['--client <id>', 'asked for by this client (X-Client-Id)'],
        ['--fault-code <code>', 'changes of this fault'],
        ['--collection <name>', 'requests to change this collection, such as configurations'],
        ['--operation <id>', 'requests on the route of this operation id'],
        ['--kind <kind>', 'request, fault, access or observed'],
        ['--outcome <outcome>', 'done, refused (4xx) or failed (5xx)'],
        ['--status <status>', 'HTTP status of a request, or status of a fault'],
        ['--since <time>', 'not before this time of ISO 8601, such as 2026-03-23T02:00:00Z'],
        ['--until <time>', 'before this time'],
        ['--limit <count>', 'at most so many (100)'],
        ['--before <id>', 'only records before this one'],
        ['--json', 'one record a line, as the API shows it'],
        ...LOG_OPTION_LINES,
        [
          '--url <address>',
          'ask a gateway that is running, which knows what belongs to an entity and has the logs of others (MEDKIT_URL)',
        ],
        ...IDENTITY_OPTION_LINES,
      ]),
    ].join('\n'),

  async run(words) {
    const options = { ...LOG_OPTIONS, ...CONNECTION_OPTIONS, ...FILTER_OPTIONS, json: { type: 'boolean' } } as const;
    const { values, positionals } = await parseWords(words, options);
    const { items, 'x-medkit': about } = await recordsOf(positionals, values);
    if (values.json) for (const record of items) console.log(stringifyJson(record));
    else console.log(items.length === 0 ? 'no such records' : recordTable(items));
    for (const line of missingLines(about)) console.error(line);
    return ExitCode.ok;
  },
};
