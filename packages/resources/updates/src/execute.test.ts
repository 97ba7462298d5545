import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SovdError } from '@medkit/contract';
import { errorOf } from '@medkit/core/testing';
import { CUTS, cutOff, mortalFiles } from './testing/crashing-files.ts';
import {
  installedRobot,
  installOldAndPrepareNew,
  keyPair,
  systemInstallFiles,
  update,
} from './testing/installed-robot.ts';

type Robot = ReturnType<typeof installedRobot>;
type Provider = Awaited<ReturnType<Robot['open']>>['provider'];

/** A robot with the release `old` in use and `new` prepared. */
const model = installedRobot();
before(() => installOldAndPrepareNew(model));
after(() => model.remove());

/** Runs `work` with a copy of this robot. */
async function withRobot(work: (robot: Robot, provider: Provider) => Promise<void>) {
  const robot = installedRobot(model);
  try {
    await work(robot, (await robot.open()).provider);
  } finally {
    robot.remove();
  }
}

async function prepared(robot: Robot, provider: Provider, id: string, more: object = {}) {
  await robot.layDown(id);
  await provider.register(update(id, more), robot.call());
  await provider.prepare(id, robot.call());
}

/** Waits until a condition holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}

async function atGate(robot: Robot, provider: Provider, id: string): Promise<void> {
  const switched = async () => (await provider.progress?.(id, robot.call()))?.steps?.[0]?.percent === 100;
  while (!(await switched())) await nextTurn();
}

const exited = (code: number, errors = '') => ({ outcome: 'exited', code, output: '', errors }) as const;

describe('an update that is executed', () => {
  it('replaces the release in use with one link, is started, and stays when its gate is passed', () =>
    withRobot(async (robot, provider) => {
      const executed = provider.execute('new', robot.call());
      await atGate(robot, provider, 'new');
      assert.equal(readlinkSync(robot.at('installed', 'current')), 'releases/new');
      assert.deepEqual(
        robot.programs.runs.map(({ program, args }) => [program, ...args]),
        [['/usr/bin/activate', 'robot.target']],
      );
      await robot.clock.advance(15_000);
      assert.deepEqual(await provider.progress?.('new', robot.call()), {
        percent: 50,
        steps: [
          { name: 'switch', percent: 100 },
          { name: 'gate', percent: 50 },
        ],
      });
      assert.equal(await robot.outcome(executed), 'done');
      assert.deepEqual([robot.inUse(), robot.stage(), robot.faults.watchers], ['new', 'executed', 0]);
    }));

  it('is not started again if it is already in use', () =>
    withRobot(async (robot, provider) => {
      await provider.execute('old', robot.call());
      assert.deepEqual(robot.programs.runs, []);
    }));

  it('can be replaced by executing the previous one', () =>
    withRobot(async (robot, provider) => {
      assert.equal(await robot.outcome(provider.execute('new', robot.call())), 'done');
      assert.equal(await robot.outcome(provider.execute('old', robot.call())), 'done');
      assert.equal(robot.inUse(), 'old');
    }));

  it('is rejected if its release is missing', () =>
    withRobot(async (robot, provider) => {
      rmSync(robot.at('installed', 'releases', 'new'), { recursive: true });
      assert.equal((await errorOf(provider.execute('new', robot.call()))).code, 'x-medkit-update-not-prepared');
      assert.deepEqual([robot.inUse(), robot.stage()], ['old', 'executed']);
    }));

  for (const [what, reason, change] of [
    ['has a changed file', 'digest', (release: string) => appendFileSync(`${release}/bin/run`, 'x')],
    ['has an unsigned file', 'artifact', (release: string) => writeFileSync(`${release}/bin/more`, '')],
    ['has a file with another mode', 'artifact', (release: string) => chmodSync(`${release}/bin/run`, 0o4755)],
    ['has a link', 'artifact', (release: string) => symlinkSync('/bin/sh', `${release}/bin/sh`)],
    ['lacks a file', 'artifact', (release: string) => rmSync(`${release}/bin/run`)],
    ['has no signature', 'signature', (release: string) => rmSync(`${release}/update.sig`)],
    ['has another manifest', 'signature', (release: string) => appendFileSync(`${release}/update.json`, ' ')],
  ] as const) {
    it(`is rejected if its prepared release ${what}`, () =>
      withRobot(async (robot, provider) => {
        change(robot.at('installed', 'releases', 'new'));
        const error = await errorOf(provider.execute('new', robot.call()));
        assert.deepEqual([error.code, error.parameters?.['reason']], ['x-medkit-update-refused', reason]);
        assert.deepEqual([robot.inUse(), robot.stage(), robot.programs.runs], ['old', 'executed', []]);
      }));
  }

  it('is rejected if its signer is no longer trusted', () =>
    withRobot(async (robot) => {
      const { provider } = await robot.open({ trust: { keys: [keyPair().publicKey], allowUnsigned: false } });
      assert.equal((await errorOf(provider.execute('new', robot.call()))).parameters?.['reason'], 'signature');
      assert.equal(robot.inUse(), 'old');
    }));

  it('waits for an earlier, abandoned update', () =>
    withRobot(async (robot, provider) => {
      await prepared(robot, provider, 'third');
      const hanging = Promise.withResolvers<ReturnType<typeof exited>>();
      robot.programs.next.push(() => hanging.promise);
      const first = errorOf(provider.execute('new', robot.call()));
      await until(() => robot.programs.runs.length === 1);
      const second = provider.execute('third', robot.call());
      assert.deepEqual([robot.inUse(), robot.stage()], ['new', 'activating']);
      hanging.resolve(exited(1));
      assert.match((await first).message, /exited with code 1/);
      assert.equal(await robot.outcome(second), 'done');
      assert.equal(JSON.parse(readFileSync(robot.at('installed', 'journal.json'), 'utf8')).record.from, 'releases/old');
    }));

  it('is watched for faults of the entities that it names', () =>
    withRobot(async (robot, provider) => {
      await prepared(robot, provider, 'arm-2', {
        updated_components: ['arm', 7],
        affected_components: ['base', 'arm'],
      });
      assert.equal(await robot.outcome(provider.execute('arm-2', robot.call())), 'done');
      assert.deepEqual(robot.faults.scopes.at(-1), { entities: ['arm', 'base'] });
    }));
});

describe('an update is rolled back, and the previous release is started again,', () => {
  const failureOf = async (robot: Robot, work: Promise<void>) => {
    const error = await robot.outcome(work);
    assert.ok(error instanceof SovdError && error.code === 'x-medkit-update-rolled-back', String(error));
    assert.deepEqual([robot.inUse(), robot.stage(), robot.faults.watchers], ['old', 'rolled-back', 0]);
    return error;
  };

  it('after a fault at its gate', () =>
    withRobot(async (robot, provider) => {
      const executed = provider.execute('new', robot.call());
      await until(() => robot.stage() === 'gating');
      await robot.clock.advance(29_000);
      robot.faults.confirm('NAV_TIMEOUT');
      robot.faults.confirm('NAV_LOST');
      const error = await failureOf(robot, executed);
      assert.equal(error.message, 'new was rolled back: faults NAV_TIMEOUT, NAV_LOST were confirmed');
      assert.deepEqual(error.parameters, {
        reason: 'fault',
        fault_codes: ['NAV_TIMEOUT', 'NAV_LOST'],
        in_use: 'releases/old',
      });
      assert.equal(robot.programs.runs.length, 2);
    }));

  it('after a fault while it is started', () =>
    withRobot(async (robot, provider) => {
      robot.programs.next.push(() => {
        robot.faults.confirm('MOTOR_HOT');
        return exited(0);
      });
      const error = await failureOf(robot, provider.execute('new', robot.call()));
      assert.deepEqual(error.parameters?.['fault_codes'], ['MOTOR_HOT']);
    }));

  for (const [what, end, reason] of [
    ['fails', exited(3, 'no such unit\n'), 'exited with code 3: no such unit'],
    ['is missing', { outcome: 'missing' }, 'could not be started'],
    ['hangs', { outcome: 'late' }, 'did not end within updates.activate_timeout_sec'],
  ] as const) {
    it(`if its start ${what}`, () =>
      withRobot(async (robot, provider) => {
        robot.programs.next.push(() => end);
        const error = await failureOf(robot, provider.execute('new', robot.call()));
        assert.equal(error.message, `new was rolled back: /usr/bin/activate ${reason}`);
      }));
  }

  it('and if that cannot be started either, both failures are reported', () =>
    withRobot(async (robot, provider) => {
      robot.programs.next.push(
        () => exited(1),
        () => exited(2),
      );
      const error = await failureOf(robot, provider.execute('new', robot.call()));
      assert.match(error.message, /activate exited with code 1; after that, .* exited with code 2$/);
      assert.match(robot.logged.join(), /error: After new was rolled back, .* exited with code 2/);
    }));

  it('later, if the disk fails at that moment, which is reported', () =>
    withRobot(async (robot) => {
      let points = 0;
      const pointLink: typeof systemInstallFiles.pointLink = async (...link) => {
        if (++points === 2) throw new Error('ENOSPC: no space left on device');
        await systemInstallFiles.pointLink(...link);
      };
      const installer = await robot.open({ files: { ...systemInstallFiles, pointLink } });
      const { provider } = installer;
      robot.programs.next.push(() => exited(1));
      const error = await errorOf(provider.execute('new', robot.call()));
      assert.match(
        error.message,
        /^new could not be rolled back: ENOSPC.* The update had failed: .* exited with code 1\./,
      );
      assert.deepEqual(error.parameters, { reason: 'activation', in_use: 'releases/new' });
      assert.deepEqual(
        installer.health().warnings.map(({ code }) => code),
        ['update_half_done'],
      );
      await provider.prepare('new', robot.call());
      assert.deepEqual([robot.inUse(), robot.stage()], ['old', 'rolled-back']);
    }));

  it('if it does not end in time', () =>
    withRobot(async (robot, provider) => {
      const late = new AbortController();
      const executed = provider.execute('new', robot.call(late.signal));
      await until(() => robot.stage() === 'gating');
      late.abort();
      assert.equal((await failureOf(robot, executed)).parameters?.['reason'], 'not-in-time');
    }));

  it('to none, if it was the first', async () => {
    const robot = installedRobot();
    try {
      const { provider } = await robot.open();
      await prepared(robot, provider, 'new');
      robot.programs.next.push(() => exited(1));
      const error = await robot.outcome(provider.execute('new', robot.call()));
      assert.deepEqual([error instanceof SovdError && error.parameters?.['in_use'], robot.inUse()], [null, undefined]);
    } finally {
      robot.remove();
    }
  });

  it('to the previous target of the link, which the operator may have set', () =>
    withRobot(async (robot, provider) => {
      mkdirSync(robot.at('factory', 'bin'), { recursive: true });
      writeFileSync(robot.at('factory', 'bin', 'run'), 'factory');
      rmSync(robot.at('installed', 'current'));
      symlinkSync(robot.at('factory'), robot.at('installed', 'current'));
      robot.programs.next.push(() => exited(1));
      await robot.outcome(provider.execute('new', robot.call()));
      assert.equal(robot.inUse(), 'factory');
    }));

  it('and nothing is changed if the link was replaced with something else', () =>
    withRobot(async (robot, provider) => {
      rmSync(robot.at('installed', 'current'));
      mkdirSync(robot.at('installed', 'current'));
      await assert.rejects(provider.execute('new', robot.call()), /current is not a link/);
      assert.deepEqual(robot.programs.runs, []);
    }));
});

describe('a gateway that was killed', () => {
  it('lets an update pass the gate it finds it at, and checks faults that occurred meanwhile', () =>
    withRobot(async (robot) => {
      const mortal = mortalFiles(systemInstallFiles);
      const { provider } = await robot.open({ files: mortal.files });
      void provider.execute('new', robot.call());
      await atGate(robot, provider, 'new');
      mortal.die();
      const again = await robot.open();
      assert.equal(await robot.outcome(again.provider.resume!('new', robot.call())), 'done');
      assert.deepEqual([robot.inUse(), robot.stage()], ['new', 'executed']);
      assert.ok(robot.faults.scopes.at(-1)?.sinceMs !== undefined);
      assert.equal(robot.programs.runs.length, 1);
    }));

  it('rolls back an update during which it was killed repeatedly', () =>
    withRobot(async (robot) => {
      const mortal = mortalFiles(systemInstallFiles);
      const { provider } = await robot.open({ files: mortal.files });
      void provider.execute('new', robot.call());
      await atGate(robot, provider, 'new');
      mortal.die();
      const starts = () => robot.logged.filter((line) => line.includes('is at its gate again')).length;
      for (const count of [1, 2]) {
        const next = mortalFiles(systemInstallFiles);
        await robot.open({ files: next.files });
        await until(() => starts() === count);
        next.die();
      }
      const { provider: last } = await robot.open();
      const error = await robot.outcome(last.resume!('new', robot.call()));
      assert.match(String(error), /exited 3 times before the update passed the gate/);
      assert.equal(robot.inUse(), 'old');
    }));

  it('that shuts down cleanly leaves an update at its gate', () =>
    withRobot(async (robot, provider) => {
      const installer = await robot.open();
      const executed = installer.provider.execute('new', robot.call());
      await until(() => robot.stage() === 'gating');
      installer.close();
      assert.equal((await errorOf(executed)).code, 'x-medkit-gateway-shutdown');
      assert.deepEqual([robot.inUse(), robot.stage()], ['new', 'gating']);
      await assert.rejects(provider.resume!('new', robot.call()), /prepare and execute it again/);
    }));

  it('does not report an update as executed if it is no longer in use', () =>
    withRobot(async (robot, provider) => {
      assert.equal(await robot.outcome(provider.resume!('old', robot.call())), 'done');
      rmSync(robot.at('installed', 'current'));
      await assert.rejects(provider.resume!('old', robot.call()), /prepare and execute it again/);
    }));

  it('reports a damaged journal and does not guess', () =>
    withRobot(async (robot) => {
      writeFileSync(robot.at('installed', 'journal.json'), '{"format":"medkit-install/1","used":[],"record":{}}');
      const installer = await robot.open();
      const { provider } = installer;
      const error = await errorOf(provider.execute('new', robot.call()));
      assert.deepEqual([error.code, /journal.json is damaged/.test(error.message)], ['service-unavailable', true]);
      assert.deepEqual(
        installer.health().warnings.map(({ code }) => code),
        ['updates_unavailable'],
      );
      rmSync(robot.at('installed', 'journal.json'));
      assert.equal(await robot.outcome(provider.execute('new', robot.call())), 'done');
    }));
});

/** States that an installation may reach before the process ends. */
const SCENES: Readonly<Record<string, (robot: Robot) => void>> = {
  'that succeeds': () => undefined,
  'with a failing start': (robot) => void robot.programs.next.push(() => exited(1)),
  'with a fault': (robot) =>
    void robot.programs.next.push(() => {
      robot.faults.confirm('F');
      return exited(0);
    }),
};

