import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Hours, localTime, nextChange } from './weekly-hours.ts';

const ALL = [0, 1, 2, 3, 4, 5, 6];
const hours = (from: string, to: string, days: readonly number[] = ALL): Hours => ({
  days,
  fromMinute: minuteOf(from),
  toMinute: minuteOf(to),
});
const minuteOf = (text: string) => 60 * Number(text.slice(0, 2)) + Number(text.slice(3));
const at = (text: string) => Date.parse(text);

describe('the local time', () => {
  it('follows its time zone, summer and winter', () => {
    assert.deepEqual(localTime(at('2026-03-23T02:12:53Z'), 'Europe/Berlin'), { day: 1, minute: 3 * 60 + 12 });
    assert.deepEqual(localTime(at('2026-07-01T22:30:00Z'), 'Europe/Berlin'), { day: 4, minute: 30 });
    assert.deepEqual(localTime(at('2026-07-01T00:15:00Z'), 'Asia/Kathmandu'), { day: 3, minute: 6 * 60 });
    assert.deepEqual(localTime(at('2026-01-01T00:00:00Z'), 'America/St_Johns'), { day: 3, minute: 20 * 60 + 30 });
    assert.throws(() => localTime(0, 'Europe/Atlantis'), RangeError);
  });
});

describe('times of the week', () => {
  const NIGHT = [hours('22:00', '06:30')];
  const WORK = [hours('08:00', '12:00', [1, 2, 3, 4, 5]), hours('13:00', '17:00', [1, 2, 3, 4, 5])];
  // The next change after a time; the zone is Berlin, where the clock goes forward on 29 March 2026 at 01:00Z.
  const TABLE: readonly (readonly [string, readonly Hours[], string, string | undefined])[] = [
    ['before a night', NIGHT, '2026-03-23T12:00:00Z', '2026-03-23T21:00:00.000Z'],
    ['at the first moment of a night', NIGHT, '2026-03-23T21:00:00Z', '2026-03-24T05:30:00.000Z'],
    ['in the night', NIGHT, '2026-03-23T23:59:59Z', '2026-03-24T05:30:00.000Z'],
    ['a minute before the end of a night', NIGHT, '2026-03-24T05:29:01Z', '2026-03-24T05:30:00.000Z'],
    ['in the night that is an hour shorter', NIGHT, '2026-03-28T23:00:00Z', '2026-03-29T04:30:00.000Z'],
    ['in the night that is an hour longer', NIGHT, '2026-10-24T22:00:00Z', '2026-10-25T05:30:00.000Z'],
    ['with an end that the clock skips', [hours('22:00', '02:30')], '2026-03-28T23:00:00Z', '2026-03-29T01:00:00.000Z'],
    [
      'with a start that the clock skips',
      [hours('02:15', '05:00')],
      '2026-03-28T23:00:00Z',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'with an end that occurs twice, of which the first counts',
      [hours('22:00', '02:30')],
      '2026-10-24T23:00:00Z',
      '2026-10-25T00:30:00.000Z',
    ],
    ['before work', WORK, '2026-03-23T05:00:00Z', '2026-03-23T07:00:00.000Z'],
    ['at noon', WORK, '2026-03-23T10:00:00Z', '2026-03-23T11:00:00.000Z'],
    ['on Friday evening', WORK, '2026-03-27T16:00:00Z', '2026-03-30T06:00:00.000Z'],
    [
      'in a night of the weekend, on Sunday',
      [hours('22:00', '06:00', [6])],
      '2026-03-29T01:30:00Z',
      '2026-03-29T04:00:00.000Z',
    ],
    ['without days', [hours('08:00', '12:00', [])], '2026-03-23T05:00:00Z', undefined],
    ['all day', [hours('00:00', '00:00')], '2026-03-23T05:00:00Z', undefined],
    [
      'with minutes that are not a quarter of an hour',
      [hours('22:07', '22:23')],
      '2026-03-23T12:00:00Z',
      '2026-03-23T21:07:00.000Z',
    ],
  ];

  for (const [name, times, from, expected] of TABLE) {
    it(`give the next change ${name}`, () => {
      const next = nextChange(times, 'Europe/Berlin', at(from));
      assert.equal(next === undefined ? undefined : new Date(next).toISOString(), expected);
    });
  }
});
