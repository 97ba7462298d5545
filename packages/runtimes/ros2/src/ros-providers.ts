import type { DataProvider, OperationProvider, Providers } from '@medkit/core';

/** Providers of the graph's resources. */
export type RosProviders = Pick<Required<Providers>, 'configurations' | 'lifecycle'> & {
  readonly data: Required<Omit<DataProvider, 'recent'>>;
  readonly operations: Required<OperationProvider>;
};

/**
 * Returns providers that forward every call to `live()`. The host reads their methods before the runtime has started,
 * when there is nothing to call yet.
 */
export function forwardedProviders(live: () => RosProviders): RosProviders {
  return {
    configurations: {
      list: (...args) => live().configurations.list(...args),
      read: (...args) => live().configurations.read(...args),
      write: (...args) => live().configurations.write(...args),
      reset: (...args) => live().configurations.reset(...args),
      resetAll: (...args) => live().configurations.resetAll(...args),
    },
    data: {
      list: (...args) => live().data.list(...args),
      read: (...args) => live().data.read(...args),
      write: (...args) => live().data.write(...args),
      watch: (...args) => live().data.watch(...args),
      arrivals: (...args) => live().data.arrivals(...args),
      holders: (...args) => live().data.holders(...args),
      picture: (...args) => live().data.picture(...args),
      isIncomplete: (...args) => live().data.isIncomplete(...args),
    },
    lifecycle: {
      status: (...args) => live().lifecycle.status(...args),
      change: (...args) => live().lifecycle.change(...args),
    },
    operations: {
      appears: (...args) => live().operations.appears(...args),
      list: (...args) => live().operations.list(...args),
      invoke: (...args) => live().operations.invoke(...args),
      executions: (...args) => live().operations.executions(...args),
      recent: (...args) => live().operations.recent(...args),
      execution: (...args) => live().operations.execution(...args),
      control: (...args) => live().operations.control(...args),
    },
  };
}
