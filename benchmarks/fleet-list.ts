import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock, systemRandom } from '@medkit/edges/node';
import { FLEET_TABLES, type Fleet, openFleet } from '@medkit/fleet';
import { openStore, type Store } from '@medkit/store';
import { formatRounds, median } from './process.ts';

const ROUNDS = 7;
const WARM_UP = 2;
/** Requests of one round. */
const REQUESTS = 30;
const [ROBOTS, SITES, ISSUES] = [10_000, 20, 2000];
/** Occurrences of each issue, each on another robot and in another hour of the last 14 days. */
const OCCURRENCES = 60;
const PAGE = 100;
const [HOUR_MS, DAYS] = [3_600_000, 14];
const SITE = 'site-7';

/** Returns the number of rows that it read. */
type Request = () => Promise<number> | number;

interface Costs {
  readonly cpuUs: number[];
  readonly p99Ms: number[];
}

/**
 * Costs of the lists of a fleet hub: a page of robots, and a page of issues with their bars, of the whole fleet and of one
 * site. The baseline reads the same rows, total and bars with statements for this one request, from the same file in the
 * calling thread. It runs twice in each round: the difference is the noise.
 */
export async function fleetList(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  const path = join(folder, 'fleet.db');
  const store = await openStore({ path, clock: systemClock, warn: console.warn, migrations: FLEET_TABLES });
  const secret = new Uint8Array(32);
  const fleet = await openFleet({ store, clock: systemClock, random: systemRandom, secret, log: console.warn });
  const baseline = new DatabaseSync(path, { readOnly: true });
  try {
    await fill(store, fleet);
    const view = await fleet.view([[{ site: SITE }]]);
    const limited = fleet.within(view);
    const [limit, all, ofSite] = [PAGE, baselineOf(baseline), baselineOf(baseline, SITE)];
    await compare('robots', async () => (await fleet.robots({ limit })).items.length, all.robots);
    await compare(
      'robots of a site',
      async () => (await fleet.robots({ limit, site: SITE })).items.length,
      ofSite.robots,
    );
    await compare('issues', async () => (await fleet.issues.list({ limit })).items.length, all.issues);
    const issuesOfSite = async () => (await fleet.issues.list({ limit, site: SITE })).items.length;
    await compare('issues of a site', issuesOfSite, ofSite.issues);
    const issuesOfView = async () => (await limited.issues.list({ limit })).items.length;
    await compare('issues of an account that is limited to a site', issuesOfView, ofSite.issues);
  } finally {
    baseline.close();
    fleet.close();
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Adds robots, and occurrences from which a recount makes the issues. */
async function fill(store: Store, fleet: Fleet): Promise<void> {
  const numbers = (count: number): string =>
    `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count - 1})`;
  const robotOf = '1 + (n * 37) % :robots';
  await store.write([
    {
      sql: `${numbers(ROBOTS)} INSERT INTO fleet_robots (id, name, state, site, labels, machine, enrolled_ms, medkit, software)
            SELECT n + 1, 'amr-' || n, 'approved', 'site-' || (n % ${SITES}), '{"model":"amr-200"}', '{}', 0, '0.3.0', 'nav-2.1.0'
            FROM numbers`,
    },
    { sql: 'INSERT INTO fleet_cursors (robot, state_ms) SELECT id, 1 FROM fleet_robots' },
    {
      sql: "INSERT INTO fleet_keys (fingerprint, robot, invite, added_ms) SELECT 'K' || id, id, 1, 0 FROM fleet_robots",
    },
    {
      sql: `${numbers(ISSUES)} INSERT INTO fleet_issues (id, fingerprint, code, entity, severity)
            SELECT n + 1, 'f' || n, 'CODE_' || n, 'arm', 2 FROM numbers`,
    },
    {
      sql: `${numbers(ISSUES * OCCURRENCES)} INSERT INTO fleet_occurrences
              (robot, origin, code, number, started_ms, began_ms, severity, entity, site, version, issue, changed)
            SELECT ${robotOf}, '', 'CODE_' || (n % :issues), n, 0, :now - (n * 7919) % :span, 2, 'arm',
              'site-' || ((${robotOf} - 1) % ${SITES}), 'nav-2.1.0', 1 + n % :issues, 0
            FROM numbers`,
      parameters: { robots: ROBOTS, issues: ISSUES, now: Date.now(), span: DAYS * 24 * HOUR_MS },
    },
  ]);
  await fleet.issues.recount();
}

/** Returns requests with dedicated statements for the whole fleet or one site. */
function baselineOf(database: DatabaseSync, site?: string) {
  const ofSite = site === undefined ? '' : 'AND r.site = :site';
  const values: Readonly<Record<string, string>> = site === undefined ? {} : { site };
  const robots = database.prepare(
    `SELECT r.*, c.log, c.seq, c.newest, c.state_ms, k.fingerprint, k.added_ms
     FROM fleet_robots r JOIN fleet_cursors c ON c.robot = r.id JOIN fleet_keys k ON k.robot = r.id
     WHERE r.state <> 'retired' ${ofSite} ORDER BY r.name LIMIT ${PAGE + 1}`,
  );
  const robotTotal = database.prepare(`SELECT count(*) AS n FROM fleet_robots r WHERE r.state <> 'retired' ${ofSite}`);
  const sums = `SELECT s.issue, sum(s.n) AS n, count(*) AS robots, min(s.first_ms) AS first_ms, max(s.last_ms) AS last_ms
    FROM fleet_robots r CROSS JOIN fleet_issue_robots s ON s.robot = r.id WHERE r.site = :site GROUP BY s.issue`;
  const issues = database.prepare(
    site === undefined
      ? `SELECT * FROM fleet_issues ORDER BY last_ms DESC LIMIT ${PAGE + 1}`
      : `SELECT * FROM fleet_issues i JOIN (${sums}) t ON t.issue = i.id ORDER BY t.last_ms DESC LIMIT ${PAGE + 1}`,
  );
  const issueTotal = database.prepare(
    site === undefined
      ? 'SELECT count(*) AS n FROM fleet_issues'
      : `SELECT count(DISTINCT s.issue) AS n FROM fleet_robots r CROSS JOIN fleet_issue_robots s ON s.robot = r.id
         WHERE r.site = :site`,
  );
  const bars = database.prepare(
    `SELECT issue, (hour - :first) / 24 AS day, sum(n) AS n FROM fleet_issue_hours
     WHERE issue IN (SELECT value FROM json_each(:issues)) AND hour >= :first GROUP BY issue, day`,
  );
  const first = Math.floor(Date.now() / HOUR_MS) + 1 - DAYS * 24;
  return {
    robots: (): number => {
      robotTotal.get(values);
      return robots.all(values).length - 1;
    },
    issues: (): number => {
      const rows = issues.all(values).slice(0, PAGE);
      issueTotal.get(values);
      bars.all({ first, issues: JSON.stringify(rows.map(({ id }) => id)) });
      return rows.length;
    },
  };
}

/** Prints the costs of a request, and those of its baseline. */
async function compare(name: string, request: Request, baseline: Request): Promise<void> {
  const costs = [request, baseline, baseline].map((): Costs => ({ cpuUs: [], p99Ms: [] }));
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    for (const [at, each] of [request, baseline, baseline].entries()) {
      const measured = await oneRound(each);
      if (round < WARM_UP) continue;
      costs[at]!.cpuUs.push(measured.cpuUs);
      costs[at]!.p99Ms.push(measured.p99Ms);
    }
  }
  const [ours, one, other] = costs as [Costs, Costs, Costs];
  const times = (of: keyof Costs): string => (median(ours[of]) / median(one[of])).toFixed(2);
  console.log(`${name}, CPU: ${formatRounds(ours.cpuUs)} µs; baseline ${formatRounds(one.cpuUs)} µs`);
  console.log(
    `fleet-list ${name}: ${times('cpuUs')} times the baseline, p99 ${times('p99Ms')} times; ` +
      `A/A ${(median(one.cpuUs) / median(other.cpuUs)).toFixed(2)}`,
  );
}

async function oneRound(request: Request): Promise<{ readonly cpuUs: number; readonly p99Ms: number }> {
  const latencies: number[] = [];
  const before = process.cpuUsage();
  for (let count = 0; count < REQUESTS; count += 1) {
    const start = performance.now();
    const rows = await request();
    if (rows !== PAGE) throw new Error(`${rows} rows instead of ${PAGE}`);
    latencies.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  const p99Ms = latencies.toSorted((a, b) => a - b)[Math.ceil(0.99 * REQUESTS) - 1]!;
  return { cpuUs: (user + system) / REQUESTS, p99Ms };
}
