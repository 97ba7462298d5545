import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { FleetFigures } from '@medkit/contract';
import { FleetInvalid } from '../../fleet-refused.ts';
import { fleetStage } from '../../testing/fleet-stage.ts';
import type { FigureQuery } from './read-figures.ts';
import { assertCountable } from './selection.ts';

const HOUR_MS = 3_600_000;

/** An occurrence; times are hours since the first hour of the test. */
interface Sample {
  readonly robot?: 1 | 2;
  readonly from: number;
  /** Absent while it is active. */
  readonly to?: number;
  readonly as?: 'healed' | 'cleared' | 'unknown';
  readonly blocks?: boolean;
  readonly severity?: number;
  readonly site?: string | null;
  readonly version?: string | null;
  readonly issue?: number | null;
  readonly entity?: string | null;
}

/** Two robots that ran for 10 hours each and were read at the end of the 20th hour, and issues 1 and 2. */
async function figuresOf(samples: readonly Sample[]) {
  const { fleet, robot, clock, store } = await fleetStage();
  clock.advance(40 * HOUR_MS);
  const firstHour = Math.floor(clock.wallMs() / HOUR_MS) - 30;
  const at = (hours: number): number => Math.round((firstHour + hours) * HOUR_MS);
  for (const [index, name] of ['amr-1', 'amr-2'].entries()) {
    await robot(name, `K-${name}`);
    await store.write([
      { sql: 'UPDATE fleet_cursors SET read_ms = ? WHERE robot = ?', parameters: [at(20), index + 1] },
      ...Array.from({ length: 10 }, (_, hour) => ({
        sql: `INSERT INTO fleet_robot_hours (robot, hour, site, version, running_ms, n, errors) VALUES (?, ?, ?, '2.1.0', ?, 1, 1)`,
        parameters: [index + 1, firstHour + hour, index === 0 ? 'berlin' : 'ulm', HOUR_MS],
      })),
    ]);
  }
  await store.write([
    {
      sql: `INSERT INTO fleet_issues (fingerprint, rule, code, entity, severity)
            VALUES ('a', NULL, 'MOTOR', 'arm', 2), ('b', 'hot motors', NULL, NULL, 2)`,
    },
    ...samples.map((sample, index) => {
      const { robot: number = 1, from, to, as = 'healed', blocks, severity = 2, site = 'berlin' } = sample;
      const { version = '2.1.0', issue = 1, entity = 'arm' } = sample;
      return {
        sql: `INSERT INTO fleet_occurrences (robot, origin, code, number, started_ms, began_ms, ended_ms, ended_as,
                severity, entity, site, version, issue, blocks, changed)
              VALUES (?, '', 'MOTOR', ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
        parameters: [
          ...[number, index, at(from), to === undefined ? null : at(to), to === undefined ? null : as],
          ...[severity, entity, site, version, issue, blocks === undefined ? null : Number(blocks)],
        ],
      };
    }),
  ]);
  const until = new Date(at(20) - 1).toISOString();
  const figures = (query: FigureQuery): Promise<FleetFigures> =>
    fleet.issues.figures({ since: new Date(at(0)).toISOString(), until, ...query });
  return { fleet, store, figures, at, firstHour };
}

const stops = { blocks: true } as const;

describe('availability', () => {
  const cases: readonly (readonly [about: string, samples: readonly Sample[], lost: number])[] = [
    ['loses nothing without occurrences', [], 0],
    ['loses the time of one', [{ ...stops, from: 1, to: 3 }], 2],
    [
      'loses nothing by those that do not stop the robot',
      [
        { from: 1, to: 3 },
        { from: 1, to: 3, blocks: false },
      ],
      0,
    ],
    [
      'counts equal times once',
      [
        { ...stops, from: 1, to: 3 },
        { ...stops, from: 1, to: 3 },
      ],
      2,
    ],
    [
      'counts times that overlap once',
      [
        { ...stops, from: 1, to: 3 },
        { ...stops, from: 2, to: 4.5 },
      ],
      3.5,
    ],
    [
      'counts a time within another one once',
      [
        { ...stops, from: 1, to: 6 },
        { ...stops, from: 2, to: 3 },
        { ...stops, from: 4, to: 5 },
      ],
      5,
    ],
    [
      'adds times that touch',
      [
        { ...stops, from: 1, to: 3 },
        { ...stops, from: 3, to: 4 },
      ],
      3,
    ],
    [
      'adds times with a gap',
      [
        { ...stops, from: 4, to: 5 },
        { ...stops, from: 1, to: 2 },
      ],
      2,
    ],
    ['counts the part after the beginning of the time', [{ ...stops, from: -5, to: 2 }], 2],
    ['counts the part before the end of the time', [{ ...stops, from: 19, to: 23 }], 1],
    ['counts an active one until the robot was last read', [{ ...stops, from: 18 }], 2],
    [
      'counts nothing before and after the time',
      [
        { ...stops, from: -5, to: 0 },
        { ...stops, from: 20, to: 22 },
      ],
      0,
    ],
    ['counts no end that was not reported', [{ ...stops, from: 1, to: 9, as: 'unknown' }], 0],
    ['counts those that a person cleared', [{ ...stops, from: 1, to: 3, as: 'cleared' }], 2],
    ['is never below zero', [{ ...stops, from: 0, to: 19 }], 19],
  ];
  for (const [about, samples, lost] of cases) {
    it(about, async () => {
      const { figures } = await figuresOf(samples);
      const item = (await figures({ what: 'availability' })).items.find(({ name }) => name === 'amr-1');
      assert.equal(item?.lost_hours, lost);
      assert.equal(item?.running_hours, 10);
      assert.equal(item?.availability?.toFixed(6), Math.max(0, 1 - lost / 10).toFixed(6));
    });
  }

  it('of a site counts each robot, at the site of the time', async () => {
    const { figures } = await figuresOf([
      { ...stops, from: 1, to: 3 },
      { ...stops, robot: 2, from: 1, to: 3, site: 'berlin' },
      { ...stops, robot: 2, from: 5, to: 6, site: 'ulm' },
      { ...stops, from: 7, to: 8, site: null },
    ]);
    const { items } = await figures({ what: 'availability', by: 'site' });
    assert.deepEqual(
      items.map(({ name, lost_hours: lost, availability }) => [name, lost, availability]),
      [
        ['berlin', 4, 0.6],
        ['ulm', 1, 0.9],
        [undefined, 1, undefined],
      ],
    );
  });
});

describe('time to repair', () => {
  const healed = (...minutes: readonly number[]): readonly Sample[] =>
    minutes.map((each, index) => ({ from: index, to: index + each / 60 }));
  const cases: readonly (readonly [about: string, samples: readonly Sample[], minutes: number | undefined])[] = [
    ['of one is its duration', healed(6), 6],
    ['of two is their mean', healed(6, 12), 9],
    ['of an odd number is the middle one', healed(30, 6, 12), 12],
    ['of an even number is the mean of the middle ones', healed(30, 6, 12, 18), 15],
    ['has none without one that healed', [{ from: 1 }, { from: 1, to: 2, as: 'cleared' }], undefined],
    ['leaves out those without a reported end', [...healed(6), { from: 5, to: 9, as: 'unknown' }], 6],
    [
      'leaves out those that began before and after the time',
      [...healed(6), { from: -3, to: 1 }, { from: 20, to: 21 }],
      6,
    ],
    ['can be zero', healed(0), 0],
  ];
  for (const [about, samples, minutes] of cases) {
    it(about, async () => {
      const { figures } = await figuresOf(samples);
      const { items } = await figures({ what: 'mttr', by: 'entity' });
      assert.equal(items.length, minutes === undefined ? 0 : 1);
      assert.equal(items[0]?.mttr_hours?.toFixed(6), minutes === undefined ? undefined : (minutes / 60).toFixed(6));
    });
  }

  it('has how many healed of how many, and says if they are too few', async () => {
    const { figures } = await figuresOf([
      ...healed(6, 6, 6),
      { from: 5 },
      { from: 6, to: 7, entity: null, severity: 1 },
    ]);
    const { items } = await figures({ what: 'mttr', by: 'entity' });
    const found = items.map(({ name, healed: count, occurrences, errors, too_few }) => [
      name,
      count,
      occurrences,
      errors,
      too_few,
    ]);
    assert.deepEqual(found, [
      ['arm', 3, 4, 4, false],
      [undefined, 1, 1, 0, true],
    ]);
  });
});

describe('the largest numbers', () => {
  let figures: (query: FigureQuery) => Promise<FleetFigures>;
  before(async () => {
    figures = (await figuresOf(samples)).figures;
  });
  const samples: readonly Sample[] = [
    { ...stops, from: 1, to: 6, issue: 2, entity: 'wheel', version: null },
    { from: 1, to: 2 },
    { ...stops, from: 2, to: 3, severity: 1 },
    { robot: 2, from: 3, site: 'ulm', issue: null },
  ];
  const cases: readonly (readonly [by: string, sort: string, expected: string])[] = [
    ['robot', 'occurrences', 'amr-1 3/2 5, amr-2 1/1 0'],
    ['site', 'occurrences', 'berlin 3/2 5, ulm 1/1 0'],
    ['version', 'occurrences', '2.1.0 3/2 1, - 1/1 5'],
    ['version', 'lost_hours', '- 1/1 5, 2.1.0 3/2 1'],
    ['entity', 'occurrences', 'arm 3/2 1, wheel 1/1 5'],
    ['entity', 'lost_hours', 'wheel 1/1 5, arm 3/2 1'],
    ['issue', 'occurrences', '1 2/1 1, 2 1/1 5, - 1/1 0'],
    ['issue', 'lost_hours', '2 1/1 5, 1 2/1 1, - 1/1 0'],
  ];
  for (const [by, sort, expected] of cases) {
    it(`by ${by}, sorted by ${sort}, have occurrences, errors and lost hours`, async () => {
      const { items } = await figures({ what: 'top', by, sort });
      const found = items.map((each) => `${each.name ?? '-'} ${each.occurrences}/${each.errors} ${each.lost_hours}`);
      assert.equal(found.join(', '), expected);
    });
  }

  it('have the code and entity of an issue, or the name of its rule', async () => {
    const { items } = await figures({ what: 'top', by: 'issue' });
    assert.deepEqual(
      items.map(({ name, fault_code: code, entity_id: entity, rule }) => [name, code, entity, rule]),
      [
        ['1', 'MOTOR', 'arm', undefined],
        ['2', undefined, undefined, 'hot motors'],
        [undefined, undefined, undefined, undefined],
      ],
    );
  });

  it('have lost hours of an occurrence that began earlier', async () => {
    const stage = await figuresOf([{ ...stops, from: -3, to: 1, entity: 'wheel' }]);
    const { items } = await stage.figures({ what: 'top', by: 'entity' });
    assert.deepEqual(items, [{ name: 'wheel', occurrences: 0, errors: 0, lost_hours: 1 }]);
  });

  it('are 200 at most', async () => {
    const stage = await figuresOf(Array.from({ length: 203 }, (_, n) => ({ from: 1, to: 2, entity: `part ${n}` })));
    for (const what of ['top', 'mttr']) assert.equal((await stage.figures({ what, by: 'entity' })).items.length, 200);
  });
});

describe('figures', () => {
  it('say from how many robots they are, and how many of them are stale', async () => {
    const { figures, store, at } = await figuresOf([]);
    const facts = async (what: string) => {
      const { robots, stale } = await figures({ what });
      return [robots, stale];
    };
    for (const what of ['mtbf', 'mttr', 'availability', 'top']) assert.deepEqual(await facts(what), [2, 0], what);
    await store.write([{ sql: 'UPDATE fleet_cursors SET read_ms = ? WHERE robot = 1', parameters: [at(0)] }]);
    assert.deepEqual(await facts('availability'), [2, 1]);
  });

  it('are refused with the reason if they do not exist', async () => {
    const { figures } = await figuresOf([]);
    const cases: readonly (readonly [FigureQuery, RegExp])[] = [
      [{ what: 'x' }, /what: "x" is not one of mtbf, mttr, availability, top/],
      [{ by: 'x' }, /by: "x" is not one of robot, site, version, which mtbf/],
      [{ what: 'mtbf', by: 'issue' }, /by: "issue" is not one of robot, site, version, which mtbf/],
      [{ what: 'availability', by: 'entity' }, /by: "entity" is not one of robot, site, version, which availability/],
      [{ what: 'mttr', by: 'constructor' }, /by: "constructor" is not one of robot, .*, entity, which mttr/],
      [{ what: 'top', sort: 'x' }, /sort: "x" is not one of occurrences, lost_hours/],
      [{ what: 'mttr', sort: 'occurrences' }, /sort: mttr has one order/],
      [{ what: 'top', since: '2001-01-01T00:00:00Z' }, /400 days at most/],
      [{ what: 'top', since: '2001-01-01T00:00:00Z', until: '2000-01-01T00:00:00Z' }, /since must be before until/],
      [{ what: 'top', group: 'none' }, /no group none/],
    ];
    for (const [query, reason] of cases) {
      await assert.rejects(
        figures(query),
        (error: Error) => error instanceof FleetInvalid && reason.test(error.message),
        JSON.stringify(query),
      );
    }
  });

  it('of a limited caller count its robots, at its sites or at none', async () => {
    const { fleet, at } = await figuresOf([
      { ...stops, from: 1, to: 2 },
      { ...stops, from: 3, to: 5, site: 'hamburg', entity: 'wheel' },
      { from: 6, to: 7, site: null },
      { ...stops, robot: 2, from: 1, to: 8, site: 'berlin' },
    ]);
    await fleet.describe('amr-1', { site: 'berlin' });
    await fleet.describe('amr-2', { site: 'ulm' });
    const limited = async (site: string, query: FigureQuery) => {
      const { issues } = fleet.within(await fleet.view([[{ site }]]));
      const times = { since: new Date(at(0)).toISOString(), until: new Date(at(20) - 1).toISOString() };
      const { items, robots } = await issues.figures({ ...times, ...query });
      return [
        robots,
        ...items.map((each) => `${each.name ?? '-'} ${each.occurrences} ${each.lost_hours ?? each.healed}`),
      ];
    };
    assert.deepEqual(await limited('berlin', { what: 'top' }), [1, 'amr-1 2 1']);
    assert.deepEqual(await limited('berlin', { what: 'top', by: 'site' }), [1, 'berlin 1 1', '- 1 0']);
    assert.deepEqual(await limited('berlin', { what: 'top', by: 'entity' }), [1, 'arm 2 1']);
    assert.deepEqual(await limited('berlin', { what: 'mttr' }), [1, 'amr-1 2 2']);
    assert.deepEqual(await limited('berlin', { what: 'availability', by: 'site' }), [1, 'berlin 10 1']);
    assert.deepEqual(await limited('ulm', { what: 'top', by: 'site' }), [1]);
    assert.deepEqual(await limited('ulm', { what: 'availability' }), [1, 'amr-2 10 0']);
    assert.deepEqual(await limited('nowhere', { what: 'availability' }), [0]);
  });

  it('of too many occurrences are refused', async () => {
    const { store, firstHour } = await figuresOf([{ from: 1 }, { from: 2 }, { from: 30 }]);
    const selection = { store, values: { since: firstHour, until: firstHour + 20 } };
    await assertCountable(selection, 2);
    await assert.rejects(assertCountable(selection, 1), /more than 1 occurrences began in this time/);
  });
});
