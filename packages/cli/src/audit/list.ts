import type { AuditRecord, AuditRecordList } from '@medkit/contract';
import { listAuditFile } from '@medkit/gateway';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, type OptionValues, parseWords } from '../command/parse-words.ts';
import { apiReader } from '../gateway/api-reader.ts';
import { auditLogFile, configured, LOG_OPTION_LINES, LOG_OPTIONS } from './audit-words.ts';
import { recordTable } from './record-lines.ts';

/** Options that go on as parameters of the search, under the names that these have in the API. */
const FILTERS = {
  entity: 'entity',
  client: 'client',
  'fault-code': 'fault_code',
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

async function askGateway(url: string, flags: OptionValues, parameters: Readonly<Record<string, string>>) {
  const { server } = await configured(flags);
  const read = apiReader(url.replace(/\/+$/, ''), server.token);
  try {
    return ((await read(`/x-medkit-audit?${new URLSearchParams(parameters)}`)) as AuditRecordList).items;
  } catch (error) {
    const { message, cause } = error as Error;
    throw new CommandFailed(`no audit log at ${url}: ${cause instanceof Error ? cause.message : message}`);
  }
}

/** `medkit audit list`: who changed what, and what was refused. */
export const list: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} audit list [file] [options]`,
      '',
      'Shows records of the audit log, the newest first: requests that were to change something, with client, lock and outcome,',
      'and changes of faults. The log is only read, also while a gateway writes to it. Without a file it is the one of the',
      "gateway's configuration.",
      '',
      columns([
        ['--entity <id>', 'asked of this entity, or a fault that it reported'],
        ['--client <id>', 'asked for by this client (X-Client-Id)'],
        ['--fault-code <code>', 'changes of this fault'],
        ['--kind <kind>', 'request or fault'],
        ['--outcome <outcome>', 'done, refused (4xx) or failed (5xx)'],
        ['--status <status>', 'HTTP status of a request, or status of a fault'],
        ['--since <time>', 'not before this time of ISO 8601, such as 2026-03-23T02:00:00Z'],
        ['--until <time>', 'before this time'],
        ['--limit <count>', 'at most so many (100)'],
        ['--before <id>', 'only records before this one'],
        ['--json', 'one record a line, as the API shows it'],
        ['--url <url>', 'ask a gateway that is running, which knows what belongs to an entity'],
        ...LOG_OPTION_LINES,
      ]),
    ].join('\n'),

  async run(words) {
    const options = { ...LOG_OPTIONS, ...FILTER_OPTIONS, url: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = await parseWords(words, options);
    const flags = { 'data-dir': values['data-dir'], config: values.config };
    const parameters = parametersOf(values);
    let records: readonly AuditRecord[];
    if (values.url === undefined) {
      records = listAuditFile(await auditLogFile(positionals, flags), parameters);
    } else {
      expectNoWords(positionals);
      records = await askGateway(String(values.url), flags, parameters);
    }
    if (values.json) for (const record of records) console.log(JSON.stringify(record));
    else console.log(records.length === 0 ? 'no such records' : recordTable(records));
    return ExitCode.ok;
  },
};
