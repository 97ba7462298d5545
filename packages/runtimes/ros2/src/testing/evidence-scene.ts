import { SimulatedClock } from '@medkit/edges/testing';
import type { TapSample, TopicName } from '@medkit/faults';
import { followGraph, type RosEndpoint } from '@medkit/ros2';
import { sampleDecoder } from '../data/sample-decoder.ts';
import { TaskMeter } from '../data/task-meter.ts';
import { TopicPool } from '../data/topic-pool.ts';
import { openEvidence } from '../evidence/open-evidence.ts';
import { GraphView } from '../graph/graph-view.ts';
import { ROS2_DEFAULTS } from '../ros2-settings.ts';
import { DEFAULT_QOS, FakeRos, rosNode } from './fake-ros.ts';

export const LATCHED_QOS = { ...DEFAULT_QOS, durability: 'transient_local', depth: 1 } as const;

/** Opens the evidence of a graph with the nodes `/driver` and `/listener` and the given endpoints. */
export async function evidenceScene(...endpoints: readonly RosEndpoint[]) {
  const clock = new SimulatedClock();
  const ros = new FakeRos();
  ros.change({ nodes: [rosNode('/driver'), rosNode('/listener')], endpoints });
  const logged: string[] = [];
  const log = (_: string, message: string) => void logged.push(message);
  const view = new GraphView();
  const node = await ros.node({ name: 'medkit' });
  const meter = new TaskMeter({ clock, slowMs: 1000 });
  const decode = sampleDecoder(ros, meter);
  const pool = new TopicPool({ node, clock, log, settings: ROS2_DEFAULTS, decode });
  const evidence = openEvidence({ node, adapter: ros, view, pool, clock, log, logged: () => [] });
  await followGraph(ros, {
    begin: (graph) => view.replace(graph),
    change: (diff) => evidence.topicsChanged(view.apply(diff)),
  });
  return {
    clock,
    ros,
    pool,
    logged,
    ...evidence,
    /** Opens a tap and records its samples. */
    tap(topic: TopicName, matchQos = true) {
      const samples: TapSample[] = [];
      const tap = evidence.taps.tap(topic, { matchQos, onSample: (sample) => void samples.push(sample) });
      return { tap, samples };
    },
  };
}
