import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenFaultManager } from '@medkit/faults';
import { SEVERITY } from '@medkit/faults';
import { StoreError, StoreReadOnly } from '@medkit/store';
import { eventually } from '../harness/eventually.ts';
import { openRobot, type RobotOptions } from './robot.ts';
import { checkAudit } from './storm-evidence.ts';
import { stormSources } from './storm-setting.ts';

/** Scenes on a full or filling disk, by name; each has a separate disk. */
type Scene = (folder: string) => Promise<void>;

const MIB = 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 0x5a);
/** A fault and its event use twice as much of the disk. */
const LONG_DESCRIPTION = 'x'.repeat(4000);

const fillerOf = (folder: string) => join(folder, 'filler');

/** Fills the disk except for `spared` bytes, like another program. */
function fill(folder: string, spared = 0): void {
  const file = openSync(fillerOf(folder), 'a');
  try {
    for (;;) {
      const { bavail, bsize } = statfsSync(folder);
      const freeBytes = bavail * bsize - spared;
      if (freeBytes <= 0) return;
      writeSync(file, CHUNK, 0, Math.min(CHUNK.length, freeBytes));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

const makeRoom = (folder: string) => rmSync(fillerOf(folder), { force: true });

let next = 0;

/** Reports a new fault; returns its code, or `undefined` if it was rejected. */
async function report({ manager }: Pick<OpenFaultManager, 'manager'>): Promise<string | undefined> {
  const code = `FAULT_${next++}`;
  const fields = {
    event: 'FAILED',
    severity: SEVERITY.ERROR,
    // One source may not have so many.
    source: `/source_${next % 10}`,
    description: LONG_DESCRIPTION,
  } as const;
  try {
    const { accepted } = await manager.report({ code, ...fields });
    assert.ok(accepted);
    return code;
  } catch (error) {
    assert.ok(error instanceof StoreError, `${code} was refused with ${error}`);
    return undefined;
  }
}

/** Reports faults, eight at a time, until `refusals` of them were rejected. Returns the accepted codes. */
async function reportUntilRefused(robot: OpenFaultManager, refusals: number): Promise<readonly string[]> {
  const accepted: string[] = [];
  let refused = 0;
  const reporter = async () => {
    while (refused < refusals) {
      const code = await report(robot);
      if (code === undefined) refused += 1;
      else accepted.push(code);
    }
  };
  await Promise.all(Array.from({ length: 8 }, reporter));
  return accepted;
}

const warningsOf = async (robot: OpenFaultManager) => (await robot.health()).warnings.map(({ code }) => code);

function assertAllThere({ manager }: OpenFaultManager, codes: readonly string[]): void {
  const lost = codes.filter((code) => manager.get(code) === undefined);
  assert.deepEqual(lost, [], 'acknowledged and lost');
}

const NO_CAPTURES: RobotOptions = { parameters: { 'snapshots.enabled': false } };

/** Options for faults with captures and recordings; one recording is larger than the reserve. */
function recorded() {
  const sources = stormSources(32 * 1024);
  const parameters = {
    'snapshots.default_topics': ['/battery', '/odom'],
    'snapshots.entity_default': false,
    'snapshots.rosbag.enabled': true,
    'snapshots.rosbag.format': 'sqlite3',
    'snapshots.rosbag.topics': 'all',
    'snapshots.rosbag.exclude_sensor_topics': false,
    // One topic may use half of it.
    'snapshots.rosbag.max_buffer_mb': 10,
    'snapshots.rosbag.duration_sec': 10,
    'snapshots.rosbag.duration_after_sec': 0.02,
  } as const;
  return { options: { sources, parameters } satisfies RobotOptions, sources };
}

export const SCENES: Readonly<Record<string, Scene>> = {
  'refuses what it cannot store, says so, and loses nothing that it took': async (folder) => {
    const accepted: string[] = [];
    {
      await using robot = await openRobot(folder, NO_CAPTURES);
      assert.deepEqual(await warningsOf(robot), []);
      accepted.push(...(await reportUntilRefused(robot, 20)));
      assert.ok(accepted.length > 100, `${accepted.length} were accepted`);
      assert.ok((await warningsOf(robot)).includes('fault_disk_full'));
      assertAllThere(robot, accepted);
    }
    {
      await using robot = await openRobot(folder, NO_CAPTURES);
      assertAllThere(robot, accepted);
      const listed = robot.manager.list({}).faults.map(({ code }) => code);
      assert.deepEqual(listed.sort(), accepted.sort(), 'nothing is there that was refused');
      assert.ok((await warningsOf(robot)).includes('fault_disk_full'));
    }
  },

  'takes hundreds of faults more after somebody else has filled the disk, and all again once there is room': async (
    folder,
  ) => {
    await using robot = await openRobot(folder, NO_CAPTURES);
    const first = await report(robot);
    assert.ok(first);
    fill(folder);
    const accepted = await reportUntilRefused(robot, 5);
    assert.ok(accepted.length >= 100, `${accepted.length} were accepted on the full disk`);
    makeRoom(folder);
    const later = await report(robot);
    assert.ok(later, 'the very next one is taken');
    await eventually(
      'health says that there is room',
      async () => !(await warningsOf(robot)).includes('fault_disk_full'),
      15_000,
    );
    assertAllThere(robot, [first, later, ...accepted]);
  },

  'starts on a full disk, with all that it took before': async (folder) => {
    const accepted: string[] = [];
    {
      await using robot = await openRobot(folder, NO_CAPTURES);
      for (let index = 0; index < 20; index += 1) accepted.push((await report(robot)) ?? assert.fail());
    }
    fill(folder);
    await using robot = await openRobot(folder, NO_CAPTURES);
    assertAllThere(robot, accepted);
    assert.ok(await report(robot), 'there is room for faults in the reserve');
    assert.ok((await warningsOf(robot)).includes('fault_disk_full'));
  },

  'gives up recordings before freeze frames, and freeze frames before faults': async (folder) => {
    const { options, sources } = recorded();
    void sources.publish();
    await using robot = await openRobot(folder, options);
    const accepted: string[] = [];
    const take = async (): Promise<string> => {
      const code = (await report(robot)) ?? assert.fail('a fault was refused');
      accepted.push(code);
      return code;
    };
    const recordings = async () => (await robot.recordings.facts()).recordings;
    const untilBuffered = () =>
      eventually('a recording will be larger than the reserve', async () => {
        const { blackBox } = await robot.recordings.facts();
        return (blackBox?.ring.weight ?? 0) > 4.5 * MIB;
      });
    await untilBuffered();
    const codes = [await take()];
    await eventually('it is recorded', async () => (await recordings()) === 1);
    codes.push(await take());
    await eventually('both are recorded', async () => (await recordings()) === 2);
    const captured = async () => {
      const frames = (await Promise.all(codes.map((code) => robot.snapshots.of(code)))).flat();
      return new Set(frames.filter(({ topic }) => topic !== '').map(({ captureId }) => captureId)).size;
    };
    assert.equal(await captured(), 2);

    for (const remaining of [1, 0]) {
      fill(folder);
      await eventually('a recording gives way', async () => {
        await take();
        return (await recordings()) === remaining;
      });
      await eventually('that was enough', async () => !(await warningsOf(robot)).includes('fault_disk_full'));
      assert.equal(await captured(), 2, 'frames stay as long as recordings are enough');
    }
    fill(folder);
    await eventually('frames give way', async () => {
      await take();
      return (await captured()) === 0;
    });
    accepted.push(...(await reportUntilRefused(robot, 1)));
    assertAllThere(robot, accepted);
    const { disk } = (await robot.health()).figures as { disk: { [total: string]: number } };
    assert.ok((disk.recordings_shed_total ?? 0) >= 2);
    assert.ok((disk.captures_shed_total ?? 0) >= 2);
  },

  'does not start on a read-only disk, says what to do, and starts when that is done': async (folder) => {
    const accepted: string[] = [];
    {
      await using robot = await openRobot(folder, NO_CAPTURES);
      accepted.push((await report(robot)) ?? assert.fail());
    }
    const remount = (access: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${access}`, folder]);
    remount('ro');
    await assert.rejects(openRobot(folder, NO_CAPTURES), (error: Error) => {
      assert.ok(error instanceof StoreReadOnly, `${error.name}: ${error.message}`);
      assert.match(
        error.message,
        /faults\.db cannot be written: give this user write permission for the file and its folder/,
      );
      return true;
    });
    remount('rw');
    await using robot = await openRobot(folder, NO_CAPTURES);
    assertAllThere(robot, accepted);
  },

  'writes down later what its audit log had no room for, and each change once': async (folder) => {
    const parameters = { 'snapshots.enabled': false, 'audit_log.enabled': true } as const;
    const accepted: string[] = [];
    {
      await using robot = await openRobot(folder, { parameters });
      accepted.push((await report(robot)) ?? assert.fail());
      fill(folder);
      accepted.push(...(await reportUntilRefused(robot, 1)));
      makeRoom(folder);
    }
    await using robot = await openRobot(folder, { parameters });
    assertAllThere(robot, accepted);
    assert.ok(checkAudit(folder) >= 2 * accepted.length);
  },
};

const [scene, folder] = process.argv.slice(2);
if (scene !== undefined && folder !== undefined) {
  await (SCENES[scene] as Scene)(folder);
  process.exit();
}
