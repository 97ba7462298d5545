import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SovdError } from '@medkit/contract';
import { errorOf } from '@medkit/core/testing';
import { CUTS, cutOff } from './testing/crashing-files.ts';
import { installedRobot, installOldAndPrepareNew, systemInstallFiles } from './testing/installed-robot.ts';

type Robot = ReturnType<typeof installedRobot>;
type Provider = Awaited<ReturnType<Robot['open']>>['provider'];

const WITHIN_MS = 900_000;
const OPTIONS = { confirmWithinMs: WITHIN_MS };

/** A robot with the release `old` in use and `new` prepared. */
const model = installedRobot();
before(() => installOldAndPrepareNew(model));
after(() => model.remove());

async function withRobot(work: (robot: Robot, provider: Provider) => Promise<void>) {
  const robot = installedRobot(model);
  try {
    await work(robot, (await robot.open()).provider);
  } finally {
    robot.remove();
  }
}

const remainingMs = async (robot: Robot, provider: Provider): Promise<number | undefined> =>
  (await provider.progress?.('new', robot.call()))?.confirmRemainingMs;

/** Lets the time of the gate pass, and waits until the update waits for its confirmation. Returns the time left. */
async function atConfirmation(robot: Robot, provider: Provider): Promise<number> {
  for (;;) {
    const progress = await provider.progress?.('new', robot.call());
    if (progress?.confirmRemainingMs !== undefined) return progress.confirmRemainingMs;
    const isAtGate = progress?.steps?.[0]?.percent === 100;
    robot.clock.advance(isAtGate ? 1000 : 0);
    await nextTurn();
  }
}

async function rolledBack(robot: Robot, outcome: 'done' | SovdError): Promise<SovdError> {
  assert.ok(outcome instanceof SovdError && outcome.code === 'x-medkit-update-rolled-back', String(outcome));
  assert.deepEqual([robot.inUse(), robot.stage(), robot.faults.watchers], ['old', 'rolled-back', 0]);
  return outcome;
}

describe('an update that needs a confirmation', () => {
  it('stays when it is confirmed after its gate, and can be confirmed again', () =>
    withRobot(async (robot, provider) => {
      const executed = provider.execute('new', robot.call(), OPTIONS);
      await atConfirmation(robot, provider);
      const progress = await provider.progress?.('new', robot.call());
      assert.deepEqual(progress?.steps, [
        { name: 'switch', percent: 100 },
        { name: 'gate', percent: 100 },
      ]);
      assert.ok(progress?.confirmRemainingMs && progress.confirmRemainingMs > WITHIN_MS - 60_000);
      await provider.confirm?.('new', robot.call());
      assert.equal(robot.stage(), 'executed');
      assert.equal(await robot.outcome(executed), 'done');
      await provider.confirm?.('new', robot.call());
      await robot.clock.advance(2 * WITHIN_MS);
      assert.deepEqual([robot.inUse(), robot.stage()], ['new', 'executed']);
    }));

  it('is rolled back when it is not confirmed in time, and a later confirmation is refused', () =>
    withRobot(async (robot, provider) => {
      const error = await rolledBack(robot, await robot.outcome(provider.execute('new', robot.call(), OPTIONS)));
      assert.equal(error.message, 'new was rolled back: it was not confirmed within 900 s');
      assert.equal(error.parameters?.['reason'], 'unconfirmed');
      const late = await errorOf(provider.confirm!('new', robot.call()));
      assert.deepEqual([late.code, late.status], ['x-medkit-confirm-late', 409]);
      assert.match(
        late.message,
        /^new cannot be confirmed: it was not confirmed within 900 s, and it was rolled back$/,
      );
    }));

  it('is rolled back by a fault at its gate, before any confirmation', () =>
    withRobot(async (robot, provider) => {
      const executed = provider.execute('new', robot.call(), OPTIONS);
      while (robot.stage() !== 'gating') await nextTurn();
      const early = await errorOf(provider.confirm!('new', robot.call()));
      assert.equal(early.code, 'precondition-not-fulfilled');
      assert.match(early.message, /cannot be confirmed yet, because it is (activating|gating)/);
      robot.faults.confirm('NAV_LOST');
      await rolledBack(robot, await robot.outcome(executed));
      assert.equal((await errorOf(provider.confirm!('new', robot.call()))).code, 'x-medkit-confirm-late');
    }));

  it('is not rolled back by a fault after its gate', () =>
    withRobot(async (robot, provider) => {
      const executed = provider.execute('new', robot.call(), OPTIONS);
      await atConfirmation(robot, provider);
      robot.faults.confirm('NAV_LOST');
      await provider.confirm?.('new', robot.call());
      assert.equal(await robot.outcome(executed), 'done');
    }));

  it('cannot be confirmed if it waits for no confirmation', () =>
    withRobot(async (robot, provider) => {
      for (const id of ['old', 'new']) {
        const error = await errorOf(provider.confirm!(id, robot.call()));
        assert.equal(error.code, 'precondition-not-fulfilled');
        assert.match(error.message, new RegExp(`^${id} waits for no confirmation`));
      }
      assert.equal((await errorOf(provider.confirm!('none', robot.call()))).code, 'x-medkit-update-not-found');
    }));
});