for (const [scene, stage] of Object.entries(SCENES)) {
  it(`an installation ${scene} that is cut off at any change to the disk leaves one whole release in use`, async () => {
    let cuts = 0;
    for (let at = 1, reached = true; reached; at++) {
      for (const cut of CUTS) {
        await withRobot(async (robot) => {
          const ended = Promise.withResolvers<void>();
          const cutting = cutOff(systemInstallFiles, at, cut, ended.resolve);
          const { provider } = await robot.open({ files: cutting.files });
          stage(robot);
          cutting.arm();
          await robot.outcome(Promise.race([provider.execute('new', robot.call()), ended.promise]));
          reached = cutting.reached();
          cuts += reached ? 1 : 0;
          // A disk operation that was running when the process ended still completes.
          await cutting.settled();
          robot.programs.next.length = 0;
          await assertSettled(robot);
        });
      }
    }
    assert.ok(cuts >= 8, String(cuts));
  });
}

/** Asserts that the next gateway finds one of the two releases in use, reports it, and can install the new one. */
async function assertSettled(robot: Robot): Promise<void> {
  const { provider } = await robot.open();
  const outcome = await robot.outcome(provider.resume!('new', robot.call()));
  assert.equal(robot.inUse(), outcome === 'done' ? 'new' : 'old', String(outcome));
  assert.equal(readdirSync(robot.at('installed', 'releases')).length, 2);
  await provider.prepare('new', robot.call());
  assert.equal(await robot.outcome(provider.execute('new', robot.call())), 'done');
  assert.equal(robot.inUse(), 'new');
}

