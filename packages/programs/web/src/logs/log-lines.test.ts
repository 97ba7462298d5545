import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogEntry } from '@medkit/contract';
import { appendLines, appsByLogger, MAX_LINES, matchingLines } from './log-lines.ts';

const entry = (number: number, severity = 'info', logger_name = '/nav'): LogEntry => ({
  id: `log_${number}`,
  timestamp: '2026-03-23T02:14:33.000000000Z',
  severity,
  message: `Line ${number}`,
  logger_name,
});

describe('the lines of a log that is followed', () => {
  it('are appended with the newest last, up to a maximum', () => {
    const lines = appendLines(appendLines([], [entry(1), entry(2)]), [entry(3)]);
    assert.deepEqual(
      lines.map(({ key }) => key),
      ['0/log_1', '0/log_2', '0/log_3'],
    );
    assert.equal(appendLines(lines, []), lines);
    const many = appendLines(
      lines,
      Array.from({ length: MAX_LINES }, (_, at) => entry(4 + at)),
    );
    assert.deepEqual([many.length, many[0]!.key], [MAX_LINES, '0/log_4']);
  });

  it('continue after a restart of the gateway', () => {
    const lines = appendLines(appendLines([], [entry(1), entry(2)]), [entry(1)]);
    assert.deepEqual(
      lines.map(({ key }) => key),
      ['0/log_1', '0/log_2', '1/log_1'],
    );
  });

  it('are filtered by severity, app and text', () => {
    const appOf = appsByLogger([
      { id: 'planner', 'x-medkit': { ros2: { node: '/nav' } } },
      { id: 'plc', 'x-medkit': {} },
    ]);
    assert.deepEqual([appOf('/nav'), appOf('/nav.costmap'), appOf('/arm')], ['planner', 'planner', undefined]);
    const lines = appendLines([], [entry(1), entry(2, 'error'), entry(3, 'warning', '/arm')]);
    const idsOf = (filter: object) =>
      matchingLines(lines, { severity: '', entity: '', q: '', ...filter }, appOf).map(({ entry: { id } }) => id);
    assert.deepEqual(idsOf({}), ['log_1', 'log_2', 'log_3']);
    assert.deepEqual(idsOf({ severity: 'warning' }), ['log_2', 'log_3']);
    assert.deepEqual(idsOf({ entity: 'planner' }), ['log_1', 'log_2']);
    assert.deepEqual(idsOf({ q: 'ARM line' }), ['log_3']);
  });
});
