import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetIssueChange } from '@medkit/contract';
import { seededRandom } from '@medkit/edges';
import { fleetOf } from '../testing/fault-fleet.ts';

const HOUR_MS = 3_600_000;
const SITES = { 'a-1': 'alpha', 'a-2': 'alpha', 'b-1': 'beta', 'b-2': 'beta' } as const;
type Name = keyof typeof SITES;
const NAMES = Object.keys(SITES) as readonly Name[];
const CODES = ['MOTOR', 'MAP', 'LIDAR'];

/** Robots of two sites, each issue with an occurrence at alpha. Returns what an account of a site reads. */
async function twoSites() {
  const stage = await fleetOf(NAMES, { software: 'nav-2.1.0' });
  const { fleet, robot, now } = stage;
  for (const name of NAMES) await fleet.describe(name, { site: SITES[name] });
  for (const code of CODES) robot('a-1').fault(code, 'confirmed', { severity: 1, startedMs: now(), number: 1 });
  await robot('a-1').ingest();
  const at = async (site: string) => fleet.within(await fleet.view([[{ site }]])).issues;
  return { ...stage, at };
}

describe('issues of a view', () => {
  it('have its robots, numbers, times, severity, software and sites', async () => {
    const { fleet, robot, clock, at } = await twoSites();
    clock.advance(HOUR_MS);
    await robot('b-1').connect('nav-3.0.0');
    robot('b-1').fault('MOTOR', 'confirmed', { severity: 3 });
    robot('b-1').fault('ONLY_BETA', 'confirmed');
    await robot('b-1').ingest();
    await fleet.issues.change('1', { owner: 'ben', note: 'beta has new motors' }, 'ada');

    const alpha = await at('alpha');
    const { items, total } = await alpha.list({ code: 'MOTOR' });
    const [{ occurrences, robots, severity, first_seen, last_seen, owner }] = items as [(typeof items)[number]];
    assert.deepEqual([total, occurrences, robots, severity, owner], [1, 1, 1, 1, undefined]);
    assert.equal(first_seen, last_seen);
    const detail = await alpha.read('1');
    assert.deepEqual(
      [detail?.by_robot, detail?.by_site, detail?.by_version].map((bars) => JSON.stringify(bars).includes('b-1')),
      [false, false, false],
    );
    assert.deepEqual([detail?.by_site.length, detail?.by_site[0]?.site, detail?.notes], [1, 'alpha', []]);
    assert.deepEqual(
      [detail?.by_version, detail?.by_hour].map((bars) => bars?.length),
      [1, 1],
    );
    assert.equal(detail?.last?.robot, 'a-1');
    assert.equal((await alpha.list({ severity: 'error' })).total, 0);
    assert.equal((await alpha.list({ version: 'nav-3.0.0' })).total, 0);
    assert.equal((await alpha.list({ site: 'beta' })).total, 0);
    assert.equal(await alpha.read('4'), undefined);

    const beta = await at('beta');
    assert.deepEqual([(await beta.list({})).total, (await beta.read('1'))?.severity], [2, 3]);
    assert.deepEqual([(await fleet.issues.read('1'))?.robots, (await fleet.issues.read('1'))?.notes.length], [2, 1]);
  });

  it('are regressed by a robot of the view only, also if another robot regressed before', async () => {
    const { fleet, robot, clock, at } = await twoSites();
    clock.advance(HOUR_MS);
    await fleet.issues.change('1', { state: 'resolved', in_version: 'nav-2.2.0' }, 'ada');
    clock.advance(HOUR_MS);
    await robot('b-1').connect('nav-2.2.0');
    robot('b-1').fault('MOTOR', 'confirmed', { number: 2 });
    await robot('b-1').ingest();
    const before = await (await at('alpha')).read('1');
    assert.deepEqual(
      [before?.state, before?.regressed, before?.decided?.in_version],
      ['resolved', undefined, undefined],
    );
    assert.equal((await at('beta').then((beta) => beta.read('1')))?.regressed?.robot, 'b-1');
    clock.advance(HOUR_MS);
    await robot('a-2').connect('nav-2.3.0');
    robot('a-2').fault('MOTOR', 'confirmed', { number: 3 });
    await robot('a-2').ingest();
    await robot('a-1').connect('nav-2.2.0');
    const alpha = await at('alpha');
    const { state, regressed, decided } = (await alpha.list({ state: 'regressed' })).items[0]!;
    assert.deepEqual([state, regressed?.robot, regressed?.version], ['regressed', 'a-2', 'nav-2.3.0']);
    assert.equal(decided?.in_version, 'nav-2.2.0');
    assert.equal((await fleet.issues.read('1'))?.regressed?.robot, 'b-1');
    await fleet.issues.change('1', { state: 'resolved' }, 'ada');
    assert.equal((await alpha.read('1'))?.state, 'resolved');
  });

  it('are ignored until the date: numbers of the whole fleet do not appear', async () => {
    const { fleet, robot, clock, at, now } = await twoSites();
    const date = new Date(now() + 5 * HOUR_MS).toISOString();
    await fleet.issues.change('1', { state: 'ignored', until: { robots: 1, occurrences: 1, date } }, 'ada');
    robot('b-1').fault('MOTOR', 'confirmed');
    await robot('b-1').ingest();
    assert.equal((await fleet.issues.read('1'))?.state, 'ongoing');
    const ignored = await (await at('alpha')).read('1');
    assert.deepEqual([ignored?.state, Object.keys(ignored!.decided!)], ['ignored', ['at', 'by', 'until']]);
    clock.advance(6 * HOUR_MS);
    assert.equal((await (await at('alpha')).read('1'))?.state, 'ongoing');
  });

  it('hide a site of the past that is not in the view', async () => {
    const { fleet, robot, clock, at } = await twoSites();
    robot('b-1').fault('MOTOR', 'confirmed');
    await robot('b-1').ingest();
    await fleet.describe('b-1', { site: 'alpha' });
    clock.advance(HOUR_MS);
    const detail = await (await at('alpha')).read('1');
    assert.deepEqual(
      detail?.by_site.map(({ site, occurrences }) => [site, occurrences]),
      [
        [undefined, 1],
        ['alpha', 1],
      ],
    );
    assert.deepEqual([detail?.occurrences, (await (await at('beta')).list({})).total], [2, 0]);
  });
});

