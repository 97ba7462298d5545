import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IncidentDetail, IncidentFault, TimelineRow } from '@medkit/contract';
import { displayWidth } from '../terminal/display-width.ts';
import { glyphsOf } from '../terminal/glyphs.ts';
import type { IncidentSummary } from './incident-summary.ts';
import { incidentSummaryLines } from './summary-lines.ts';

const BEGAN_MS = Date.UTC(2026, 2, 23, 2, 14, 38);
const after = (sec: number): string => new Date(BEGAN_MS + sec * 1000).toISOString();

function fault(code: string, delaySec: number, more: Partial<IncidentFault> = {}): IncidentFault {
  const texts = { description: `${code} came`, severity: 2, severity_label: 'ERROR' } as const;
  const counted = { role: 'symptom', because: 'rule', why: 'STOP explains it', status: 'active' } as const;
  const times = { delay_ms: delaySec * 1000, occurrence: 1, times: 1, began: after(delaySec) };
  return { fault_code: code, entity_id: 'nav', entity_type: 'app', ...texts, ...counted, ...times, ...more };
}

const INCIDENT: IncidentDetail = {
  id: 'inc_41@gate',
  title: 'Obstacle within the stop distance',
  state: 'open',
  severity: 2,
  severity_label: 'ERROR',
  robot: 'gate',
  began: after(0),
  root: 'STOP',
  root_origin: 'gate',
  entity_id: 'safety_gate',
  entity_type: 'app',
  fault_count: 2,
  motion: 'blocked',
  faults: [fault('STOP', 0, { role: 'root', entity_id: 'safety_gate', origin: 'gate' }), fault('ABORTED', 5)],
  notes: [],
  recordings: [
    {
      id: 'fault_STOP_1',
      fault_code: 'STOP',
      href: '/apps/safety_gate/bulk-data/rosbags/fault_STOP_1',
      size_bytes: 16_000,
    },
  ],
  merged_ids: [],
};

const row = (kind: TimelineRow['kind'], sec: number, text: string, more: Partial<TimelineRow> = {}): TimelineRow => ({
  at: after(sec),
  kind,
  event: kind === 'log' ? 'warning' : 'PUT',
  text,
  entity_id: 'nav',
  ...more,
});

const STORY: IncidentSummary = {
  incident: INCIDENT,
  measured: {
    of: INCIDENT.faults[0]!,
    threshold: {
      channel: 'range',
      threshold: 0.8,
      unit: 'm',
      samples: [2, 2, 2, 0.2].map((value, at) => [BEGAN_MS - 300 + at * 100, value] as const),
    },
  },
  people: [],
  logs: [],
  missing: [],
  nowMs: BEGAN_MS + 12 * 60_000,
};

function linesOf(story: Partial<IncidentSummary>, columns = 78, environment: NodeJS.ProcessEnv = { NO_COLOR: '1' }) {
  const screen = { columns, glyphs: glyphsOf(environment) };
  return incidentSummaryLines({ ...STORY, ...story }, { screen, medkit: 'medkit', paint: (text) => text });
}
const incident = (more: Partial<IncidentDetail>) => ({ incident: { ...INCIDENT, ...more } });
/** Returns the text after a name, and the following lines up to the next name. */
function part(lines: readonly string[], name: string): readonly string[] {
  const begin = lines.findIndex((line) => line.startsWith(name.padEnd(12)));
  const end = lines.findIndex((line, at) => at > begin && !line.startsWith(' '));
  return begin < 0 ? [] : lines.slice(begin, end < 0 ? undefined : end).map((line) => line.slice(12));
}

