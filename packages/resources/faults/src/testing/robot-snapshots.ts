import type { FaultSnapshots } from '../snapshots/fault-snapshots.ts';
import { startFaultSnapshots } from '../snapshots/start-fault-snapshots.ts';
import { namedTopics } from '../snapshots/topics/named-topics.ts';
import { readSnapshotTopics } from '../snapshots/topics/read-snapshot-topics.ts';
import { snapshotStorage } from '../storage/snapshot-storage.ts';
import { MemorySampler } from './memory-sampler.ts';
import { type RobotFaults, type RobotOptions, robotFaults } from './robot-faults.ts';

export interface RobotSnapshotOptions extends RobotOptions {
  /** Text of the file of topics. */
  readonly topics?: string;
  /** What the manifest says of topics. */
  readonly meaningOf?: FaultSnapshots['meaningOf'];
  readonly sampler?: MemorySampler;
}

/** A fault manager whose faults have freeze frames of topics in memory. */
export interface RobotSnapshots extends RobotFaults {
  readonly sampler: MemorySampler;
  readonly snapshots: FaultSnapshots;
  /** Lets captures come to their ends that wait for nothing but promises. */
  settled(): Promise<void>;
  /** The frames of topics of a fault, `topic data` each, the newest capture first. */
  frames(code?: string): Promise<readonly string[]>;
  /** The frame of a fault that outlives a clear, its data. */
  outliving(code?: string): Promise<string | undefined>;
}

/** More than any capture takes. */
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