/** Replies to an account of alpha after faults at alpha, with and without those at beta. */
async function repliesAt(seed: number, hasBeta: boolean): Promise<string> {
  const { fleet, robot, clock, now, at } = await twoSites();
  const [random, ofBeta] = [seededRandom(seed), seededRandom(seed + 1)];
  const pick = <T>(values: readonly T[], source = random): T => values[Math.floor(source.float() * values.length)]!;
  const report = async (names: readonly Name[], codes: readonly string[], source: typeof random) => {
    const name = pick(names, source);
    if (source.float() < 0.2) await robot(name).connect(pick(['nav-2.1.0', 'nav-2.2.0', 'nav-2.3.0'], source));
    const fields = { startedMs: now(), number: now(), severity: pick([0, 1, 2, 3], source) };
    robot(name).fault(pick(codes, source), pick(['confirmed', 'healed', 'updated'] as const, source), fields);
    await robot(name).ingest();
  };
  const decisions: readonly FleetIssueChange[] = [
    { state: 'resolved' },
    { state: 'resolved', in_version: 'nav-2.2.0' },
    { state: 'ignored', until: { occurrences: 3 } },
    { state: 'ignored', until: { robots: 1, date: new Date(now() + 40 * HOUR_MS).toISOString() } },
    { state: 'muted', owner: 'ben', note: 'seen at beta' },
    { state: 'ongoing' },
  ];
  const replies: unknown[] = [];
  for (let step = 0; step < 60; step += 1) {
    clock.advance(Math.floor(random.float() * HOUR_MS));
    if (hasBeta) await report(['b-1', 'b-2'], [...CODES, 'ONLY_BETA'], ofBeta);
    await report(['a-1', 'a-2'], CODES, random);
    if (step % 6 === 0 && now() < Date.parse(decisions[3]!.until!.date!)) {
      await fleet.issues.change(String(1 + (step % CODES.length)), pick(decisions), 'ada');
    }
    if (step % 5 !== 0) continue;
    const alpha = await at('alpha');
    const queries = [{}, { severity: 'error' }, { state: 'regressed' }, { version: 'nav-2.2.0' }, { label: 'x' }];
    replies.push(...(await Promise.all(queries.map((query) => alpha.list(query)))));
    replies.push(await alpha.list({ sort: pick(['occurrences', 'robots', 'first_seen']), limit: 2 }));
    for (const id of ['1', '2', '3', '4']) replies.push((await alpha.read(id)) ?? 'none');
    const { items } = await alpha.list({});
    for (const { id, occurrences, severity } of items) {
      const listed = await alpha.occurrences({ issue: id, limit: 500 });
      const highest = Math.max(...listed.items.map((each) => each.severity));
      assert.deepEqual([occurrences, severity], [listed.items.length, highest], `issue ${id}`);
    }
  }
  const { different, differences } = await fleet.issues.recount();
  assert.equal(different, 0, JSON.stringify(differences));
  return JSON.stringify(replies);
}

it('the replies to an account of one site are equal with and without the faults of another one', async () => {
  let all = '';
  for (let seed = 1; seed <= 3; seed += 1) {
    const [alone, both] = [await repliesAt(seed, false), await repliesAt(seed, true)];
    assert.equal(both, alone, `seed ${seed}`);
    all += alone;
  }
  for (const state of ['regressed', 'ignored', 'resolved', 'muted', 'ongoing']) assert.ok(all.includes(`"${state}"`));
});
