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
      list: (...asked) => live().configurations.list(...asked),
      read: (...asked) => live().configurations.read(...asked),
      write: (...asked) => live().configurations.write(...asked),
      reset: (...asked) => live().configurations.reset(...asked),
      resetAll: (...asked) => live().configurations.resetAll(...asked),
    },
    data: {
      list: (...asked) => live().data.list(...asked),
      read: (...asked) => live().data.read(...asked),
      write: (...asked) => live().data.write(...asked),
      watch: (...asked) => live().data.watch(...asked),
      holders: (...asked) => live().data.holders(...asked),
      isIncomplete: (...asked) => live().data.isIncomplete(...asked),
    },
    lifecycle: {
      status: (...asked) => live().lifecycle.status(...asked),
      change: (...asked) => live().lifecycle.change(...asked),
    },
    operations: {
      appears: (...asked) => live().operations.appears(...asked),
      list: (...asked) => live().operations.list(...asked),
      invoke: (...asked) => live().operations.invoke(...asked),
      executions: (...asked) => live().operations.executions(...asked),
      recent: (...asked) => live().operations.recent(...asked),
      execution: (...asked) => live().operations.execution(...asked),
      control: (...asked) => live().operations.control(...asked),
    },
  };
}
