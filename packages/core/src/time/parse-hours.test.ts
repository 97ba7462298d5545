import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWeeklyHours, parseZone } from './parse-hours.ts';

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

test('weekly hours are of every day, or of the days before them', () => {
  assert.deepEqual(parseWeeklyHours('22:00-06:30'), { days: EVERY_DAY, fromMinute: 1320, toMinute: 390 });
  assert.deepEqual(parseWeeklyHours(' Sat,sunday 00:00-24:00'), { days: [6, 0], fromMinute: 0, toMinute: 0 });
});

test('weekly hours are rejected with the part that is wrong', () => {
  const TABLE = [
    ['night', /"night" is not a time range such as 22:00-06:00/],
    ['sat,moon 10:00-12:00', /"moon" is not one of sun, mon/],
    ['22:00-24:30', /is not a time range/],
    ['22:00-22:10', /is shorter than 15 minutes/],
  ] as const;
  for (const [text, message] of TABLE) assert.match(String(parseWeeklyHours(text)), message);
});

test('a time zone exists or not', () => {
  assert.deepEqual([parseZone('Europe/Berlin'), parseZone('Europe/Atlantis')], ['Europe/Berlin', undefined]);
});
