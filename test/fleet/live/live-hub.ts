import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../federation/free-port.ts';
import { eventually } from '../../harness/eventually.ts';
import type { Postgres } from '../../harness/postgres.ts';
import { cpuMsOf } from '../../harness/process-use.ts';
import { type Program, startProgram } from '../../harness/program.ts';
import { type HubRecord, postgresRecord, sqliteRecord } from './hub-record.ts';
import type { RobotReport } from './simulated-robot.ts';

const SAMPLE_MS = 1000;
/** Interval of the looks at the presence of all robots, which the hub counts each time. */
const LOOK_MS = 250;
const MEDKIT = join(import.meta.dirname, '..', '..', '..', 'packages', 'programs', 'cli', 'src', 'main.ts');
/** Node as the launcher `medkit` starts it. */
const COMMAND = [process.execPath, '--max-semi-space-size=2', MEDKIT];

export interface HubUse {
  /** Processor time of all hub processes so far, milliseconds. */
  readonly cpuMs: number;
  /** Time for which the main thread was ready and had no processor, milliseconds. */
  readonly waitedMs: number;
  /** Processor time of the processes of its database server that run now, milliseconds. */
  readonly databaseCpuMs: number;
  /** Largest resident memory, MB. */
  readonly residentMb: number;
}

/** A `medkit hub` in a separate process. */
export interface LiveHub extends AsyncDisposable {
  readonly url: string;
  /** Kills the process, and starts it again with the same data and port. */
  killAndStart(): Promise<void>;
  /** Stops the process; its record can be read afterwards. */
  stop(): Promise<void>;
  use(): HubUse;
  ask(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly text: string }>;
  /** Creates an invitation for many robots. Returns its link. */
  invite(robots: number): Promise<string>;
  /** Number of robots that are connected. */
  online(): Promise<number>;
  /** Resolves when so many robots are connected. */
  allOnline(robots: number, limitMs: number): Promise<void>;
  /** Number of sessions that robots have begun. */
  sessions(): number;
  /** Reads the record of the hub, outside of it. */
  readonly rows: HubRecord['rows'];
  /** Fails if the record does not have each record of the robots exactly once. */
  verify(reports: readonly RobotReport[]): void;
  /** Returns how many records of each robot are stored, by its name. */
  stored(): ReadonlyMap<string, number>;
  /** Returns the times from a record on a robot to its transaction at the hub by phase, milliseconds, sorted. */
  lags(): ReadonlyMap<string, readonly number[]>;
}

