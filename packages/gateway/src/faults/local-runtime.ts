import type { LogProvider, Runtime } from '@medkit/core';
import type { FaultManagerMode, LocalFaults } from '@medkit/faults';

/** The name of the gateway among its runtimes. With a dot: no plugin can have it. */
export const LOCAL_RUNTIME = 'medkit.local';

export interface LocalRuntimeOptions {
  readonly faults: LocalFaults;
  readonly mode: FaultManagerMode;
  /** Logs of entities that no other runtime keeps a log of. */
  readonly logs?: LogProvider;
}

/** The gateway as a runtime: it tells of no entity, and keeps what is kept of the entities of others. */
export function localRuntime({ faults, mode, logs }: LocalRuntimeOptions): Runtime {
  return {
    name: LOCAL_RUNTIME,
    providers: { faults: faults.provider, ...(logs && { logs }) },
    start: async ({ faultChanged }) => {
      faults.start(faultChanged);
      if (mode === 'own') void faults.own();
    },
    stop: () => faults.close(),
    contribution: () => ({ runtime: LOCAL_RUNTIME, priority: 0, areas: [], components: [], apps: [], functions: [] }),
    health: () => faults.health(),
  };
}
