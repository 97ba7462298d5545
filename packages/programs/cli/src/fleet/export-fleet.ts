import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { FleetExportContent } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { remoteCommand } from '../remote/remote-command.ts';

const FILTERS = {
  robot: { takes: '<robot>', about: 'occurrences and events: only of this robot' },
  code: { takes: '<code>', about: 'occurrences and events: only of this fault code' },
  entity: { takes: '<entity>', about: 'occurrences and events: only of this entity' },
  severity: { takes: '<severity>', about: 'occurrences and events: only of at least this severity' },
  version: { takes: '<version>', about: 'occurrences and robots: only with this software' },
  issue: { takes: '<issue>', about: 'occurrences: only of this issue' },
  state: { takes: '<state>', about: 'occurrences: active or ended; robots: their state' },
  presence: { takes: '<presence>', about: 'robots: only with this presence' },
  since: { takes: '<time>', about: 'occurrences and events: only from this time on (ISO 8601)' },
  until: { takes: '<time>', about: 'occurrences and events: only before this time' },
  site: { takes: '<site>', about: 'only robots of this site; of occurrences, the site at the time' },
  label: { takes: '<name[=value]>', about: 'only robots with this label' },
  group: { takes: '<group>', about: 'only robots of this group of `fleet groups`' },
} as const;

/** `medkit fleet export`: writes occurrences, robots or events to a file. */
export const exportFleet = remoteCommand({
  usage: 'fleet export <content> [file]',
  asksHub: true,
  about: [
    'Writes occurrences, robots or events of the fleet to a file, or to the standard output. Writes to <file>.part, and renames',
    'it when complete. In CSV, text that begins with = + - @ or a tab has a leading apostrophe.',
  ],
  options: {
    format: {
      takes: '<format>',
      about: 'ndjson or csv; default by the name of the file, else ndjson',
    },
    force: { about: 'overwrite an existing file' },
    ...FILTERS,
  },
  examples: [
    ['fleet export occurrences march.csv --since 2026-03-01 --until 2026-04-01', 'a month for a spreadsheet'],
    ['fleet export robots | jq .id', 'JSON lines for another program'],
  ],
  async run({ client, args: [word = '', file], values }) {
    // Loaded here, because the contract would delay the start of each command.
    const { FLEET_EXPORT_CONTENTS, FLEET_EXPORT_FILTERS } = await import('@medkit/contract');
    const what = FLEET_EXPORT_CONTENTS.find((each) => each === word);
    if (!what) {
      throw new CommandFailed(`"${word}" is not one of ${FLEET_EXPORT_CONTENTS.join(', ')}`, ExitCode.usage);
    }
    if (file !== undefined && values.force !== true && existsSync(file)) {
      throw new CommandFailed(`${file} already exists: choose another file, or overwrite it with --force`);
    }
    const format = String(values.format ?? (file?.endsWith('.csv') ? 'csv' : 'ndjson'));
    const { chunks } = await client.download('exportFleet', {
      query: { what, format, ...filtersIn(what, FLEET_EXPORT_FILTERS[what], values) },
    });
    if (file === undefined) await pipeline(chunks, process.stdout, { end: false });
    else await writeFile(chunks, file);
    return ExitCode.ok;
  },
});

/** Returns the filters that are set. Throws `CommandFailed` for one that the content does not have. */
function filtersIn(
  what: FleetExportContent,
  known: readonly string[],
  values: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const set = Object.keys(FILTERS).filter((name) => values[name] !== undefined);
  const unknown = set.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new CommandFailed(`${what} have no filter --${unknown}`, ExitCode.usage);
  return Object.fromEntries(set.map((name) => [name, String(values[name])]));
}

async function writeFile(chunks: AsyncIterable<Uint8Array>, file: string): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(chunks, createWriteStream(part));
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await rename(part, file);
}