/** Starts the hub, with its record in files or in the database of a server. `env` has further settings. */
export async function startLiveHub(server?: Postgres, env: Readonly<Record<string, string>> = {}): Promise<LiveHub> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-live-'));
  let [cpuBefore, cpuNow, waitedBefore, waitedNow, residentMb] = [0, 0, 0, 0, 0];
  let program: Program;
  const sample = (): void => {
    try {
      waitedNow = waitedMsOf(program.pid);
      cpuNow = cpuMsOf(program.pid);
      residentMb = Math.max(residentMb, residentMbOf(program.pid));
    } catch {
      // The process ends.
    }
  };
  const start = async (port: number): Promise<string> => {
    const args = ['hub', '--data-dir', folder, '--port', String(port), '--set', 'log.level=warn'];
    program = startProgram(args, {
      command: COMMAND,
      env: { ...(server && { MEDKIT_FLEET_DATABASE: server.url }), ...env },
    });
    return (await program.printed(/http:\/\/127\.0\.0\.1:\d+/))[0];
  };
  const url = await start(await freePort());
  const sampling = setInterval(sample, SAMPLE_MS);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    sample();
    [cpuBefore, cpuNow] = [cpuBefore + cpuNow, 0];
    [waitedBefore, waitedNow] = [waitedBefore + waitedNow, 0];
    await program.end(signal);
  };
  const ask: LiveHub['ask'] = async (method, path, body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method, ...(body && { headers, body: JSON.stringify(body) }) });
    return { status: response.status, text: await response.text() };
  };
  const online: LiveHub['online'] = async () =>
    JSON.parse((await ask('GET', '/api/v1/x-medkit-fleet')).text).presence.online ?? 0;
  const record = server ? postgresRecord(server) : sqliteRecord(join(folder, 'fleet.db'));
  return {
    url,
    killAndStart: async () => {
      await end('SIGKILL');
      await start(Number(new URL(url).port));
    },
    stop: () => end('SIGTERM'),
    use: () => {
      sample();
      return {
        cpuMs: cpuBefore + cpuNow,
        waitedMs: waitedBefore + waitedNow,
        databaseCpuMs: server?.cpuMs() ?? 0,
        residentMb,
      };
    },
    ask,
    invite: async (robots) => {
      const request = { name_pattern: 'r{serial}', uses: robots, auto_approve: true };
      const { status, text } = await ask('POST', '/api/v1/x-medkit-fleet/invites', request);
      assert.equal(status, 201, text);
      return JSON.parse(text).link;
    },
    online,
    allOnline: async (robots, limitMs) => {
      const look = async (): Promise<boolean> => {
        await delay(LOOK_MS);
        return (await online()) === robots;
      };
      await eventually(`${robots} connected robots`, look, limitMs);
    },
    sessions: () => Number(record.rows('SELECT sum(epoch) AS sessions FROM fleet_cursors')[0]!['sessions']),
    rows: record.rows,
    verify: (reports) => verifyRecord(record, reports),
    stored: () => {
      const sql = 'SELECT r.name, c.seq FROM fleet_robots r JOIN fleet_cursors c ON c.robot = r.id';
      return new Map(record.rows(sql).map(({ name, seq }) => [String(name), Number(seq)]));
    },
    lags: () => {
      const sql = `SELECT json_extract(body, '$.phase') AS phase, got_ms - robot_ms AS lag FROM fleet_events
                   WHERE kind = 'fault' ORDER BY lag`;
      const phases = new Map<string, number[]>();
      for (const { phase, lag } of record.rows(sql)) {
        const lags = phases.get(String(phase)) ?? [];
        phases.set(String(phase), lags);
        lags.push(Number(lag));
      }
      return phases;
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(sampling);
      await program.end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Compares the record of the hub with the robots: each record once, up to the last one, which the chained hash proves;
 * each written event once, by its number; and the active faults.
 */
export function verifyRecord(record: HubRecord, reports: readonly RobotReport[]): void {
  const rows = record.rows(
    `SELECT r.name, c.log, c.seq AS cursor, ${record.hexOf('c.hash')} AS hash, count(e.id) AS records, count(DISTINCT e.seq) AS numbers,
       max(e.seq) AS newest, count(json_extract(e.body, '$.number')) AS events,
       count(DISTINCT json_extract(e.body, '$.number')) AS different,
       (SELECT string_agg(code, ' ' ORDER BY code) FROM fleet_faults f WHERE f.robot = r.id) AS active
     FROM fleet_robots r JOIN fleet_cursors c ON c.robot = r.id LEFT JOIN fleet_events e ON e.robot = r.id
     GROUP BY r.id, c.robot`,
  );
  const found = new Map(rows.map((row) => [row['name'], { ...row }]));
  assert.equal(found.size, reports.length);
  for (const { name, log, newest, hash, acknowledged, events, active } of reports) {
    assert.ok(acknowledged <= newest);
    assert.deepEqual(found.get(name), {
      ...{ name, log, cursor: newest, hash, records: newest, numbers: newest, newest },
      ...{ events, different: events, active: active.length === 0 ? null : active.join(' ') },
    });
  }
  assert.deepEqual(record.rows('SELECT robot, code, message FROM fleet_problems'), []);
}

/** Time in the run queue, nanoseconds in the second field. */
function waitedMsOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
}

/** Returns 0 for a process that has ended and was not collected yet. */
function residentMbOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
