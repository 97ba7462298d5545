import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shortened } from '@medkit/contract';
import { healedOf, incidentOf, NIGHT_MS } from '../testing/incidents.ts';
import { contentOf, lineOf } from './content.ts';
import { crossingText } from './crossing-text.ts';
import { oneLine, shortenedToOctets } from './one-line.ts';
import { durationText, timeText } from './time-text.ts';

const CONTEXT = { instance: 'amr-01', publicUrl: 'https://amr-01.example', zone: 'Europe/Berlin' };

describe('a value that crossed its threshold', () => {
  const of = (value: number, threshold: number, more = {}) =>
    crossingText({ channel: '/scan', value, threshold, ...more });

  it('is shown with enough digits to differ from the threshold, and with its unit', () => {
    assert.equal(of(0.7712, 0.8, { label: 'range', unit: 'm' }), 'range 0.771 m < 0.8 m');
    assert.equal(of(0.77, 0.8), '/scan 0.77 < 0.8');
    assert.equal(of(0.79996, 0.8), '/scan 0.79996 < 0.8');
    assert.equal(of(101.2, 95, { label: 'motor', unit: '°C' }), 'motor 101 °C > 95 °C');
    assert.equal(of(5, 5), '/scan 5 = 5');
    assert.equal(of(-1e-9, 0), '/scan -1e-9 < 0');
  });
});

describe('times', () => {
  it('are shown in the time zone of the receiver', () => {
    assert.equal(timeText(NIGHT_MS, 'Europe/Berlin'), '2026-03-23 03:12:53 CET');
    assert.equal(timeText(NIGHT_MS, 'UTC'), '2026-03-23 02:12:53 UTC');
  });

  it('and durations have two parts at most', () => {
    assert.deepEqual([-1, 300, 9949, 12_400, 59_600, 60_000, 192_000, 7_500_000, 7_200_000].map(durationText), [
      '0.0 s',
      '0.3 s',
      '9.9 s',
      '12 s',
      '60 s',
      '1 min',
      '3 min 12 s',
      '2 h 5 min',
      '2 h',
    ]);
  });
});

describe('texts of the robot', () => {
  it('are one line without invisible characters', () => {
    assert.equal(oneLine('a\u0000b\r\n\tc\u202Ed '), 'a b c d');
  });

  it('are truncated at a limit without splitting a character', () => {
    assert.equal(shortened('abcdef', 6), 'abcdef');
    assert.equal(shortened('abcdefg', 6), 'abcde…');
    assert.equal(shortened('ab😀😀', 4), 'ab…');
    assert.equal(shortenedToOctets('ä'.repeat(10), 20), 'ä'.repeat(10));
    const short = shortenedToOctets('ä'.repeat(11), 20);
    assert.ok(Buffer.byteLength(short) <= 20 && short.endsWith('ä…'), short);
    assert.ok(Buffer.byteLength(shortenedToOctets('😀'.repeat(5000), 4000)) <= 4000);
  });
});

describe('a message', () => {
  it('has robot, root, severity, value, number of faults, start time and links', () => {
    const incident = incidentOf();
    const notification = {
      about: 'incident',
      news: 'opened',
      ring: 1,
      incident,
      severity: 2,
      atMs: NIGHT_MS,
      part: 0,
    } as const;
    const content = contentOf(notification, { ...CONTEXT, acknowledgeUrl: 'https://amr-01.example/ack' });
    assert.equal(content.robot, 'amr-01');
    assert.equal(content.headline, 'Obstacle in the protective field');
    assert.deepEqual(content.facts, [
      ['Severity', 'error'],
      ['Value', 'range 0.771 m < 0.8 m'],
      ['Faults', '3'],
      ['Entity', 'collision_monitor'],
      ['Motion', 'blocked'],
      ['Began', '2026-03-23 03:12:53 CET'],
    ]);
    assert.equal(content.link, 'https://amr-01.example/incidents/inc_17');
    assert.equal(content.acknowledgeUrl, 'https://amr-01.example/ack');
    assert.deepEqual([content.key, content.ringKey], ['medkit-amr-01-inc_17', 'medkit-amr-01-inc_17-1']);
  });

  it('about a healed incident has its duration and the number of the alert it ends, and no acknowledgement', () => {
    const notification = {
      about: 'incident',
      news: 'healed',
      ring: 2,
      incident: healedOf(),
      severity: 2,
      atMs: NIGHT_MS,
      part: 0,
    } as const;
    const content = contentOf(notification, { ...CONTEXT, acknowledgeUrl: 'https://amr-01.example/ack' });
    assert.equal(content.headline, 'Healed: Obstacle in the protective field');
    assert.deepEqual(content.facts.at(-1), ['Lasted', '3 min 12 s']);
    assert.ok(!content.facts.some(([name]) => name === 'Motion'), 'nothing is blocked any more');
    assert.deepEqual([content.rings, content.ends, content.acknowledgeUrl], [false, true, undefined]);
    assert.equal(content.ringKey, 'medkit-amr-01-inc_17-2');
  });

  it('has no link without a configured address, and links with complete ids', () => {
    const incident = incidentOf({ id: 'inc_3@cell/2', title: 'a\nb' });
    const notification = {
      about: 'incident',
      news: 'merged',
      ring: 1,
      incident,
      severity: 2,
      atMs: 0,
      into: 'inc_9',
      part: 0,
    } as const;
    assert.equal(contentOf(notification, { ...CONTEXT, publicUrl: undefined }).link, undefined);
    const content = contentOf(notification, CONTEXT);
    assert.equal(content.link, 'https://amr-01.example/incidents/inc_3%40cell%2F2');
    assert.match(content.key, /^[\w-]+$/);
    const keyAt = (instance: string) => contentOf(notification, { ...CONTEXT, instance }).key;
    assert.equal(new Set(['A.B', 'A_B', 'A B'].map(keyAt)).size, 3);
    assert.equal(content.headline, 'Merged: a b');
    assert.deepEqual(content.facts.at(-1), ['Merged into', 'inc_9']);
  });

  it('about incidents during quiet hours has a line for each, up to a limit', () => {
    const lines = Array.from({ length: 25 }, (_, n) => lineOf(healedOf({ id: `inc_${n}` }), 'UTC'));
    const content = contentOf({ about: 'meanwhile', lines, atMs: 5, part: 0 }, CONTEXT);
    assert.equal(content.headline, '25 incidents started and healed while alerts were off');
    assert.equal(content.lines.length, 21);
    assert.deepEqual(
      [content.lines[0], content.lines.at(-1)],
      ['2026-03-23 02:12:53 UTC Obstacle in the protective field (error, 3 min 12 s)', 'and 5 more'],
    );
    assert.equal(content.rings, false);
  });
});
