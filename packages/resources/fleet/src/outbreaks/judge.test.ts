import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Judgement, judge, MAX_OPEN_OUTBREAKS, type OutbreakNow } from './judge.ts';
import { rateTest } from './poisson-test.ts';
import type { OccurrenceNow, OutbreakSettings, RobotNow, StoredOutbreak, VersionNow, Windows } from './windows.ts';

const NOW = Date.UTC(2026, 2, 23, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SETTINGS: OutbreakSettings = { robots: 3, lostAfterMs: 15 * MINUTE, calmMs: 5 * MINUTE };

const robot = (n: number, more: Partial<RobotNow> = {}): RobotNow => ({
  ...{ name: `r${n}`, site: 'berlin', version: '2.0.0', presence: 'online', sinceMs: NOW - 24 * HOUR, problems: [] },
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
