import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LADDER } from '../layers/ladder.ts';
import { packageFolder } from '../layers/package-folders.ts';
import { dashboardJson } from './dashboard-json.ts';
import { DASHBOARDS } from './dashboards.ts';

/** A document, or a marked section of one, that is generated from the code. */
export interface GeneratedDocument {
  readonly path: string;
  /** The name between the markers `<!-- name -->` and `<!-- /name -->`; the whole file where absent. */
  readonly section?: string;
  readonly text: () => Promise<string>;
}

function ladderTable(): string {
  const rows = Object.entries(LADDER).map(
    ([name, below]) =>
      `| \`${name}\` | \`${packageFolder(name)}\` | ${below.length > 0 ? below.map((entry) => `\`${entry}\``).join(', ') : 'nothing'} |`,
  );
  return ['| package | folder | may import |', '| --- | --- | --- |', ...rows].join('\n');
}

function ruleTable(rules: Readonly<Record<string, { readonly level: string; readonly about: string }>>): string {
  const rows = Object.entries(rules).map(([id, { level, about }]) => `| ${id} | ${level} | ${about} |`);
  return ['| rule | level | what must hold |', '| --- | --- | --- |', ...rows].join('\n');
}

async function commandTable(): Promise<string> {
  const { COMMAND_GROUPS } = await import('../../packages/programs/cli/src/commands.ts');
  return COMMAND_GROUPS.map(({ title, commands }) => {
    const rows = Object.entries(commands).map(([name, { about }]) => `| \`${name}\` | ${about} |`);
    return [`### ${title}`, '', '| command | |', '| --- | --- |', ...rows].join('\n');
  }).join('\n\n');
}

async function exitCodeTable(): Promise<string> {
  const { EXIT_CODES } = await import('../../packages/programs/cli/src/command/exit-code.ts');
  return ['| exit code | |', '| --- | --- |', ...EXIT_CODES.map(([code, about]) => `| ${code} | ${about} |`)].join(
    '\n',
  );
}

async function metricTable(): Promise<string> {
  const { FAMILIES } = await import('../../packages/gateway/src/metrics/families/index.ts');
  const { seriesName } = await import('../../packages/gateway/src/metrics/family.ts');
  const rows = FAMILIES.map((family) => {
    const labels = family.labels.map((label: string) => `\`${label}\``).join(', ');
    return `| \`${seriesName(family)}\` | ${family.type} | ${labels} | ${family.help} |`;
  });
  return ['| metric | type | labels | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** Formats a file of the repository as a code block. */
function codeOf(path: string): string {
  return `\`\`\`ts\n${readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8')}\`\`\``;
}

/**
 * Formats an excerpt of a file as a code block: from the line that begins with `first` to the next one that begins with
 * `last`.
 */
function excerptOf(path: string, language: string, first: string, last: string): string {
  const lines = readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8').split('\n');
  const start = lines.findIndex((line) => line.trimStart().startsWith(first));
  const end = lines.findIndex((line, index) => index >= start && line.trimStart().startsWith(last));
  if (start < 0 || end < 0) throw new Error(`${path} has no lines from "${first}" to "${last}"`);
  const indent = /^ */.exec(lines[start] ?? '')?.[0].length ?? 0;
  const text = lines.slice(start, end + 1).map((line) => line.slice(indent));
  return `\`\`\`${language}\n${text.join('\n')}\n\`\`\``;
}

/** The bytes of the state message against which all ingest writers are tested, part by part. */
async function ingestHex(): Promise<string> {
  const { TEST_VECTOR } = await import('../../packages/wire/ingest/src/testing/test-vector.ts');
  const { session, stateTimeUs, ports, state } = TEST_VECTOR;
  const [header = '', ...parts] = state;
  const meanings = [
    'magic, version 1, kind 2, revision 1',
    `session ${session}`,
    'sequence 2',
    `${stateTimeUs} us`,
    '3 ports, 1 fault, zero',
    ...ports.map((value) => `port: ${value}`),
    'fault: failed, 1 occurrence',
    'MAC',
  ];
  const octets = [...(header.match(/.{16}/g) ?? []), ...parts];
  let offset = 0;
  const rows = octets.map((part, index) => {
    const row = `${String(offset).padStart(3)}  ${part.replace(/../g, '$& ').padEnd(50)}${meanings[index]}`;
    offset += part.length / 2;
    return row;
  });
  return `\`\`\`text\n${rows.join('\n')}\n\`\`\``;
}

const WRITERS = 'packages/wire/ingest/writers';

/** All documents that are generated from the code. */
export const GENERATED: readonly GeneratedDocument[] = [
  { path: 'docs/architecture.md', section: 'ladder', text: async () => ladderTable() },
  { path: 'docs/config.md', text: async () => (await import('@medkit/gateway')).configMarkdown() },
  {
    path: 'docs/guides/manifest.md',
    section: 'rules',
    text: async () => ruleTable((await import('@medkit/manifest')).RULES),
  },
  { path: 'docs/guides/metrics.md', section: 'metrics', text: metricTable },
  {
    path: 'docs/guides/troubleshooting.md',
    section: 'findings',
    text: async () => (await import('@medkit/cli')).findingsMarkdown(),
  },
  ...['plugin.ts', 'operations.ts', 'plugin.test.ts'].map((file) => ({
    path: 'docs/guides/write-a-plugin.md',
    section: file,
    text: async () => codeOf(`examples/custom-plugin/${file}`),
  })),
  { path: 'docs/ingest.md', section: 'hex', text: ingestHex },
  {
    path: 'docs/ingest.md',
    section: 'safety_gate.c',
    text: async () => excerptOf(`${WRITERS}/examples/safety_gate.c`, 'c', 'for (cycle = 0;', 'medkit_ingest_close'),
  },
  {
    path: 'docs/ingest.md',
    section: 'safety_gate.py',
    text: async () => excerptOf(`${WRITERS}/examples/safety_gate.py`, 'python', 'with IngestSender', 'time.sleep'),
  },
  {
    path: 'packages/base/client/src/routes/addresses.generated.ts',
    text: async () => (await import('./client-addresses.ts')).clientAddresses(),
  },
  ...DASHBOARDS.map((dashboard) => ({
    path: `packaging/grafana/${dashboard.uid}.json`,
    text: async () => dashboardJson(dashboard, DASHBOARDS),
  })),
  { path: 'docs/api.md', text: async () => (await import('@medkit/contract')).apiMarkdown() },
  { path: 'docs/guides/command.md', section: 'commands', text: commandTable },
  { path: 'docs/guides/command.md', section: 'exit-codes', text: exitCodeTable },
  { path: 'docs/errors.md', text: async () => (await import('@medkit/contract')).errorsMarkdown() },
];

/** Returns the up-to-date text of the file, given its current text. */
export async function render(document: GeneratedDocument, present: string): Promise<string> {
  const text = await document.text();
  if (document.section === undefined) return text;
  const [open, close] = [`<!-- ${document.section} -->`, `<!-- /${document.section} -->`];
  const [start, end] = [present.indexOf(open), present.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`${document.path} has no section marked ${open} … ${close}`);
  return `${present.slice(0, start + open.length)}\n${text}\n${present.slice(end)}`;
}
