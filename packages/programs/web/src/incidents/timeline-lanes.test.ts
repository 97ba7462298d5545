import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IncidentDetail, IncidentFault, TimelineRow } from '@medkit/contract';
import { adjacentEvent, eventsOf, lanesOf, spanOf } from './timeline-lanes.ts';

const BEGAN_MS = Date.UTC(2026, 2, 23, 2, 14, 38);
const at = (sec: number) => new Date(BEGAN_MS + sec * 1000).toISOString();

function fault(code: string, sec: number, more: Partial<IncidentFault> = {}): IncidentFault {
  return {
    fault_code: code,
    description: code,
    severity: 2,
    severity_label: 'ERROR',
    role: 'same',
    because: 'entity',
    why: '',
    delay_ms: sec * 1000,
    status: 'active',
    occurrence: 1,
    times: 1,
    began: at(sec),
    ...more,
  };
}

const incident = (faults: readonly IncidentFault[], more: Partial<IncidentDetail> = {}) =>
  ({ began: at(0), faults, ...more }) as IncidentDetail;

const row = (kind: TimelineRow['kind'], sec: number, event: string, more: Partial<TimelineRow> = {}): TimelineRow => ({
  at: at(sec),
  kind,
  event,
  text: `${kind} ${event}`,
  ...more,
});

describe('the timeline of an incident', () => {
  it('extends from half a minute before it to a little after its end, or to now', () => {
    const over = incident([fault('A', 0, { status: 'healed', healed_at: at(20) })], { healed_at: at(20) });
    assert.deepEqual(spanOf(over, BEGAN_MS + 999_000), { fromMs: BEGAN_MS - 30_000, toMs: BEGAN_MS + 28_000 });
    assert.equal(spanOf(incident([fault('A', 0)]), BEGAN_MS + 60_000).toMs, BEGAN_MS + 68_000);
  });

  it('ends with the last time stamp if the clock of the robot has no date', () => {
    const early = (sec: number) => new Date(sec * 1000).toISOString();
    const faults = [fault('A', 0, { began: early(60) }), fault('B', 0, { began: early(90) })];
    assert.deepEqual(spanOf(incident(faults, { began: early(60) }), BEGAN_MS), { fromMs: 30_000, toMs: 98_000 });
  });

  it('has a numbered bar for each fault, and one for each goal from its begin to its end', () => {
    const faults = [fault('A', 0, { status: 'healed', healed_at: at(20) }), fault('B', 5)];
    const rows = [
      row('operation', -10, 'executing', { item: 'go' }),
      row('operation', 5, 'failed', { item: 'go' }),
      row('operation', 6, 'executing', { item: 'other' }),
      row('operation', 7, 'completed', { item: 'unknown' }),
    ];
    const span = spanOf(incident(faults), BEGAN_MS + 30_000);
    const [first, second] = lanesOf(incident(faults), rows, span);
    assert.deepEqual(
      first?.bars.map(({ number, text, toMs }) => [number, text, toMs]),
      [
        [1, 'A', BEGAN_MS + 20_000],
        [2, 'B', undefined],
      ],
    );
    assert.deepEqual(
      second?.bars.map(({ toMs, hasFailed, row: line }) => [toMs, hasFailed, line]),
      [
        [BEGAN_MS + 5000, true, 0],
        [undefined, undefined, 0],
      ],
    );
    assert.deepEqual(
      second?.moments.map(({ text }) => text),
      ['operation completed'],
    );
  });

  it('has bars for the first faults of an incident of very many', () => {
    const faults = Array.from({ length: 500 }, (_, at) => fault(`F${at}`, at));
    const [lane] = lanesOf(incident(faults), [], { fromMs: BEGAN_MS, toMs: BEGAN_MS + 500_000 });
    assert.deepEqual([lane?.bars.length, lane?.rows, lane?.bars[0]?.text], [40, 40, 'F0']);
  });

  it('combines events that are too close into one mark, with the text of the most severe', () => {
    const rows = Array.from({ length: 1000 }, (_, n) =>
      row('log', n / 1000, n === 500 ? 'error' : 'warning', { text: `line ${n}` }),
    );
    const [, lane] = lanesOf(incident([]), rows, { fromMs: BEGAN_MS - 30_000, toMs: BEGAN_MS + 30_000 });
    assert.ok((lane?.moments.length ?? 99) <= 6, `${lane?.moments.length}`);
    assert.equal(
      lane?.moments.reduce((sum, { count }) => sum + count, 0),
      1000,
    );
    assert.deepEqual(lane?.moments.find(({ severity }) => severity === 2)?.text, 'line 500');
  });

  it('is stepped through in the order of time', () => {
    const events = eventsOf(incident([fault('A', 0, { status: 'healed', healed_at: at(20) })]), [
      row('people', 10, 'PUT'),
      row('log', 11, 'warning'),
    ]);
    const times: number[] = [];
    for (let next = adjacentEvent(events, undefined, 1); next; next = adjacentEvent(events, next.ms, 1))
      times.push(next.ms);
    assert.deepEqual(
      times.map((ms) => (ms - BEGAN_MS) / 1000),
      [0, 10, 20],
    );
    assert.equal(adjacentEvent(events, BEGAN_MS, -1), undefined);
  });
});
