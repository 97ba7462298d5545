import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL } from '@medkit/core';
import { systemClock } from '@medkit/edges/node';
import {
  INCIDENT_TABLES,
  type IncidentBook,
  type IncidentEntry,
  incidentFaults,
  type Occurrence,
  openIncidentBook,
  openTimeline,
  timelinePage,
} from '@medkit/incidents';
import { openStore, type Store } from '@medkit/store';
import { median } from './process.ts';

const STORED = [1000, 5000, 10_000];
const ROUNDS = 15;
const MAX_OCCURRENCES = 20_000;
/** Faults of the displayed incident. */
const INCIDENT_FAULTS = 50;
/** Rows of its timeline: the maximum of one request. */
const ROWS = 1000;
const NIGHT_MS = Date.UTC(2026, 2, 23);

/**
 * Grouping after a restart, one fault among many, and display of an incident, compared with the bare work on the same
 * rows.
 */
export async function incidents(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  try {
    for (const count of STORED) await among(count, join(folder, `${count}.db`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function among(count: number, path: string): Promise<void> {
  const night = occurrences(count);
  await withBook(path, async (book) => {
    book.tell(night);
    await book.settled();
  });
  await withBook(path, async (book, opened, store) => {
    const baselineMs = await baselineReading(store);
    console.log(
      `${count} faults after a restart: ${opened.tookMs.toFixed(0)} ms, ${opened.cpuMs.toFixed(0)} ms CPU, ` +
        `${(opened.cpuMs / baselineMs).toFixed(1)} times reading and parsing their rows (${book.entries.all.length} incidents)`,
    );
    const text = JSON.stringify(night);
    const [grouping, baseline]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      const began = process.cpuUsage();
      book.tell([faultOf(count + round)]);
      await book.settled();
      grouping.push(cpuMsSince(began));
      const parsing = process.cpuUsage();
      JSON.parse(text);
      baseline.push(cpuMsSince(parsing));
    }
    console.log(
      `one more among ${count}: ${median(grouping).toFixed(1)} ms CPU with its write to disk, ` +
        `${(median(grouping) / median(baseline)).toFixed(2)} times parsing them`,
    );
    await measureIncident(book, count, store);
  });
}

async function measureIncident(book: IncidentBook, count: number, store: Store): Promise<void> {
  const storm = Array.from({ length: INCIDENT_FAULTS }, (_, at) => ({
    ...faultOf(count + 1000),
    origin: 'local',
    code: `STORM_${at}`,
    number: 1,
    sequence: 1_000_000 + at,
    entity: { type: 'app' as const, id: 'storm' },
    related: [],
  }));
  book.tell(storm);
  await book.settled();
  const entry = book.entries.byId.get('inc_1000000')!;
  const began = performance.now();
  for (let round = 0; round < 100; round += 1) {
    JSON.stringify([entry.incident, incidentFaults(entry.group, ({ code }) => `/faults/${code}`)]);
  }
  const took = (performance.now() - began) / 100;
  console.log(`summary and faults of an incident of ${entry.incident.fault_count}: ${took.toFixed(2)} ms`);
  await measureTimeline(entry, store);
}

/** A page of a timeline as a client requests it, compared with bare reading and parsing of its rows. */
async function measureTimeline(entry: IncidentEntry, store: Store): Promise<void> {
  const database = { exists: async () => true, store: async () => store };
  const timeline = openTimeline({ database, clock: systemClock, log: (_level, message) => console.warn(message) });
  await timeline.enter(
    Array.from({ length: ROWS }, (_, at) => ({
      key: `log ${at}`,
      atMs: entry.beganMs + at,
      row: { kind: 'log' as const, event: 'warning', text: `What the ${at}th line said of the path`, item: '/planner' },
    })),
  );
  const [pages, baseline]: [number[], number[]] = [[], []];
  let count = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = process.cpuUsage();
    const page = timelinePage(await timeline.of(entry, ['log', 'fault']), { limit: ROWS });
    JSON.stringify(page);
    pages.push(cpuMsSince(began));
    count = page.items.length;
    const reading = process.cpuUsage();
    const rows = await store.read('SELECT key, at_ms, body FROM incident_timeline ORDER BY at_ms LIMIT 1000');
    JSON.stringify(rows.map(({ body }) => JSON.parse(String(body))));
    baseline.push(cpuMsSince(reading));
  }
  await timeline.close();
  console.log(
    `${count} rows of its timeline: ${median(pages).toFixed(1)} ms CPU, ` +
      `${(median(pages) / median(baseline)).toFixed(1)} times reading and parsing as many`,
  );
}

async function withBook(
  path: string,
  use: (book: IncidentBook, opened: { readonly tookMs: number; readonly cpuMs: number }, store: Store) => Promise<void>,
): Promise<void> {
  const migrations = { incidents: INCIDENT_TABLES };
  const store = await openStore({ path, clock: systemClock, warn: console.warn, migrations });
  const [began, beganCpu] = [performance.now(), process.cpuUsage()];
  const book = await openIncidentBook({
    database: { exists: async () => true, store: async () => store },
    clock: systemClock,
    log: (_level, message) => console.warn(message),
    robotOf: (origin) => (origin === LOCAL ? 'amr' : origin),
    maxOccurrences: MAX_OCCURRENCES,
    onNews: () => undefined,
  });
  await use(book, { tookMs: performance.now() - began, cpuMs: cpuMsSince(beganCpu) }, store);
  await book.close();
  await store.close();
}

/** The calibrator: reads and parses the same rows. */
async function baselineReading(store: Store): Promise<number> {
  const began = process.cpuUsage();
  const rows = await store.read('SELECT body FROM incident_occurrences LIMIT 10000');
  for (const { body } of rows) JSON.parse(String(body));
  return cpuMsSince(began);
}

function cpuMsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

const occurrences = (count: number): readonly Occurrence[] => Array.from({ length: count }, (_, at) => faultOf(at));

/** One fault every four seconds: forty entities with three faults each. Some recur, some explain the one before. */
function faultOf(at: number): Occurrence {
  const beganMs = NIGHT_MS + at * 4000;
  const entity = (at * 7) % 40;
  const code = (of: number): string => `FAULT_${(of * 7) % 40}_${of % 3}`;
  return {
    origin: at % 5 === 0 ? 'arm' : 'local',
    code: code(at),
    number: 1 + Math.floor(at / 120),
    sequence: at + 1,
    description: `What happened the ${at}th time`,
    severity: 2,
    entity: { type: 'app', id: `app_${entity}` },
    beganMs,
    startedMs: beganMs,
    reportedMs: beganMs,
    healedMs: beganMs + 3000,
    ...(at % 10 === 1 && { cause: { origin: (at - 1) % 5 === 0 ? 'arm' : 'local', code: code(at - 1), ruleId: 'r' } }),
    recordings: at % 20 < 2 ? [{ id: `rec_${Math.floor(at / 20)}`, fault_code: code(at), href: '/r' }] : [],
    related: [`app:app_${(entity + 1) % 40}`, 'component:base'],
  };
}
