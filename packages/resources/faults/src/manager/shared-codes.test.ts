import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fault } from '@medkit/core';
import { MAX_SOURCES_PER_FAULT } from '../fault/fault-sources.ts';
import { type RobotOptions, robotFaults } from '../testing/robot-faults.ts';

const HEALS = { healing_enabled: true, healing_threshold: 1 } as const;
const [A, B, C] = ['/lidar', '/camera', '/sonar'].map((source) => ({ source })) as [
  { source: string },
  { source: string },
  { source: string },
];

/** A robot whose sources report the fault F1; one PASSED report takes it to 0, the next one heals it. */
async function robot(options: RobotOptions = {}) {
  const faults = await robotFaults({ ...options, configuration: { ...HEALS, ...options.configuration } });
  const state = () => {
    const { status, counter } = faults.manager.get('F1') as Fault;
    return `${status} ${counter}`;
  };
  const restart = () => robot({ ...options, store: faults.store, clock: faults.clock });
  return { ...faults, state, restart };
}

describe('a fault that several sources report', () => {
  it('does not heal while one of them still fails, whatever the others report', async () => {
    const { fail, pass, state, events } = await robot();
    await fail(A);
    await fail(B);
    for (let report = 0; report < 5; report++) await pass(B);
    assert.equal(state(), 'CONFIRMED -1');
    assert.ok(events.every(({ type }) => type !== 'fault_cleared'));
  });

  it('heals by the last of them, as the others are remembered as passed', async () => {
    const { fail, pass, state } = await robot();
    await fail(A);
    await fail(B);
    await pass(B);
    await pass(A);
    assert.equal(state(), 'CONFIRMED 0');
    await pass(A);
    assert.equal(state(), 'HEALED 1');
  });

  it('fails again for a source that had passed', async () => {
    const { fail, pass, state } = await robot();
    await fail(A);
    await fail(B);
    await pass(B);
    await fail(B);
    for (let report = 0; report < 5; report++) await pass(A);
    assert.equal(state(), 'CONFIRMED -1');
    for (let report = 0; report < 2; report++) await pass(B);
    assert.equal(state(), 'HEALED 1');
  });

  it('stays prefailed by what one of them reports, and becomes prepassed once the last one passes', async () => {
    const { fail, pass, state } = await robot({ configuration: { confirmation_threshold: -4, healing_threshold: 3 } });
    await fail(A);
    await fail(B);
    for (let report = 0; report < 5; report++) await pass(B);
    assert.equal(state(), 'PREFAILED -2');
    for (let report = 0; report < 3; report++) await pass(A);
    assert.equal(state(), 'PREPASSED 1');
  });

  it('is not healed by a source that reported an earlier occurrence alone', async () => {
    const { fail, pass, state, manager } = await robot();
    await fail(C);
    await manager.clear('F1', { cascade: false });
    await fail(A);
    await pass(A);
    const answer = await pass(C);
    assert.ok(answer.accepted && answer.ignored);
    assert.equal(state(), 'CONFIRMED 0');
    await fail(C);
    for (let report = 0; report < 3; report++) await pass(C);
    assert.equal(state(), 'HEALED 1', 'A has passed');
    for (let report = 0; report < 2; report++) await fail(A);
    for (let report = 0; report < 5; report++) await pass(C);
    assert.equal(state(), 'CONFIRMED -1', 'the occurrence after healing is one of A alone');
  });

  it('is not healed by a PASSED without a condition while a condition fails, nor the other way round', async () => {
    const { fail, pass, state } = await robot({ configuration: { healing_threshold: 0 } });
    const condition = { key: 'diagnostic' };
    await fail({ ...A, condition });
    await fail(A);
    await pass(A);
    assert.equal(state(), 'CONFIRMED -1');
    await pass({ ...A, condition });
    assert.equal(state(), 'HEALED 0');
    await fail({ ...A, condition });
    await fail(B);
    await pass({ ...A, condition });
    assert.equal(state(), 'CONFIRMED -1');
    await pass(B);
    assert.equal(state(), 'HEALED 0');
  });

  it('separates sources of one name in two runtimes', async () => {
    const { fail, pass, state } = await robot({ configuration: { healing_threshold: 0 } });
    await fail({ source: 'arm', runtime: 'ros2' });
    await fail({ source: 'arm', runtime: 'island' });
    await pass({ source: 'arm', runtime: 'island' });
    assert.equal(state(), 'CONFIRMED -1');
    await pass({ source: 'arm', runtime: 'ros2' });
    assert.equal(state(), 'HEALED 0');
  });

  it('heals by the strictest thresholds of the sources that raised it', async () => {
    const { fail, pass, state } = await robot({
      overrides: { '/lidar': { healingThreshold: 3 } },
    });
    await fail(A);
    await fail(B);
    await pass(A);
    for (let report = 0; report < 3; report++) await pass(B);
    assert.equal(state(), 'CONFIRMED 2');
    await pass(B);
    assert.equal(state(), 'HEALED 3');
  });

  it('does not heal by the thresholds of others if one of its sources never heals', async () => {
    const { fail, pass, state } = await robot({ overrides: { '/sonar': { healingEnabled: false } } });
    await fail(C);
    await fail(B);
    await pass(C);
    for (let report = 0; report < 5; report++) await pass(B);
    assert.equal(state(), 'CONFIRMED 1');
  });

  it('remembers after a restart which of them have passed', async () => {
    const first = await robot();
    await first.fail(A);
    await first.fail(B);
    await first.pass(B);
    const { pass, state } = await first.restart();
    for (let report = 0; report < 5; report++) await pass(B);
    assert.equal(state(), 'CONFIRMED -1');
    for (let report = 0; report < 2; report++) await pass(A);
    assert.equal(state(), 'HEALED 1');
  });

  it('of a release that stored no results heals as before, until a source fails again', async () => {
    const first = await robot();
    await first.fail(A);
    await first.fail(B);
    await first.store.write([{ sql: 'UPDATE faults SET source_results = NULL', parameters: [] }]);
    const { pass, fail, state } = await first.restart();
    await pass(B);
    assert.equal(state(), 'CONFIRMED 0');
    await fail(A);
    for (let report = 0; report < 5; report++) await pass(B);
    assert.equal(state(), 'CONFIRMED -1');
    await pass(A);
    await pass(B);
    assert.equal(state(), 'HEALED 1');
  });

  it('remains with more failing sources than are listed, until it is cleared', async () => {
    const { fail, pass, state, manager } = await robot({ configuration: { healing_threshold: 0 } });
    const sources = Array.from({ length: MAX_SOURCES_PER_FAULT + 1 }, (_, at) => ({ source: `/n${at}` }));
    for (const source of sources) await fail(source);
    assert.equal(manager.get('F1')?.sourceResults?.length, MAX_SOURCES_PER_FAULT + 1);
    for (const source of sources) await pass(source);
    assert.equal(state(), 'CONFIRMED -1');
    await fail({ source: '/late' });
    assert.equal(
      manager.get('F1')?.sourceResults?.length,
      MAX_SOURCES_PER_FAULT + 1,
      'it takes the place of one that passed',
    );
    await manager.clear('F1', { cascade: false });
    await fail(A);
    await pass(A);
    assert.equal(state(), 'HEALED 0');
  });

  it('is healed by any PASSED report with shared healing, as in ros2_medkit', async () => {
    const { fail, pass, state } = await robot({ sharedHealing: true });
    await fail(A);
    await fail(B);
    await pass(B);
    await pass(C);
    assert.equal(state(), 'HEALED 1');
  });
});
