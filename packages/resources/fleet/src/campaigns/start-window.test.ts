import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closedReason, parseStartWindow, type StartWindow, siteWindows } from './start-window.ts';

const NIGHT = '22:00-05:00';
const BERLIN = 'Europe/Berlin';
const windowOf = (text: string): StartWindow => {
  const window = parseStartWindow(text);
  if (typeof window === 'string') throw new Error(window);
  return window;
};

/** Window, zone, time, and the local time at which it opens: `undefined` while it is open. */
const TABLE: readonly (readonly [string, string | undefined, string, string | undefined])[] = [
  // Over midnight, and at its first and last moment.
  [NIGHT, BERLIN, '2026-11-28T12:00:00Z', '2026-11-28 22:00'],
  [NIGHT, BERLIN, '2026-11-28T20:59:59Z', '2026-11-28 22:00'],
  [NIGHT, BERLIN, '2026-11-28T21:00:00Z', undefined],
  [NIGHT, BERLIN, '2026-11-29T03:59:59Z', undefined],
  [NIGHT, BERLIN, '2026-11-29T04:00:00Z', '2026-11-29 22:00'],
  // Another zone at the same time, one with a quarter of an hour, and one on the next day.
  [NIGHT, 'America/New_York', '2026-11-28T21:00:00Z', '2026-11-28 22:00'],
  [NIGHT, 'Asia/Kathmandu', '2026-11-28T16:14:59Z', '2026-11-28 22:00'],
  [NIGHT, 'Asia/Kathmandu', '2026-11-28T16:15:00Z', undefined],
  ['08:00-10:00', 'Pacific/Auckland', '2026-11-28T12:00:00Z', '2026-11-29 08:00'],
  // A site without a zone.
  [NIGHT, undefined, '2026-11-28T21:59:00Z', '2026-11-28 22:00'],
  [NIGHT, undefined, '2026-11-28T22:00:00Z', undefined],
  // The clock goes forward on 29 March 2026 from 02:00 to 03:00: a window in the hour that is skipped opens the next day.
  [NIGHT, BERLIN, '2026-03-29T02:59:59Z', undefined],
  [NIGHT, BERLIN, '2026-03-29T03:00:00Z', '2026-03-29 22:00'],
  ['02:15-02:45', BERLIN, '2026-03-28T23:00:00Z', '2026-03-30 02:15'],
  ['01:30-03:30', BERLIN, '2026-03-29T01:29:59Z', undefined],
  ['01:30-03:30', BERLIN, '2026-03-29T01:30:00Z', '2026-03-30 01:30'],
  // It goes back on 25 October 2026 from 03:00 to 02:00: the hour is twice.
  [NIGHT, BERLIN, '2026-10-25T03:59:59Z', undefined],
  [NIGHT, BERLIN, '2026-10-25T04:00:00Z', '2026-10-25 22:00'],
  ['02:15-02:45', BERLIN, '2026-10-25T00:50:00Z', '2026-10-25 02:15'],
  ['02:15-02:45', BERLIN, '2026-10-25T01:20:00Z', undefined],
  // Some days, and always.
  ['sat,sun 00:00-24:00', BERLIN, '2026-11-30T12:00:00Z', '2026-12-05 00:00'],
  ['sat,sun 00:00-24:00', BERLIN, '2026-11-28T12:00:00Z', undefined],
  ['00:00-24:00', BERLIN, '2026-11-28T12:00:00Z', undefined],
];

describe('the window in which robots of a campaign begin', () => {
  it('is in the time of the site, also when its clock changes', () => {
    for (const [text, zone, time, opens] of TABLE) {
      const where = zone === undefined ? 'UTC (its site has no time zone)' : zone;
      assert.equal(
        closedReason(windowOf(text), zone, Date.parse(time)),
        opens && `limits.start_within is ${text} in ${where}, and opens at ${opens}`,
        `${text} ${zone} ${time}`,
      );
    }
  });

  it('is closed with a zone that does not exist any more', () => {
    assert.equal(
      closedReason(windowOf(NIGHT), 'Europe/Atlantis', 0),
      'limits.start_within cannot be applied: the time zone Europe/Atlantis of its site is unknown, set another one',
    );
  });

  it('is refused if it is no period', () => {
    for (const text of ['', 'night', '22:00', '25:00-05:00', '22:00-05:61', '22:00-22:10', 'moon 22:00-05:00']) {
      assert.equal(typeof parseStartWindow(text), 'string', text);
    }
  });

  it('has the zone of each site, and UTC for robots without a site', () => {
    const schedules = new Map([['berlin', { zone: BERLIN }]]);
    const windows = siteWindows(windowOf(NIGHT), schedules, Date.parse('2026-11-28T21:30:00Z'));
    assert.deepEqual(windows('berlin'), { zone: BERLIN, closed: undefined });
    for (const site of ['graz', undefined]) assert.match(windows(site)?.closed ?? '', /22:00-05:00 in UTC \(its site/);
    assert.equal(siteWindows(undefined, schedules, 0)('berlin'), undefined);
  });
});
