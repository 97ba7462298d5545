import type { HealthDds } from '@medkit/contract';
import type { QuotaFigures } from '@medkit/edges';
import type { AdapterFacts } from '@medkit/ros2';
import type { ColdWaits } from '../data/cold-waits.ts';
import type { RosData } from '../data/ros-data.ts';
import type { TaskMeter } from '../data/task-meter.ts';
import type { TopicPool } from '../data/topic-pool.ts';
import type { TopicWatches } from '../data/topic-watches.ts';
import type { RosLogs } from '../logs/ros-logs.ts';
import { ddsBlock } from './dds-block.ts';

/** Sources of the figures. */
export interface HealthSources {
  readonly facts: AdapterFacts;
  readonly graph: NonNullable<HealthDds['graph']>;
  /** Counts of the bounded collections of the runtime. */
  readonly quotas: Readonly<Record<string, QuotaFigures>>;
  readonly pool: TopicPool;
  readonly watches: TopicWatches;
  readonly poolCap: number;
  readonly coldWaits: ColdWaits;
  readonly coldWaitCap: number;
  readonly reads: RosData['reads'];
  readonly decoding: ReturnType<TaskMeter['figures']>;
  readonly graphEvents: number;
  readonly logs: ReturnType<RosLogs['figures']>;
}

/**
 * Returns the runtime's blocks of `/health` under the names of ros2_medkit. Where ros2_medkit has a worker with a
 * queue, the figures are those of decoding, which every read of a sample waits for.
 */
export function healthBlocks(sources: HealthSources) {
  const { facts, pool, watches, coldWaits, reads, decoding, graphEvents } = sources;
  return {
    'x-medkit-data-provider': {
      pool_size: pool.size,
      pool_cap: sources.poolCap,
      pool_hits: reads.hits,
      pool_misses: reads.misses,
      evictions_total: pool.evictions,
      type_change_events: pool.typeChanges,
      graph_events_received: graphEvents,
      concurrent_cold_waits: coldWaits.waiting,
      cold_wait_cap: sources.coldWaitCap,
      unsupported_type_count: facts.unknownTypes.length,
      watched_topics: watches.size,
      dropped_watch_samples: watches.dropped,
    },
    'x-medkit-quotas': { ...facts.quotas, ...sources.quotas },
    'x-medkit-dds': { ...ddsBlock(facts), graph: sources.graph },
    'x-medkit-logs': sources.logs,
    'x-medkit-subscription-executor': {
      worker_alive: true,
      degraded: decoding.stuck,
      queue_depth: decoding.underWay,
      queue_max_depth_observed: decoding.mostUnderWay,
      queue_dropped: Object.values(facts.dropped).reduce((sum, count) => sum + count, 0),
      tasks_completed: decoding.completed,
      tasks_failed: decoding.failed,
      last_task_latency_us: Math.round(decoding.lastMs * 1000),
      max_task_latency_us: Math.round(decoding.longestMs * 1000),
      current_task_age_ms: Math.round(decoding.ageMs),
      watchdog_trips: decoding.slow,
      graph_events_received: graphEvents,
    },
  };
}
