import type { FaultSnapshots } from '../snapshots/fault-snapshots.ts';
import { startFaultSnapshots } from '../snapshots/start-fault-snapshots.ts';
import { namedTopics } from '../snapshots/topics/named-topics.ts';
import { readSnapshotTopics } from '../snapshots/topics/read-snapshot-topics.ts';
import { snapshotStorage } from '../storage/snapshot-storage.ts';
import { MemorySampler } from './memory-sampler.ts';
import { type RobotFaults, type RobotOptions, robotFaults } from './robot-faults.ts';

export interface RobotSnapshotOptions extends RobotOptions {
  /** Text of the snapshot file. */
  readonly topics?: string;
  /** Meanings of topics in the manifest. */
  readonly meaningOf?: FaultSnapshots['meaningOf'];
  readonly sampler?: MemorySampler;
}

/** A fault manager with freeze frames of in-memory topics. */
export interface RobotSnapshots extends RobotFaults {
  readonly sampler: MemorySampler;
  readonly snapshots: FaultSnapshots;
  /** Waits for captures that depend on promises only. */
  settled(): Promise<void>;
  /** Returns the topic frames of a fault, `topic data` each, newest capture first. */
  frames(code?: string): Promise<readonly string[]>;
  /** Returns the data of the frame that survives a clear. */
  outliving(code?: string): Promise<string | undefined>;
}

/** More turns than any capture needs. */
const TURNS = 20;
const turn = () => new Promise((resolve) => setImmediate(resolve));

export async function robotSnapshots(options: RobotSnapshotOptions = {}): Promise<RobotSnapshots> {
  const { sampler = new MemorySampler(), topics: text = '{}', meaningOf } = options;
  const robot = await robotFaults(options);
  const { manager, store, clock, configuration, notices } = robot;
  const { topics } = readSnapshotTopics(text, 'topics.yaml');
  const notice = (each: (typeof notices)[number]) => notices.push(each);
  const names = namedTopics({ sampler, notice });
  const snapshots = await startFaultSnapshots({
    manager,
    store,
    sampler,
    names,
    clock,
    configuration,
    topics,
    ...(meaningOf && { meaningOf }),
    notice,
  });
  const storage = snapshotStorage(store);
  return {
    ...robot,
    sampler,
    snapshots,
    settled: async () => {
      for (let turns = 0; turns < TURNS; turns += 1) await turn();
    },
    frames: async (code = 'F1') => (await storage.frames(code)).map(({ topic, data }) => `${topic} ${data}`),
    outliving: async (code = 'F1') => (await storage.freezeFrame(code))?.data,
  };
}