it('an installation that fails to write at any point is undone, or can be', async () => {
  for (let at = 1, reached = true; reached; at++) {
    await withRobot(async (robot) => {
      let changes = 0;
      const failing = <F extends (...args: never[]) => Promise<void>>(change: F) =>
        (async (...args: Parameters<F>) => {
          changes++;
          if (changes === at) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
          await change(...args);
        }) as F;
      const { replaceText, pointLink } = systemInstallFiles;
      const files = { ...systemInstallFiles, replaceText: failing(replaceText), pointLink: failing(pointLink) };
      const { provider } = await robot.open({ files });
      const outcome = await robot.outcome(provider.execute('new', robot.call()));
      reached = changes >= at;
      assert.equal(outcome instanceof Error, reached, `${at}: ${outcome}`);
      assert.equal(robot.inUse(), outcome === 'done' ? 'new' : 'old', `${at}: ${outcome}`);
      const again = await robot.open();
      await robot.outcome(again.provider.resume!('new', robot.call()));
      assert.equal(robot.inUse(), outcome === 'done' ? 'new' : 'old', `${at}: ${outcome}`);
    });
  }
});

describe('releases that are no longer in use', () => {
  it('are removed except for the last few', () =>
    withRobot(async (robot, provider) => {
      const ids = ['a', 'b', 'c', 'd'];
      for (const id of ids) {
        await prepared(robot, provider, id);
        assert.equal(await robot.outcome(provider.execute(id, robot.call())), 'done');
      }
      // `new` was prepared but never in use.
      assert.deepEqual(readdirSync(robot.at('installed', 'releases')).sort(), ['b', 'c', 'd', 'new']);
    }));

  it('can be deleted while another update takes its next step', async () => {
    await withRobot(async (robot, provider) => {
      for (const id of ['a', 'b', 'c']) {
        await prepared(robot, provider, id);
        assert.equal(await robot.outcome(provider.execute(id, robot.call())), 'done');
      }
      const executed = provider.execute('new', robot.call());
      const removed = Promise.all(['a', 'b'].map((id) => provider.remove(id, robot.call())));
      assert.equal(await robot.outcome(executed), 'done');
      await removed;
      const { record, used } = JSON.parse(readFileSync(robot.at('installed', 'journal.json'), 'utf8'));
      assert.deepEqual([record.id, record.stage, used], ['new', 'executed', ['c', 'new']]);
    });
  });

  it('are deleted with their update, except the one in use', () =>
    withRobot(async (robot, provider) => {
      const error = await errorOf(provider.remove('old', robot.call()));
      assert.equal(error.code, 'precondition-not-fulfilled');
      const executed = provider.execute('new', robot.call());
      await until(() => robot.stage() === 'gating');
      // It would be needed again if the gate is not passed.
      assert.equal((await errorOf(provider.remove('old', robot.call()))).code, 'precondition-not-fulfilled');
      assert.equal(await robot.outcome(executed), 'done');
      await provider.remove('old', robot.call());
      assert.deepEqual(readdirSync(robot.at('installed', 'releases')), ['new']);
      assert.deepEqual(await (await robot.open()).provider.list(robot.call()), [update('new')]);
      assert.deepEqual(readdirSync(robot.at('incoming')).sort(), ['new', 'old']);
    }));
});
