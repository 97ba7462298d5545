import type { Runtime, RuntimeHost } from '@medkit/core';
import type { FaultManagerMode, LocalFaults } from '@medkit/faults';
import type { LocalLog } from '../logs/local-log.ts';

/** The name of the gateway among its runtimes. With a dot: no plugin can have it. */
export const LOCAL_RUNTIME = 'medkit.local';

const NO_ENTITIES = { runtime: LOCAL_RUNTIME, priority: 0, areas: [], components: [], apps: [], functions: [] };

export interface LocalRuntimeOptions {
  readonly faults: LocalFaults;
  readonly mode: FaultManagerMode;
  /** Absent where a graph keeps the log of the gateway. */
  readonly log?: LocalLog;
}

/** The gateway as a runtime: it tells of no entity, and keeps what is kept of the entities of others. */
export function localRuntime({ faults, mode, log }: LocalRuntimeOptions): Runtime {
  return {
    name: LOCAL_RUNTIME,
    providers: { faults: faults.provider, ...(log && { logs: log.provider }) },
    start: async ({ faultChanged, logged }: RuntimeHost) => {
      faults.start(faultChanged);
      log?.start(logged);
      if (mode === 'own') void faults.own();
    },
    stop: async () => {
      log?.stop();
      await faults.close();
    },
    contribution: () => NO_ENTITIES,
    health: async () => {
      const { warnings, blocks } = await faults.health();
      return { warnings, blocks: { ...blocks, ...(log && { 'x-medkit-logs': log.figures() }) } };
    },
  };
}
