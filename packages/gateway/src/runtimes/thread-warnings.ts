import type { Runtime, Warning } from '@medkit/core';
import { AdapterUnavailable, type ThreadState } from '@medkit/ros2';

/** Returns a runtime that also warns in `/health` if its thread has ended, whether or not it was restarted. */
export function withThreadWarnings(runtime: Runtime, thread: () => ThreadState): Runtime {
  return {
    ...runtime,
    health: async () => {
      const warnings = threadWarnings(thread());
      try {
        const said = await runtime.health();
        return { ...said, warnings: [...warnings, ...said.warnings] };
      } catch (error) {
        if (warnings.length > 0 && error instanceof AdapterUnavailable) return { warnings, blocks: {} };
        throw error;
      }
    },
  };
}

function threadWarnings({ running, ends, lastReason }: ThreadState): readonly Warning[] {
  if (ends === 0) return [];
  const times = ends === 1 ? 'once' : `${ends} times`;
  const now = running
    ? 'A new thread has taken over and the graph is complete again. Please report it.'
    : 'A new thread is starting; until then the robot is not visible.';
  return [{ code: 'dds_thread_ended', message: `The DDS thread has ended ${times} (${lastReason}). ${now}` }];
}