describe('the summary of an incident', () => {
  it('shows the cause, the state, the measured value and the consequences', () => {
    const lines = linesOf({});
    assert.equal(lines[0], 'inc_41@gate   Obstacle within the stop distance');
    assert.match(part(lines, 'state')[0] ?? '', /^open for 12 min, since [\d:.]+; not acknowledged$/);
    assert.deepEqual(part(lines, 'motion'), ['blocked']);
    assert.deepEqual(part(lines, 'root'), ['STOP on safety_gate of gate, ERROR, active']);
    const [crossing, bars, marks] = part(lines, 'crossing');
    assert.match(crossing ?? '', /^range 0\.20 m < 0\.8 m {3}.*:38\.000$/);
    assert.match(bars ?? '', /^2 #+_+ 0\.2 m in 0\.3 s$/);
    assert.equal(marks?.indexOf('^'), bars?.indexOf('_'));
    assert.deepEqual(part(lines, 'then'), ['+5.0 s    ABORTED on nav, active: STOP explains it']);
  });

  it('names the crossing that the incident began with, whatever the evidence of a later time shows', () => {
    const crossing = { channel: 'range', value: 0.76, threshold: 0.8, unit: 'm', at: after(-20) };
    const samples = [0.1, 0.1, 1.2, 0.9].map((value, at) => [BEGAN_MS + at * 100, value] as const);
    const measured = { ...STORY.measured!, threshold: { ...STORY.measured!.threshold, samples } };
    const [line] = part(linesOf({ ...incident({ crossing }), measured }), 'crossing');
    assert.match(line ?? '', /^range 0\.76 m < 0\.8 m {3}.*:18\.000$/);
  });

  it('lists the next steps as commands to copy', () => {
    assert.deepEqual(part(linesOf({}, 30), 'next'), [
      'medkit incidents ack inc_41@gate',
      'medkit faults show STOP safety_gate',
      'medkit bag download apps/safety_gate fault_STOP_1',
      'medkit incidents export inc_41@gate',
    ]);
    const healed = incident({
      state: 'healed',
      healed_at: after(60),
      acknowledged_by: 'jan',
      acknowledged_at: after(9),
    });
    assert.match(part(linesOf(healed), 'state')[0] ?? '', /^healed after 60\.0 s, began .*; acknowledged by jan, /);
    assert.deepEqual(part(linesOf(healed), 'next').slice(-2), [
      'medkit incidents close inc_41@gate --note "cause and fix"',
      'medkit incidents export inc_41@gate',
    ]);
  });

  it('repeats the motion state of the gateway, and names gateways that did not answer', () => {
    const silent = {
      motion: 'unknown' as const,
      'x-medkit': { failed_members: [{ entity_id: 'gate', runtime: 'gate', message: 'gate is reconnecting' }] },
    };
    const lines = linesOf(incident(silent));
    assert.deepEqual(part(lines, 'motion'), ['unknown']);
    assert.deepEqual(part(lines, 'no answer'), ['gate is reconnecting: its faults are not included']);
    for (const motion of ['blocked', 'unknown', 'no blocking fault known'] as const) {
      assert.equal(/safe(?!ty_gate)/i.test(linesOf(incident({ motion, title: '' })).join('\n')), false);
    }
  });

  it('shows changes by users before it, with the values, rather than their other actions', () => {
    const changed = (sec: number, from: string, to: string, by = 'jan') =>
      row('people', sec, 'PUT', { item: 'max_speed', from, to, by, outcome: 'done' });
    const people = [
      changed(-30, '0.8', '1.2'),
      row('people', -20, 'POST nav/triggers', { by: 'ann', outcome: 'done' }),
      row('people', -15, 'PUT nav/max_speed: invalid-parameter', { by: 'bob', outcome: 'refused' }),
      row('people', -10, 'POST nav/locks', { by: 'ann', outcome: 'done' }),
      changed(-5, '1.2', '0.9'),
      changed(60, '0.9', '0.1'),
    ];
    assert.deepEqual(part(linesOf({ people }), 'changed'), [
      '> 1 more',
      '-30.0 s   jan: nav max_speed 0.8 -> 1.2',
      '-10.0 s   ann: POST nav/locks',
      '-5.0 s    jan: nav max_speed 1.2 -> 0.9',
    ]);
    assert.match(part(linesOf({ people }, 78, { LANG: 'C.UTF-8' }), 'changed')[0] ?? '', /^… 1 more$/);
  });

  it('has the most informative log lines: each once, errors first, no fault that is shown already', () => {
    const logs = [
      row('log', -20, 'Costmap is late'),
      row('log', -10, 'Costmap is late'),
      row('log', 1, 'No progress'),
      row('log', 2, 'Waiting'),
      row('log', 5, 'Gave up', { event: 'error' }),
      row('log', 5, 'ABORTED is confirmed (/nav): came', {
        event: 'error',
        entity_id: undefined as never,
        item: 'fault_manager',
      }),
    ];
    assert.deepEqual(part(linesOf({ logs }), 'log'), [
      '+1.0 s    nav: No progress',
      '+2.0 s    nav: Waiting',
      '+5.0 s    nav: Gave up',
      '> 1 more',
    ]);
    assert.deepEqual(part(linesOf({ logs: logs.slice(0, 2) }), 'log'), ['-20.0 s   nav: Costmap is late (2 times)']);
  });

  it('fits on a screen and, except for commands, into its columns, and has no terminal control characters', () => {
    const many = Array.from({ length: 30 }, (_, at) => fault(`SYMPTOM_${at}`, at + 1, { why: 'x'.repeat(200) }));
    const notes = Array.from({ length: 9 }, (_, at) => ({
      at: after(at),
      by: 'jan',
      text: `a\u001b[2Jb ${'long '.repeat(40)}`,
    }));
    const recordings = Array.from({ length: 9 }, () => INCIDENT.recordings[0]!);
    const rows = Array.from({ length: 50 }, (_, at) => row('log', at, `line ${at}`));
    const people = rows.map((each) => ({ ...each, at: after(-9), kind: 'people' as const }));
    const full = { ...incident({ faults: [INCIDENT.faults[0]!, ...many], notes, recordings }), logs: rows, people };
    for (const columns of [60, 80]) {
      const lines = linesOf(full, columns);
      assert.ok(lines.length <= 30, `${lines.length} lines`);
      const typed = part(lines, 'next').length;
      for (const line of lines.slice(0, -typed)) assert.ok(displayWidth(line) <= columns, line);
      assert.doesNotMatch(lines.join(''), /\p{Cc}/u);
      assert.match(lines.join(''), /^[\x20-\x7e]*$/);
    }
  });

  it('names what was not available', () => {
    const missing = ['what people did: it is for who may read the audit log'];
    assert.deepEqual(part(linesOf({ missing }), 'missing'), missing);
  });
});
