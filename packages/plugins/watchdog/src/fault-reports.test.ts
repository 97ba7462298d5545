import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultEvent, FaultReport } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { FaultReports } from './fault-reports.ts';
import type { Verdict } from './findings/verdicts.ts';

const CODE = 'GRAPH_ORPHAN';
const FAILED: Verdict = { code: CODE, event: 'FAILED', severity: 2, description: 'a' };
const PASSED: Verdict = { code: CODE, event: 'PASSED' };
const settled = () => new Promise((resolve) => setImmediate(resolve));

function reporting(answer: (report: FaultReport) => Promise<boolean> = async () => true) {
  const sent: FaultReport[] = [];
  const logged: string[] = [];
  const clock = new SimulatedClock();
  const reports = new FaultReports({
    report: (report) => {
      sent.push(report);
      return answer(report);
    },
    clock,
    log: (_, line) => logged.push(line),
  });
  const send = async (verdict: Verdict, ticks = 1) => {
    for (let tick = 0; tick < ticks; tick++) {
      reports.send(verdict);
      await settled();
      clock.advance(1000);
    }
  };
  return { sent, logged, reports, send };
}

describe('reports of faults', () => {
  it('send the level of a code at each tick', async () => {
    const { sent, send } = reporting();
    await send(FAILED, 3);
    await send(PASSED, 2);
    assert.deepEqual(
      sent.map(({ event }) => event),
      ['FAILED', 'FAILED', 'FAILED', 'PASSED', 'PASSED'],
    );
    assert.deepEqual(sent[0], {
      code: CODE,
      event: 'FAILED',
      severity: 2,
      description: 'a',
      source: 'graph_watchdog',
    });
  });

  it('stop once a client has cleared the fault, until it fails again', async () => {
    const { sent, reports, send } = reporting();
    await send(FAILED);
    await send(PASSED);
    reports.handle({ type: 'fault_cleared', fault: { code: CODE, status: 'HEALED' } } as FaultEvent);
    await send(PASSED, 10);
    assert.equal(sent.length, 2);
    await send(FAILED);
    await send(PASSED);
    assert.equal(sent.length, 4);
  });

  it('become rare if a fault never heals', async () => {
    const { sent, send } = reporting();
    await send(PASSED, 300);
    assert.equal(sent.length, 120 + 3);
  });

  it('are sent one at a time: a slow fault manager gets no queue', async () => {
    const answers: ((taken: boolean) => void)[] = [];
    const { sent, send } = reporting(() => new Promise((resolve) => answers.push(resolve)));
    await send(FAILED, 5);
    assert.equal(sent.length, 1);
    answers[0]?.(true);
    await settled();
    await send(FAILED);
    assert.equal(sent.length, 2);
  });

  it('that are refused are tried again, and logged once if that persists', async () => {
    let taken = false;
    const { sent, logged, send } = reporting(async () => {
      if (!taken) throw new Error('no disk');
      return true;
    });
    await send(FAILED, 5);
    assert.deepEqual([sent.length, logged], [5, []]);
    await send(FAILED, 3);
    assert.deepEqual([sent.length, logged], [8, ['Cannot report faults: no disk']]);
    taken = true;
    await send(FAILED);
    taken = false;
    await send(FAILED, 5);
    assert.equal(logged.length, 1, 'a manager that starts or ends');
    await send(FAILED);
    assert.equal(logged.length, 2);
  });
});
