import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { FaultReport, FaultState } from '@medkit/faults';
import type { FaultResult } from '@medkit/ingest';
import type { IndexedFault } from '../declared/layout.ts';
import { faultLevels } from './fault-levels.ts';

const FAULT = { code: 'PROTECTIVE_STOP', severity: 2, description: 'Somebody is near' } as const;
const INDEXED_FAULT: IndexedFault = {
  app: { id: 'gate', name: 'Gate', ports: [], faults: [FAULT] },
  fault: FAULT,
  at: 0,
};
const GONE: FaultState = { stands: false, isConfirmed: false, lastOccurredNs: 0n };
const STANDS: FaultState = { stands: true, isConfirmed: true, lastOccurredNs: 0n };

/** Simulates a fault manager that accepts all reports until it is set to refuse them. */
function play({ occurrences, standing = GONE }: { occurrences?: readonly number[]; standing?: FaultState } = {}) {
  const clock = new SimulatedClock();
  const reports: string[] = [];
  const taken: number[][] = [];
  const fault = { standing, refuses: false, evidence: 0 };
  const levels = faultLevels({
    runtime: 'island',
    faults: [INDEXED_FAULT],
    occurrences,
    clock,
    host: {
      report: async ({ event, source, runtime, evidence }: FaultReport) => {
        const topics = evidence?.map(({ topic }) => ` ${topic}`) ?? [];
        reports.push(`${event}${fault.refuses ? ' refused' : ''}${topics}`);
        assert.deepEqual([source, runtime], ['gate', 'island']);
        if (!fault.refuses) fault.standing = event === 'FAILED' ? STANDS : GONE;
        return !fault.refuses;
      },
      standing: async () => fault.standing,
    },
    evidence: () => [
      { topic: `frame ${++fault.evidence}`, type: 't', samples: [{ octets: new Uint8Array(), receivedNs: 0n }] },
    ],
    onStored: () => taken.push([...levels.occurrences]),
  });
  const say = async (result: FaultResult, count: number): Promise<void> => {
    levels.received([{ result, occurrences: count }]);
    await clock.advanceAsync(1);
  };
  return { clock, reports, taken, fault, levels, say };
}

describe('the faults of an island', () => {
  it('are reported once for each change, with the freeze frame of that moment', async () => {
    const { reports, taken, say } = play();
    await say('passed', 0);
    await say('failed', 1);
    await say('failed', 1);
    await say('passed', 1);
    assert.deepEqual(reports, ['FAILED frame 1', 'PASSED']);
    assert.deepEqual(taken, [[1], [1]]);
  });

  it('that are refused are reported again, with their original evidence, until they are accepted', async () => {
    const { clock, reports, fault, say, levels } = play();
    fault.refuses = true;
    await say('failed', 1);
    await clock.advanceAsync(2000, 10);
    assert.deepEqual(reports, ['FAILED refused frame 1', 'FAILED refused frame 1', 'FAILED refused frame 1']);
    assert.deepEqual(levels.occurrences, [0]);
    fault.refuses = false;
    await clock.advanceAsync(1000, 10);
    assert.equal(reports.at(-1), 'FAILED frame 1');
    assert.deepEqual(levels.occurrences, [1]);
  });

  it('are not reported again to a gateway that was restarted and has them', async () => {
    const { reports, say } = play({ occurrences: [3], standing: STANDS });
    await say('failed', 3);
    assert.deepEqual(reports, []);
    await say('passed', 3);
    assert.deepEqual(reports, ['PASSED']);
  });

  it('are reported although another source has reported the same fault', async () => {
    const { reports, say } = play({ standing: { ...STANDS, isFailing: false } });
    await say('failed', 0);
    assert.deepEqual(reports, ['FAILED frame 1']);
    const again = play({ standing: { ...STANDS, isFailing: true } });
    await again.say('failed', 0);
    assert.deepEqual(again.reports, []);
  });

  it('that passed are not reported again while another source fails, and are reported once it has passed', async () => {
    const { clock, reports, say, fault } = play();
    await say('passed', 0);
    fault.standing = { ...STANDS, isFailing: false, otherSourceFails: true };
    await clock.advanceAsync(60_000, 100);
    const { length } = reports;
    assert.ok(length <= 1);
    fault.standing = { ...STANDS, isFailing: false };
    await clock.advanceAsync(2000, 10);
    assert.deepEqual(reports.slice(length), ['PASSED']);
  });

  it('that failed and passed unobserved are reported', async () => {
    const { reports, say } = play({ occurrences: [3] });
    await say('passed', 4);
    assert.deepEqual(reports, ['FAILED frame 1', 'PASSED']);
  });

  it('do not heal by silence or by a test that did not run', async () => {
    const { clock, reports, say } = play();
    await say('failed', 1);
    await say('untested', 1);
    await clock.advanceAsync(60_000, 10);
    assert.deepEqual(reports, ['FAILED frame 1']);
  });

  it('are reported again if a client clears an active fault', async () => {
    const { clock, reports, fault, say } = play();
    await say('failed', 1);
    fault.standing = GONE;
    await clock.advanceAsync(1000, 10);
    assert.deepEqual(reports, ['FAILED frame 1', 'FAILED frame 2']);
  });

  it('are reported again as often as their thresholds require, 32 times at most', async () => {
    const { clock, reports, fault, say } = play();
    await say('failed', 1);
    reports.length = 0;
    await say('passed', 1);
    fault.standing = STANDS;
    await clock.advanceAsync(1000, 10);
    assert.deepEqual(reports, ['PASSED', 'PASSED']);
    const refusing = setStanding(fault);
    await clock.advanceAsync(120_000, 10);
    assert.deepEqual(reports, Array(1 + 32).fill('PASSED'));
    refusing();
  });

  it('are not reported after the end', async () => {
    const { clock, reports, levels, say } = play();
    levels.close();
    await say('failed', 1);
    await clock.advanceAsync(5000, 10);
    assert.deepEqual(reports, []);
  });
});

/** Disables healing: the fault stays active whatever is reported. */
function setStanding(fault: { standing: FaultState }): () => void {
  Object.defineProperty(fault, 'standing', { get: () => STANDS, set: () => undefined, configurable: true });
  return () => Object.defineProperty(fault, 'standing', { value: GONE, writable: true });
}
