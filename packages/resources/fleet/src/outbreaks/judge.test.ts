import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rateTest } from '../issues/poisson-test.ts';
import { type Judgement, judge, MAX_OPEN_OUTBREAKS, type OutbreakNow } from './judge.ts';
import { spentBudget } from './spent-budget.ts';
import type { OccurrenceNow, OutbreakSettings, RobotNow, StoredOutbreak, VersionNow, Windows } from './windows.ts';

const NOW = Date.UTC(2026, 2, 23, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SETTINGS: OutbreakSettings = { robots: 3, lostAfterMs: 15 * MINUTE, calmMs: 5 * MINUTE, oldestMedkit: '0.3.0' };

const robot = (n: number, more: Partial<RobotNow> = {}): RobotNow => ({
  ...{ name: `r${n}`, site: 'berlin', version: '2.0.0', presence: 'online', sinceMs: NOW - 24 * HOUR, problems: [] },
  ...{ medkit: '0.3.0', outdatedMs: undefined, connects: { count: 1, firstMs: NOW - HOUR } },
  ...more,
});
const robots = (count: number, more: (n: number) => Partial<RobotNow> = () => ({})): readonly RobotNow[] =>
  Array.from({ length: count }, (_, n) => robot(n, more(n)));
const occurrence = (n: number, more: Partial<OccurrenceNow> = {}): OccurrenceNow => ({
  ...{
    issue: '1',
    robot: `r${n}`,
    site: 'berlin',
    version: '2.0.0',
    severity: 2,
    code: 'MOTOR_HOT',
    entity: 'motor',
    incident: undefined,
  },
  ...{ beganMs: NOW - 10 * MINUTE, endedMs: undefined, uncertainMs: 1000 },
  ...more,
});
const occurrences = (count: number, more: (n: number) => Partial<OccurrenceNow> = () => ({})) =>
  Array.from({ length: count }, (_, n) => occurrence(n, more(n)));
const windows = (more: Partial<Windows>): Windows => ({
  ...{ nowMs: NOW, startedMs: NOW - 24 * HOUR, robots: [], occurrences: [], versions: [], known: [] },
  ...more,
});
const stored = (now: OutbreakNow, id = 1): StoredOutbreak => ({ ...now, id });
const openings = ({ openings: all }: Judgement) => all.map(({ kind, subject, robots: n }) => `${kind} ${subject} ${n}`);
const kinds = (more: Partial<Windows>, settings = SETTINGS) => openings(judge(windows(more), settings));

describe('an issue that spreads', () => {
  const spread: readonly (readonly [string, readonly OccurrenceNow[], readonly string[]])[] = [
    ['no robot', [], []],
    ['one robot, many times', occurrences(9, () => ({ robot: 'r1' })), []],
    ['two robots', occurrences(2), []],
    ['three robots', occurrences(3), ['issue_spreads 1 3']],
    ['three robots, healed since', occurrences(3, () => ({ endedMs: NOW - MINUTE })), ['issue_spreads 1 3']],
    ['three robots, within two hours', occurrences(3, (n) => ({ beganMs: NOW - n * HOUR })), []],
    ['events that arrive after a week', occurrences(9, () => ({ beganMs: NOW - 168 * HOUR })), []],
    ['clocks that are uncertain by a day', occurrences(9, () => ({ uncertainMs: 24 * HOUR })), []],
    ['clocks that were never set', occurrences(9, () => ({ uncertainMs: undefined })), []],
    ['clocks in the future', occurrences(9, () => ({ beganMs: NOW + MINUTE })), []],
    ['three issues on three robots', occurrences(3, (n) => ({ issue: `${n}` })), []],
  ];
  for (const [name, all, expected] of spread) {
    it(name, () => assert.deepEqual(kinds({ robots: robots(60), occurrences: all }), expected));
  }

  it('counts occurrences that it leaves out', () => {
    const all = occurrences(5, (n) => ({ uncertainMs: n < 3 ? 0 : 2 * HOUR }));
    const [opening] = judge(windows({ robots: robots(60), occurrences: all }), SETTINGS).openings;
    assert.equal(opening?.uncounted, 2);
  });

  it('opens for a tenth of a site or version, if more robots are configured for the fleet', () => {
    const settings = { ...SETTINGS, robots: 20 };
    const fleet = robots(60, (n) => ({ site: n < 20 ? 'berlin' : 'graz', version: n < 40 ? '2.0.0' : '2.1.0' }));
    assert.deepEqual(kinds({ robots: fleet, occurrences: occurrences(3) }, settings), ['issue_spreads 1 3']);
    const graz = (n: number) => ({ robot: `r${20 + n}`, site: 'graz' });
    assert.deepEqual(kinds({ robots: fleet, occurrences: occurrences(3, graz) }, settings), []);
    const newer = (n: number) => ({ robot: `r${40 + n}`, site: 'graz', version: '2.1.0' });
    assert.deepEqual(kinds({ robots: fleet, occurrences: occurrences(3, newer) }, settings), ['issue_spreads 1 3']);
  });

  it('opens once, continues while two robots have it, and ends after the calm time', () => {
    const fleet = robots(60);
    const first = judge(windows({ robots: fleet, occurrences: occurrences(4) }), SETTINGS);
    const known = [stored(first.openings[0]!)];
    const again = judge(windows({ robots: fleet, occurrences: occurrences(4), known }), SETTINGS);
    assert.deepEqual(again, { openings: [], changes: [], ends: [], omitted: 0 });
    // A robot more, and two that healed: the number around the threshold does not matter.
    const flapping = occurrences(5, (n) => (n < 3 ? { endedMs: NOW - MINUTE } : {}));
    const later = judge(windows({ robots: fleet, occurrences: flapping, known }), SETTINGS);
    assert.deepEqual(
      later.changes.map(({ id, robots: count, members }) => [id, count, members.map(({ endedMs }) => endedMs)]),
      [[1, 5, [NOW - MINUTE, NOW - MINUTE, NOW - MINUTE, undefined, undefined]]],
    );
    const hourLater = { nowMs: NOW + 2 * HOUR, robots: fleet, known };
    const calm = occurrences(4, (n) => ({ endedMs: NOW + 2 * HOUR - (n < 2 ? 4 : 6) * MINUTE }));
    assert.equal(judge(windows({ ...hourLater, occurrences: calm }), SETTINGS).ends.length, 0);
    const over = occurrences(4, () => ({ endedMs: NOW + 2 * HOUR - 5 * MINUTE }));
    const { ends } = judge(windows({ ...hourLater, occurrences: over }), SETTINGS);
    assert.deepEqual(
      ends.map(({ id, endedMs }) => [id, endedMs]),
      [[1, NOW + 2 * HOUR]],
    );
  });

  it('ends with its faults, although they began within the hour', () => {
    const ended = (minutes: number) => occurrences(4, () => ({ endedMs: NOW - minutes * MINUTE }));
    const [opening] = judge(windows({ occurrences: ended(1) }), SETTINGS).openings;
    const known = [stored(opening!)];
    const ends = (minutes: number) => judge(windows({ occurrences: ended(minutes), known }), SETTINGS).ends.length;
    assert.deepEqual([ends(4), ends(5)], [0, 1]);
  });

  it('does not open again with occurrences of the last outbreak', () => {
    const base = { robots: robots(60), occurrences: occurrences(4, () => ({ endedMs: NOW - 6 * MINUTE })) };
    const [opening] = judge(windows(base), SETTINGS).openings;
    const known = [{ ...stored(opening!), endedMs: NOW - MINUTE }];
    assert.deepEqual(kinds({ ...base, known }), []);
    const more = occurrences(3, () => ({ beganMs: NOW - 1000 }));
    assert.deepEqual(kinds({ ...base, known, occurrences: [...base.occurrences, ...more] }), ['issue_spreads 1 3']);
  });
});

describe('a version that is worse', () => {
  const version = (name: string, errors: number, hours: number, affected = 5): VersionNow => ({
    ...{ version: name, errors, hours, uncounted: 0 },
    members: Array.from({ length: affected }, (_, n) => ({ robot: `r${n}`, beganMs: NOW - HOUR })),
  });
  const cases: readonly (readonly [string, readonly VersionNow[], readonly string[]])[] = [
    ['has no other to compare with', [version('2.1.0', 50, 100)], []],
    ['has three times the rate', [version('2.1.0', 12, 100), version('2.0.0', 16, 400)], ['version_worse 2.1.0 5']],
    ['has twice the rate', [version('2.1.0', 20, 100), version('2.0.0', 40, 400)], []],
    [
      'has faults where the others have none',
      [version('2.1.0', 5, 100), version('2.0.0', 0, 2000)],
      ['version_worse 2.1.0 5'],
    ],
    ['is only a coincidence', [version('2.1.0', 5, 100), version('2.0.0', 4, 240)], []],
    ['has too few faults', [version('2.1.0', 4, 10), version('2.0.0', 0, 2000)], []],
    ['has faults on two robots', [version('2.1.0', 20, 100, 2), version('2.0.0', 0, 2000)], []],
    ['has not run', [version('2.1.0', 5, 0), version('2.0.0', 0, 2000)], []],
  ];
  for (const [name, versions, expected] of cases) {
    it(name, () => assert.deepEqual(kinds({ versions }), expected));
  }

  it('continues with twice the rate', () => {
    const worse = judge(windows({ versions: [version('2.1.0', 12, 100), version('2.0.0', 16, 400)] }), SETTINGS);
    const known = [stored(worse.openings[0]!)];
    const endsWith = (errors: number) =>
      judge(windows({ known, versions: [version('2.1.0', errors, 100), version('2.0.0', 40, 400)] }), SETTINGS).ends;
    assert.deepEqual([endsWith(24).length, endsWith(15).length], [0, 1]);
  });

  it('is judged by the exact conditional test', () => {
    // P(X >= 5), X binomial with n = 5 and p = 0.5; and n = 9, p = 100/340.
    assert.equal(rateTest({ count: 5, exposure: 1 }, { count: 0, exposure: 1 }), 0.5 ** 5);
    assert.ok(Math.abs(rateTest({ count: 3, exposure: 1 }, { count: 1, exposure: 1 }) - 5 / 16) < 1e-12);
    assert.equal(Math.round(rateTest({ count: 0, exposure: 1 }, { count: 7, exposure: 1 }) * 1e9), 1e9);
    const tiny = rateTest({ count: 5000, exposure: 1 }, { count: 100, exposure: 1 });
    assert.ok(tiny >= 0 && tiny < 1e-300);
  });
});

describe('robots that disconnect', () => {
  const gone = (ms: number): Partial<RobotNow> => ({ presence: 'offline', sinceMs: NOW - ms });
  const cases: readonly (readonly [string, readonly RobotNow[], readonly string[]])[] = [
    ['a fleet without robots', [], []],
    ['a robot for a moment', robots(1, () => gone(MINUTE)), []],
    ['a robot for 15 min', robots(1, () => gone(15 * MINUTE)), ['robot_lost r0 1']],
    ['a robot that is parked', robots(1, () => ({ ...gone(HOUR), presence: 'expected_offline' })), []],
    ['a robot that is quarantined', robots(1, () => ({ ...gone(HOUR), presence: 'quarantined' })), []],
    ['a robot that was never connected', robots(1, () => ({ presence: 'never', sinceMs: undefined })), []],
    ['a site', robots(6, () => gone(2 * MINUTE)), ['site_lost berlin 6']],
    ['half of a site', robots(6, (n) => (n < 3 ? gone(2 * MINUTE) : {})), ['site_lost berlin 3']],
    ['less than half of a site', robots(7, (n) => (n < 3 ? gone(2 * MINUTE) : {})), []],
    ['two of two', robots(2, () => gone(2 * MINUTE)), []],
    ['a site for some seconds', robots(6, () => gone(30_000)), []],
    ['a site, one robot after the other', robots(6, (n) => gone((2 + 3 * n) * MINUTE)), ['robot_lost r5 1']],
    ['robots without a site', robots(3, () => ({ ...gone(2 * MINUTE), site: undefined })), []],
  ];
  for (const [name, all, expected] of cases) it(name, () => assert.deepEqual(kinds({ robots: all }), expected));

  it('a lost site explains its robots, also later', () => {
    const all = robots(6, () => gone(20 * MINUTE));
    assert.deepEqual(kinds({ robots: all }), ['site_lost berlin 6']);
    const [site] = judge(windows({ robots: robots(6, () => gone(2 * MINUTE)) }), SETTINGS).openings;
    const known = [stored(site!)];
    const partly = robots(6, (n) => (n < 3 ? gone(20 * MINUTE) : { sinceMs: NOW - 10 * MINUTE }));
    const judged = judge(windows({ robots: partly, known }), SETTINGS);
    assert.deepEqual([judged.openings, judged.ends], [[], []]);
    assert.deepEqual(
      judged.changes[0]?.members.map(({ endedMs }) => endedMs === undefined),
      [true, true, true, false, false, false],
    );
    const back = robots(6, (n) => (n < 1 ? gone(20 * MINUTE) : { sinceMs: NOW - 10 * MINUTE }));
    const over = judge(windows({ robots: back, known }), SETTINGS);
    assert.deepEqual([openings(over), over.ends.length], [['robot_lost r0 1'], 1]);
  });

  it('a robot that was lost before its site stays lost', () => {
    const [lost] = judge(windows({ robots: robots(1, () => gone(15 * MINUTE)) }), SETTINGS).openings;
    const all = robots(5, (n) => gone((n === 0 ? 20 : 2) * MINUTE));
    const known = [stored(lost!)];
    const judged = judge(windows({ robots: all, known }), SETTINGS);
    assert.deepEqual([openings(judged), judged.ends], [['site_lost berlin 4'], []]);
    const both = [...known, stored(judged.openings[0]!, 2)];
    assert.deepEqual(judge(windows({ robots: all, known: both }), SETTINGS).ends, []);
  });

  it('a robot whose connection flaps stays lost until it is connected for the calm time', () => {
    const [lost] = judge(windows({ robots: robots(1, () => gone(15 * MINUTE)) }), SETTINGS).openings;
    const known = [stored(lost!)];
    const ends = (more: Partial<RobotNow>) =>
      judge(windows({ robots: robots(1, () => more), known }), SETTINGS).ends.length;
    assert.deepEqual(
      [ends(gone(MINUTE)), ends({ sinceMs: NOW - MINUTE }), ends({ sinceMs: NOW - 5 * MINUTE })],
      [0, 0, 1],
    );
  });

  it('a hub that was restarted gives its robots the time of a lost robot', () => {
    const all = robots(6, () => gone(HOUR));
    const at = (minutes: number) => kinds({ robots: all, startedMs: NOW - minutes * MINUTE });
    assert.deepEqual([at(5), at(14), at(15)], [[], [], ['site_lost berlin 6']]);
    const [site] = judge(windows({ robots: all }), SETTINGS).openings;
    const restarted = windows({ robots: all, startedMs: NOW, known: [stored(site!)] });
    assert.deepEqual(judge(restarted, SETTINGS), { openings: [], changes: [], ends: [], omitted: 0 });
  });
});

describe('a robot that connects again and again', () => {
  const connects = (count: number) => ({ count, firstMs: count > 0 ? NOW - 50 * MINUTE : undefined });
  const cases: readonly (readonly [string, Partial<RobotNow>, readonly string[]])[] = [
    ['has not connected', { connects: connects(0) }, []],
    ['has changed its network', { connects: connects(2) }, []],
    ['has five connects', { connects: connects(5) }, []],
    ['has six connects', { connects: connects(6) }, ['robot_flaps r0 1']],
    ['is offline now', { connects: connects(6), presence: 'offline', sinceMs: NOW - 1000 }, ['robot_flaps r0 1']],
    ['is quarantined', { connects: connects(60), presence: 'quarantined' }, []],
  ];
  for (const [name, more, expected] of cases) {
    it(name, () => assert.deepEqual(kinds({ robots: [robot(0, more)] }), expected));
  }

  it('continues down to three connects within the hour', () => {
    const [opening] = judge(windows({ robots: [robot(0, { connects: connects(6) })] }), SETTINGS).openings;
    const known = [stored(opening!)];
    assert.equal(opening!.beganMs, NOW - 50 * MINUTE);
    const ends = (count: number) =>
      judge(windows({ robots: [robot(0, { connects: connects(count) })], known }), SETTINGS).ends.length;
    assert.deepEqual([ends(5), ends(3), ends(2)], [0, 0, 1]);
  });
});

describe('a version that is too old', () => {
  const cases: readonly (readonly [string, readonly Partial<RobotNow>[], readonly string[]])[] = [
    ['is not the oldest one', [{ medkit: '0.3.0' }, { medkit: '0.10.0' }], []],
    ['is older', [{ medkit: '0.2.9' }, { medkit: '0.2.9' }, {}], ['version_too_old 0.2.9 2']],
    ['is a prerelease', [{ medkit: '0.3.0-rc.1' }], ['version_too_old 0.3.0-rc.1 1']],
    ['is no version', [{ medkit: 'Ελλάδα' }, { medkit: '' }, { medkit: '0.2' }], []],
    ['was never stated', [{ medkit: undefined }], []],
    ['is refused', [{ outdatedMs: NOW - HOUR }], ['version_too_old 0.3.0 1']],
    ['is refused and unknown', [{ medkit: undefined, outdatedMs: NOW - HOUR }], ['version_too_old unknown 1']],
  ];
  for (const [name, all, expected] of cases) {
    it(name, () => assert.deepEqual(kinds({ robots: all.map((more, n) => robot(n, more)) }), expected));
  }

  it('is allowed without a setting', () => {
    const all = [robot(0, { medkit: '0.0.1' })];
    assert.deepEqual(kinds({ robots: all }, { ...SETTINGS, oldestMedkit: undefined }), []);
  });

  it('keeps the time at which it was found, and ends with the last robot', () => {
    const old = robots(2, () => ({ medkit: '0.2.0' }));
    const [opening] = judge(windows({ robots: old }), SETTINGS).openings;
    const known = [stored(opening!)];
    const later = judge(windows({ robots: old, known, nowMs: NOW + HOUR }), SETTINGS);
    assert.deepEqual([later.changes, later.ends], [[], []]);
    const half = judge(windows({ robots: robots(2, (n) => (n === 0 ? { medkit: '0.2.0' } : {})), known }), SETTINGS);
    assert.deepEqual(
      half.changes[0]?.members.map(({ endedMs }) => endedMs),
      [undefined, NOW],
    );
    assert.equal(judge(windows({ robots: robots(2), known }), SETTINGS).ends.length, 1);
  });
});

describe('the data budget of a robot', () => {
  const MB = 1_000_000;
  const budget = (more: object) =>
    JSON.stringify({
      used_bytes: 12.4 * MB,
      limit_bytes: 12 * MB,
      renews: new Date(NOW + HOUR).toISOString(),
      ...more,
    });
  const cases: readonly (readonly [string, string | undefined, number, boolean])[] = [
    ['is unlimited', budget({ limit_bytes: undefined }), 0, false],
    ['is none', undefined, 0, false],
    ['is 0, which is no limit', budget({ limit_bytes: 0 }), 0, false],
    ['is not used up', budget({ used_bytes: 12 * MB - 1 }), 0, false],
    ['is used up', budget({}), 0, true],
    ['has renewed since', budget({ renews: new Date(NOW).toISOString() }), 0, false],
    ['has renewed by the clock of the hub', budget({}), -2 * HOUR, false],
    ['is that of a clock an hour late', budget({ renews: new Date(NOW).toISOString() }), HOUR, true],
    ['renews at no time', budget({ renews: 'tomorrow' }), 0, false],
    ['has texts', budget({ used_bytes: '9e9' }), 0, false],
  ];
  for (const [name, text, offsetMs, isSpent] of cases) {
    it(name, () => {
      const problem = spentBudget({ text, readMs: NOW - MINUTE, offsetMs }, NOW);
      assert.equal(problem?.kind, isSpent ? 'budget_spent' : undefined);
    });
  }

  it('renews within a day, whatever the clock of the robot', () => {
    const text = budget({ renews: '2999-01-01T00:00:00.000Z' });
    const at = (hours: number) => spentBudget({ text, readMs: NOW, offsetMs: 0 }, NOW + hours * HOUR)?.about;
    assert.match(at(24)!, /^12\.4 of 12\.0 MB of the day are used: .* wait until 2026-03-24T13:00:00\.000Z\.$/);
    assert.equal(at(25), undefined);
  });
});

describe('other outbreaks', () => {
  it('are problems of one robot, until they are removed', () => {
    const cloned = {
      kind: 'cloned',
      strength: 'opens',
      sinceMs: NOW - MINUTE,
      about: 'Two machines use one key.',
    } as const;
    const all = robots(2, (n) => (n === 0 ? { problems: [cloned] } : {}));
    const { openings: found } = judge(windows({ robots: all }), SETTINGS);
    assert.deepEqual(
      found.map(({ kind, subject, beganMs }) => [kind, subject, beganMs]),
      [['cloned', 'r0', NOW - MINUTE]],
    );
    const known = [stored(found[0]!)];
    assert.deepEqual(judge(windows({ robots: all, known }), SETTINGS).ends, []);
    assert.equal(judge(windows({ robots: robots(2), known }), SETTINGS).ends.length, 1);
  });

  it('are bounded, and the most severe ones are first', () => {
    const all = robots(MAX_OPEN_OUTBREAKS + 5, (n) => ({
      presence: 'offline',
      site: undefined,
      sinceMs: NOW - (n + 20) * 3 * MINUTE,
    }));
    const judged = judge(windows({ robots: all, occurrences: occurrences(3) }), SETTINGS);
    assert.equal(judged.openings[0]?.kind, 'issue_spreads');
    assert.deepEqual([judged.openings.length, judged.omitted], [MAX_OPEN_OUTBREAKS, 6]);
  });
});
