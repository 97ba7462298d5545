import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isFaultStatus } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { MAX_SOURCES_PER_FAULT } from '../fault/fault-sources.ts';
import { SEVERITY } from '../fault/severity.ts';
import { EVENTS, FaultSimulation, failed, type Letter, passed, rulesOf } from '../testing/fault-simulation.ts';
import { MAX_OCCURRENCE_COUNT, stepFault } from './step-fault.ts';

describe('step of a fault', () => {
  it('L01: the first FAILED creates a fault', () => {
    assert.equal(new FaultSimulation().play('F').newOccurrence, true);
  });

  it('L02: a PASSED for an unknown code changes nothing', () => {
    assert.deepEqual(new FaultSimulation().play('P'), {
      fault: undefined,
      newOccurrence: false,
      announced: undefined,
      nearMiss: undefined,
    });
  });

  it('L03: reports accumulate the worst severity and all sources', () => {
    const life = new FaultSimulation();
    life.meet(failed({ severity: SEVERITY.WARN, source: '/b' }));
    const { fault, newOccurrence } = life.meet(failed({ severity: SEVERITY.ERROR, source: '/a' }));
    assert.equal(newOccurrence, false);
    assert.deepEqual([fault?.occurrenceCount, fault?.severity, fault?.sources], [1, SEVERITY.ERROR, ['/a', '/b']]);
  });

  it('a new occurrence has the severity of its report, after a clear and after healing', () => {
    for (const [rules, end] of [
      [rulesOf({ confirmationThreshold: -1 }), 'clear'],
      [rulesOf({ confirmationThreshold: -1, healingThreshold: 1, healingEnabled: true }), 'heal'],
    ] as const) {
      const life = new FaultSimulation(rules);
      life.meet(failed({ severity: SEVERITY.CRITICAL }));
      if (end === 'clear') life.play('clear');
      else for (let at = 0; at < 4 && life.fault?.status !== 'HEALED'; at++) life.play('P');
      assert.equal(life.fault?.status, end === 'clear' ? 'CLEARED' : 'HEALED');
      for (let at = 0; at < 4 && life.fault?.occurrenceCount === 1; at++)
        life.meet(failed({ severity: SEVERITY.WARN }));
      assert.deepEqual([life.fault?.occurrenceCount, life.fault?.severity], [2, SEVERITY.WARN], end);
      life.meet(failed({ severity: SEVERITY.ERROR }));
      assert.equal(life.fault?.severity, SEVERITY.ERROR, 'within an occurrence the worst counts');
    }
  });

  it('L06, L11: the third FAILED confirms under a threshold of -3, still one occurrence', () => {
    const life = new FaultSimulation(rulesOf({ confirmationThreshold: -3 }));
    assert.equal(life.play('F').fault?.status, 'PREFAILED');
    assert.equal(life.play('F').fault?.status, 'PREFAILED');
    assert.equal(life.play('F').fault?.status, 'CONFIRMED');
    assert.equal(life.fault?.occurrenceCount, 1);
  });

  it('L12: three sources confirm like three reports of one source', () => {
    const several = new FaultSimulation(rulesOf({ confirmationThreshold: -3 }));
    for (const source of ['/c', '/a', '/b']) several.meet(failed({ source }));
    assert.deepEqual([several.status, several.fault?.sources], ['CONFIRMED', ['/a', '/b', '/c']]);
    const one = new FaultSimulation(rulesOf({ confirmationThreshold: -3 }));
    one.play('F F F');
    assert.deepEqual(one.fault?.sources, ['/source']);
  });

  it('L13: a threshold of 0 that was not sanitised confirms with the first FAILED', () => {
    assert.equal(new FaultSimulation(rulesOf({ confirmationThreshold: 0 })).play('F').fault?.status, 'CONFIRMED');
  });

  it('L14: CRITICAL confirms immediately unless that is disabled', () => {
    assert.equal(new FaultSimulation().play('FC').fault?.status, 'CONFIRMED');
    const debounced = rulesOf({ confirmationThreshold: -3, criticalImmediateConfirm: false });
    assert.equal(new FaultSimulation(debounced).play('FC').fault?.status, 'PREFAILED');
  });

  it('L15: a fault that returns after a clear is a new occurrence and retains its history', () => {
    const life = new FaultSimulation();
    life.meet(failed({ source: '/b', description: 'old' }));
    life.play('clear');
    const { fault, newOccurrence } = life.meet(failed({ source: '/a', description: 'new' }));
    assert.equal(newOccurrence, true);
    assert.equal(fault?.status, 'CONFIRMED');
    assert.equal(fault?.occurrenceCount, 2);
    assert.deepEqual([fault?.sources, fault?.description], [['/a', '/b'], 'new']);
    assert.equal(fault?.firstOccurredNs, life.nowNs);
  });

  it('retains the last text if a report has none', () => {
    const life = new FaultSimulation();
    life.meet(failed({ description: 'pump pressure low' }));
    life.play('F clear F');
    assert.equal(life.fault?.description, 'pump pressure low');
    assert.equal(life.fault?.latestDescription, undefined);
  });

  it('retains the first text of an occurrence as the cause, and also the last text', () => {
    const life = new FaultSimulation(rulesOf({ healingEnabled: true, healingThreshold: 1 }));
    const texts = () => [life.fault?.description, life.fault?.latestDescription];
    life.meet(failed({ description: 'pump pressure low' }));
    life.meet(failed({ description: 'flow stopped' }));
    assert.deepEqual(texts(), ['pump pressure low', 'flow stopped']);
    life.meet(failed({ description: '' }));
    assert.deepEqual(texts(), ['pump pressure low', 'flow stopped']);
    life.meet(failed({ description: 'pump pressure low' }));
    assert.deepEqual(texts(), ['pump pressure low', undefined]);
    life.meet(failed({ description: 'flow stopped' }));
    life.play('P P P');
    assert.equal(life.fault?.status, 'HEALED');
    assert.deepEqual(texts(), ['pump pressure low', 'flow stopped']);
    life.meet(failed({ description: 'valve stuck' }));
    life.meet(failed({ description: 'valve still stuck' }));
    assert.equal(life.fault?.status, 'CONFIRMED');
    assert.equal(life.fault?.occurrenceCount, 2);
    assert.notEqual(life.fault?.description, 'pump pressure low');
    life.play('clear');
    life.meet(failed({ description: 'leak' }));
    assert.deepEqual(texts(), ['leak', undefined]);
  });

  it('takes the first available text if the first report has none', () => {
    const life = new FaultSimulation();
    life.meet(failed({ description: '' }));
    life.meet(failed({ description: 'pump pressure low' }));
    assert.deepEqual([life.fault?.description, life.fault?.latestDescription], ['pump pressure low', undefined]);
  });

  it('L08, L16: a cleared fault stays cleared, and a PASSED does not change it', () => {
    const life = new FaultSimulation();
    const cleared = life.play('F clear').fault;
    assert.equal(cleared?.status, 'CLEARED');
    assert.equal(life.play('P').fault, cleared);
    assert.equal(life.play('clear').fault, cleared);
  });

  it('L17: debounce restarts after a clear', () => {
    const life = new FaultSimulation(rulesOf({ confirmationThreshold: -3 }));
    assert.equal(life.play('F F F clear F').fault?.status, 'PREFAILED');
    assert.equal(life.play('F F').fault?.status, 'CONFIRMED');
  });

  it('L18: more PASSED than FAILED is prepassed', () => {
    assert.equal(
      new FaultSimulation(rulesOf({ confirmationThreshold: -3 })).play('F F P P P').fault?.status,
      'PREPASSED',
    );
  });

  it('L19: PASSED updates only its time', () => {
    const life = new FaultSimulation();
    life.at(1000).meet('F');
    life.at(9000).meet('P');
    assert.deepEqual(
      [life.status, life.fault?.lastOccurredNs, life.fault?.lastPassedNs],
      ['CONFIRMED', 1000n * 1_000_000_000n, 9000n * 1_000_000_000n],
    );
  });

  it('L20: without healing only a clear ends a confirmed fault', () => {
    const life = new FaultSimulation();
    life.play('F');
    for (let report = 0; report < 20; report += 1) assert.equal(life.play('P').fault?.status, 'CONFIRMED');
    assert.equal(life.play('F').fault?.status, 'CONFIRMED');
  });

  it('L21, L22: healing takes the counter to its threshold from any value', () => {
    const quick = new FaultSimulation(rulesOf({ healingEnabled: true }));
    assert.equal(quick.play('F P P P P').fault?.status, 'HEALED');
    const clamped = new FaultSimulation(rulesOf({ healingEnabled: true }));
    assert.equal(clamped.play('F F F P P P P P P').fault?.status, 'HEALED');
    assert.equal(clamped.play('F F F F F F').fault?.status, 'CONFIRMED');
  });

  it('L23: a hundred heartbeats count no more than the threshold', () => {
    const life = new FaultSimulation(rulesOf({ healingEnabled: true }));
    life.play('F');
    for (let beat = 0; beat < 100; beat += 1) life.play('P');
    for (let report = 0; report < 3; report += 1) assert.equal(life.play('F').fault?.status, 'HEALED');
    assert.equal(life.play('F').fault?.status, 'CONFIRMED');
  });

  it('L24: a critical fault stays confirmed between the ends of the band', () => {
    const life = new FaultSimulation(rulesOf({ confirmationThreshold: -3, healingEnabled: true }));
    for (const letter of ['FC', 'P', 'P', 'P', 'F'] as const) {
      assert.equal(life.meet(letter).fault?.status, 'CONFIRMED', letter);
    }
  });

  it('L25: a healed fault stays healed during alternating reports', () => {
    const life = new FaultSimulation(rulesOf({ confirmationThreshold: -3, healingEnabled: true }));
    life.play('F P P P P');
    assert.equal(life.play('F F F F F').fault?.counter, -2);
    assert.equal(life.status, 'HEALED');
    assert.equal(life.play('P').fault?.status, 'HEALED');
  });

  it('L26: a restart without healing clears healed faults once', () => {
    const life = new FaultSimulation(rulesOf({ healingEnabled: true, healingThreshold: 0 }));
    life.play('F P');
    assert.equal(life.play('restart').fault?.status, 'HEALED');
    life.rules = rulesOf();
    assert.equal(life.play('restart').announced, 'fault_cleared');
    assert.equal(life.play('restart').announced, undefined);
  });

  it('L29: a healing threshold of 0 heals immediately', () => {
    assert.equal(
      new FaultSimulation(rulesOf({ healingEnabled: true, healingThreshold: 0 })).play('F P').fault?.status,
      'HEALED',
    );
  });

  it('L32: time confirms only if that is enabled', () => {
    const off = new FaultSimulation(rulesOf({ confirmationThreshold: -3 }));
    off.at(0).meet('F');
    assert.equal(off.at(20).meet('elapsed').fault?.status, 'PREFAILED');
  });

  it('L33: the time of confirmation is fixed until the fault returns', () => {
    const life = new FaultSimulation(rulesOf({ confirmationThreshold: -2 }));
    assert.equal(life.play('F').fault?.confirmedAtNs, 0n);
    const confirmed = life.play('F').fault?.confirmedAtNs;
    assert.equal(confirmed, life.nowNs);
    assert.equal(life.play('F').fault?.confirmedAtNs, confirmed);
    assert.equal(life.play('clear F').fault?.confirmedAtNs, 0n);
  });

  it('L36: preserves nanoseconds', () => {
    const { fault } = stepFault('F1', undefined, failed(), rulesOf(), 1_735_312_456_123_456_789n);
    assert.equal(fault?.lastOccurredNs, 1_735_312_456_123_456_789n);
  });

  it('L39: a counter that an old database left out of range is clamped by the first report', () => {
    const life = new FaultSimulation();
    life.fault = { ...life.play('F').fault!, counter: 100_000, status: 'PREPASSED' };
    assert.equal(life.play('F F F F').fault?.status, 'CONFIRMED');
  });

  it('counts a PASSED only if no other source fails', () => {
    const life = new FaultSimulation(rulesOf({ healingEnabled: true, healingThreshold: 0 }));
    life.meet(failed({ source: '/a' }));
    life.meet(failed({ source: '/b' }));
    const before = life.meet(passed('/b'));
    assert.deepEqual([before.fault?.status, before.fault?.counter, before.fault?.lastPassedNs], ['CONFIRMED', -1, 0n]);
    assert.equal(life.meet(passed('/b')).fault, before.fault, 'a further PASSED changes nothing');
    assert.equal(life.meet(passed('/a')).fault?.status, 'HEALED');
  });

  it('resets the results of its sources with each occurrence', () => {
    const life = new FaultSimulation(rulesOf({ healingEnabled: true, healingThreshold: 0 }));
    const failing = () => life.fault?.sourceResults?.map(({ source, failing }) => `${source} ${failing}`);
    life.meet(failed({ source: '/a' }));
    life.play('clear');
    life.meet(failed({ source: '/b' }));
    assert.deepEqual(failing(), ['/b true']);
    life.meet(passed('/b'));
    life.meet(failed({ source: '/a' }));
    assert.deepEqual([failing(), life.fault?.occurrenceCount], [['/a true'], 3]);
  });

  it('with shared healing a PASSED of any source counts', () => {
    const life = new FaultSimulation(rulesOf({ healingEnabled: true, healingThreshold: 0, sharedHealing: true }));
    life.meet(failed({ source: '/a' }));
    life.meet(failed({ source: '/b' }));
    assert.equal(life.meet(passed('/b')).fault?.status, 'HEALED');
  });

  it('limits the listed sources', () => {
    const life = new FaultSimulation();
    for (let index = 0; index < MAX_SOURCES_PER_FAULT + 5; index += 1) life.meet(failed({ source: `/s${index}` }));
    assert.equal(life.fault?.sources.length, MAX_SOURCES_PER_FAULT);
  });

  it('counts a further occurrence as new even if the count cannot grow', () => {
    const life = new FaultSimulation();
    life.fault = { ...life.play('F clear').fault!, occurrenceCount: MAX_OCCURRENCE_COUNT };
    const { fault, newOccurrence } = life.play('F');
    assert.deepEqual([fault?.occurrenceCount, newOccurrence], [MAX_OCCURRENCE_COUNT, true]);
  });
});

