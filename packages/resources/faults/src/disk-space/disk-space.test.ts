import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { type Store, StoreReadOnly } from '@medkit/store';
import { putSnapshot } from '../storage/snapshot-rows.ts';
import { faultStore, robotFaults } from '../testing/robot-faults.ts';
import { DiskSpaceGuard } from './disk-space.ts';

const RESERVE = 3;

/** A disk of `size` units, mostly used by others. A recording takes one unit, the reserve three. */
async function fullDisk({ recordings = 0, captures = 0, others = 0, size = 10 } = {}) {
  const clock = new SimulatedClock();
  const rows = faultStore(clock);
  for (let captureId = 1; captureId <= captures; captureId += 1) {
    const [first, second] = ['/scan', '/odom'].map((topic) => frame(captureId, topic));
    await rows.write([putSnapshot(first as never), putSnapshot(second as never)]);
  }
  const disk = { recordings, others, failure: undefined as Error | undefined };
  const notices: string[] = [];
  const store: Store = {
    ...rows,
    regainReserve: async () => {
      if (disk.failure) throw disk.failure;
      return size - disk.others - disk.recordings >= RESERVE;
    },
    // A database this small has practically no free pages.
    usage: async () => ({ ...(await rows.usage()), freeBytes: 0 }),
  };
  const shed = async () => {
    if (disk.recordings === 0) return false;
    disk.recordings -= 1;
    return true;
  };
  const room = new DiskSpaceGuard({ clock, notice: ({ level, text }) => notices.push(`${level}: ${text}`) });
  const capturesLeft = async () => {
    const found = await rows.read('SELECT capture_id, count(*) AS n FROM snapshots GROUP BY capture_id');
    assert.ok(
      found.every(({ n }) => n === 2),
      'captures stay whole',
    );
    return found.length;
  };
  return { room, disk, clock, notices, capturesLeft, movables: { store, recordings: { shed } } };
}

const frame = (captureId: number, topic: string) => ({
  faultCode: 'F1',
  captureId,
  occurrence: 1,
  topic,
  messageType: 'std_msgs/msg/String',
  data: '{}',
  problem: '',
  history: '',
  capturedAtNs: 1n,
});

describe('room on a full disk', () => {
  it('is made by removing as many recordings as needed, while captures stay', async () => {
    const { room, disk, notices, capturesLeft, movables } = await fullDisk({ recordings: 6, others: 4, captures: 3 });
    room.begin(movables);
    room.shortage();
    assert.equal(room.hasRoom(), false);
    await room.stop();
    assert.equal(room.hasRoom(), true);
    assert.deepEqual([disk.recordings, await capturesLeft()], [3, 3]);
    assert.deepEqual(room.facts(), { short: false, recordingsShed: 3, capturesShed: 0 });
    assert.deepEqual(notices, [
      'error: the disk is full: no data is captured, and recordings and then freeze frames are removed to store faults',
      'warning: the disk has free space again; since the start, 3 recordings and 0 captures were removed',
    ]);
  });

  it('is made by removing captures if no recording is left', async () => {
    const { room, capturesLeft, movables } = await fullDisk({ recordings: 1, others: 10, captures: 40 });
    room.begin(movables);
    room.shortage();
    await room.stop();
    assert.deepEqual(room.facts(), { short: true, recordingsShed: 1, capturesShed: 40 });
    assert.equal(await capturesLeft(), 0);
  });

  it('is retried until the disk has space again', async () => {
    const { room, disk, clock, movables } = await fullDisk({ others: 10 });
    room.begin(movables);
    room.shortage();
    await clock.advanceAsync(20_000, 10_000);
    assert.equal(room.hasRoom(), false);
    disk.others = 0;
    await clock.advanceAsync(10_000, 10_000);
    await room.stop();
    assert.equal(room.hasRoom(), true);
    assert.equal(clock.timers, 0);
  });

  it('is made as soon as candidates are known, if the disk was full from the start', async () => {
    const { room, disk, movables } = await fullDisk({ recordings: 10 });
    room.shortage();
    assert.equal(room.hasRoom(), false);
    room.begin(movables);
    await room.stop();
    assert.deepEqual([room.hasRoom(), disk.recordings], [true, 7]);
  });

  it('is not used by captures while there is none, and a fault is captured once there is', async () => {
    const { room, disk, movables } = await fullDisk({ others: 10 });
    const robot = await robotFaults({ hasRoom: () => room.hasRoom() });
    const comeAgain = async () => {
      await robot.manager.clear('F1', { cascade: false });
      await robot.fail();
    };
    room.begin(movables);
    room.shortage();
    await robot.fail();
    await comeAgain();
    assert.deepEqual([robot.manager.get('F1')?.status, robot.captures.length], ['CONFIRMED', 0]);
    disk.others = 0;
    await room.stop();
    room.shortage();
    await room.stop();
    await comeAgain();
    assert.equal(robot.captures.length, 1);
  });

  it('is reported if it cannot be made', async () => {
    const { room, disk, notices, movables } = await fullDisk();
    disk.failure = new StoreReadOnly('/faults.db cannot be written to');
    room.begin(movables);
    room.shortage();
    await room.stop();
    assert.equal(notices[1], 'error: cannot free space for faults: /faults.db cannot be written to');
    assert.equal(room.hasRoom(), false);
  });
});
