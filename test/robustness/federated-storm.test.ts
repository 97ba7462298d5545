import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import type { Shape } from './federated-history.ts';
import { federatedStorm } from './federated-storm.ts';
import { NO_ANSWER } from './race-steps.ts';
import { validateFederation } from './validate-federation.ts';
import { WRONG_BUILDS, type WrongBuild } from './wrong-builds.ts';

const OPERATIONS = scaledStorm(10_000, 1000);
/** The seed selects the shape. */
const SHAPE: Shape = STORM_SEED % 2 ? 'star' : 'chain';
const KILLS = scaledStorm(20, 2);
/** Maximum number of short storms until a wrong build is detected: its defect may not show in the first one. */
const ROUNDS = 8;
const FOUND: Readonly<Record<WrongBuild, RegExp>> = {
  'locks-of-others': /reached the node while/,
  'event-twice': /came 2 times|have a new numbering/,
  'fault-not-stored': /is not there and not/,
};

describe('three gateways that aggregate each other, killed and restarted under random clients', () => {
  it(`keep all of their guarantees in ${OPERATIONS} operations`, { timeout: 880_000 }, async (context) => {
    printSeed(context);
    const { history, ...storm } = await federatedStorm({
      shape: SHAPE,
      operations: OPERATIONS,
      kills: KILLS,
      seed: STORM_SEED,
    });
    const { steps, changes, lists, logs, followers } = history;
    const all = [...steps.values()].flat();
    const count = (kind: string, status: number) =>
      all.filter((step) => step.kind === kind && step.status === status).length;
    const tally = {
      ...storm,
      locks: count('lock', 201),
      locksRefused: count('lock', 409),
      writes: count('write', 200),
      writesRefused: count('write', 409),
      unanswered: all.filter(({ status }) => status === NO_ANSWER).length,
      acknowledged: changes.filter(({ isDone }) => isDone).length,
      lists: lists.length,
      partialLists: lists.filter(({ missing }) => missing.length > 0).length,
      events: [...logs.values()].flat().length,
      received: followers.reduce((sum, { received }) => sum + received.length, 0),
    };
    context.diagnostic(JSON.stringify(tally));
    assert.deepEqual(validateFederation(history).slice(0, 10), []);
    // The storm is only meaningful if each kind of operation occurred.
    const { locks, locksRefused, writes, writesRefused, acknowledged, lists: listed } = tally;
    const min = Math.min(locks, locksRefused, writes, writesRefused, acknowledged, listed);
    assert.ok(min >= OPERATIONS / 100, 'all of it happened often');
    assert.ok(Math.min(...storm.resumed) > 1, 'clients came again');
  });

  for (const wrong of WRONG_BUILDS)
    it(`are reported as broken by the checker if a gateway is built wrong: ${wrong}`, {
      timeout: 600_000,
    }, async (context) => {
      printSeed(context);
      const problems: string[] = [];
      for (let round = 0; round < ROUNDS && !FOUND[wrong].test(problems.join()); round += 1) {
        const seed = STORM_SEED + round;
        const { history } = await federatedStorm({ shape: SHAPE, operations: 150, kills: 1, seed, wrong });
        problems.push(...validateFederation(history));
      }
      assert.match(problems.join('\n'), FOUND[wrong]);
    });
});