describe('any series of events', () => {
  const LETTERS = Object.keys(EVENTS) as Letter[];

  function* lives(count: number) {
    for (let seed = 1; seed <= count; seed += 1) {
      const random = seededRandom(seed);
      const draw = (below: number): number => Math.floor(random.float() * below);
      const bands = [0, 1].map(() =>
        rulesOf({
          confirmationThreshold: -1 - draw(5),
          healingEnabled: draw(2) === 1,
          healingThreshold: draw(6),
          criticalImmediateConfirm: draw(2) === 1,
          autoConfirmAfterNs: BigInt(draw(4)) * 1_000_000_000n,
        }),
      );
      const events = Array.from({ length: 60 }, () => [LETTERS[draw(LETTERS.length)], bands[draw(2)]] as const);
      yield { seed, events };
    }
  }

  it('keeps the counter in the band of the last report, and the status one of the five', () => {
    for (const { seed, events } of lives(200)) {
      const life = new FaultSimulation();
      for (const [letter, rules] of events) {
        const before = life.fault;
        const { fault } = life.meet(letter, rules);
        if (fault === undefined) continue;
        assert.ok(isFaultStatus(fault.status), `seed ${seed}`);
        if (fault.counter === before?.counter) continue;
        const { confirmationThreshold, healingThreshold } = rules.band;
        assert.ok(fault.counter >= confirmationThreshold && fault.counter <= healingThreshold, `seed ${seed}`);
      }
    }
  });

  it('leaves CONFIRMED only by healing or a clear, and never decreases count, sources or the severity of an occurrence', () => {
    for (const { seed, events } of lives(200)) {
      const life = new FaultSimulation();
      for (const [letter, rules] of events) {
        const before = life.fault;
        const { fault } = life.meet(letter, rules);
        if (before === undefined || fault === undefined) continue;
        if (before.status === 'CONFIRMED' && fault.status !== 'CONFIRMED') {
          const ended = letter === 'clear' ? 'CLEARED' : 'HEALED';
          assert.equal(fault.status, ended, `seed ${seed}`);
          if (ended === 'HEALED') assert.ok(rules.band.healingEnabled && letter === 'P', `seed ${seed}`);
        }
        const isSame = fault.occurrenceCount === before.occurrenceCount;
        assert.ok(!isSame || fault.severity >= before.severity, `seed ${seed}`);
        assert.ok(fault.occurrenceCount >= before.occurrenceCount, `seed ${seed}`);
        assert.ok(fault.sources.length >= before.sources.length, `seed ${seed}`);
      }
    }
  });

  it('replays to the same state', () => {
    for (const { seed, events } of lives(50)) {
      const [first, again] = [new FaultSimulation(), new FaultSimulation()];
      for (const [letter, rules] of events) {
        assert.deepEqual(first.meet(letter, rules), again.meet(letter, rules), `seed ${seed}`);
      }
      assert.deepEqual(first.nearMisses, again.nearMisses);
    }
  });

  it('is announced as confirmed once per confirmation', () => {
    for (const { seed, events } of lives(200)) {
      const life = new FaultSimulation();
      for (const [letter, rules] of events) {
        const before = life.status;
        const { announced, fault, newOccurrence } = life.meet(letter, rules);
        const became = fault?.status === 'CONFIRMED' && (before !== 'CONFIRMED' || newOccurrence);
        assert.equal(announced === 'fault_confirmed', became, `seed ${seed}`);
      }
    }
  });
});