describe('a gateway that restarts while an update waits for its confirmation', () => {
  /** A robot whose gateway has ended while an update waited. */
  async function withStoppedRobot(work: (robot: Robot) => Promise<void>): Promise<void> {
    await withRobot(async (robot) => {
      const first = await robot.open();
      const executed = errorOf(first.provider.execute('new', robot.call(), OPTIONS));
      await atConfirmation(robot, first.provider);
      first.close();
      assert.equal((await executed).code, 'x-medkit-gateway-shutdown');
      assert.deepEqual([robot.inUse(), robot.stage()], ['new', 'confirming']);
      await work(robot);
    });
  }

  it('continues to wait, and keeps the update when it is confirmed', () =>
    withStoppedRobot(async (robot) => {
      const { provider } = await robot.open();
      const resumed = provider.resume!('new', robot.call());
      await atConfirmation(robot, provider);
      await provider.confirm?.('new', robot.call());
      assert.equal(await robot.outcome(resumed), 'done');
      assert.deepEqual([robot.inUse(), robot.stage()], ['new', 'executed']);
    }));

  it('counts the time before the restart', () =>
    withStoppedRobot(async (robot) => {
      const { provider } = await robot.open();
      const resumed = provider.resume!('new', robot.call());
      assert.ok((await atConfirmation(robot, provider)) <= WITHIN_MS - 60_000);
      await rolledBack(robot, await robot.outcome(resumed));
    }));

  it('rolls back in the end, even if it never runs for a minute and its clock always says 1970', () =>
    withStoppedRobot(async (robot) => {
      let starts = 0;
      for (let outcome: string | undefined; outcome !== 'rolled back'; starts++) {
        robot.clock.stepWall(1000 - robot.clock.wallMs());
        const next = await robot.open();
        const resumed = next.provider.resume!('new', robot.call()).then(
          () => 'executed',
          ({ code }: SovdError) => (code === 'x-medkit-update-rolled-back' ? 'rolled back' : code),
        );
        outcome = undefined;
        void resumed.then((end) => {
          outcome = end;
        });
        while (outcome === undefined && !(await remainingMs(robot, next.provider))) {
          robot.clock.advance(0);
          await nextTurn();
        }
        next.close();
        outcome = await resumed;
      }
      assert.deepEqual([robot.inUse(), robot.stage()], ['old', 'rolled-back']);
      assert.equal(starts, WITHIN_MS / 60_000);
    }));

  it('rolls back immediately if the time has passed while it was off', () =>
    withStoppedRobot(async (robot) => {
      robot.clock.stepWall(WITHIN_MS);
      const { provider } = await robot.open();
      await rolledBack(robot, await robot.outcome(provider.resume!('new', robot.call())));
    }));
});

for (const cut of CUTS) {
  it(`a power failure ${cut} a change to the disk never undoes an acknowledged confirmation`, async () => {
    for (let at = 1, reached = true; reached; at++) {
      await withRobot(async (robot) => {
        const ended = Promise.withResolvers<void>();
        const cutting = cutOff(systemInstallFiles, at, cut, ended.resolve);
        const { provider } = await robot.open({ files: cutting.files });
        const executed = provider.execute('new', robot.call(), OPTIONS);
        await atConfirmation(robot, provider);
        cutting.arm();
        const confirmed = provider.confirm!('new', robot.call()).then(() => 'confirmed');
        const outcome = await Promise.race([confirmed, ended.promise]);
        reached = cutting.reached();
        if (!reached) await executed;
        await cutting.settled();
        const { provider: next } = await robot.open();
        const resumed = await robot.outcome(next.resume!('new', robot.call()));
        if (outcome === 'confirmed') assert.equal(resumed, 'done');
        assert.equal(robot.inUse(), resumed === 'done' ? 'new' : 'old');
        assert.equal(robot.stage(), resumed === 'done' ? 'executed' : 'rolled-back');
      });
    }
  });
}
