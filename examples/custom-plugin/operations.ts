import { SovdError } from '@medkit/contract';
import type { PluginParts } from '@medkit/plugin';
import type { Plc } from './plc.ts';

type Operations = NonNullable<NonNullable<PluginParts['providers']>['operations']>;

/** The single operation of the station. It is complete when it is answered, so it has no executions. */
export function operationsOf(plc: Plc, tankL: number): Operations {
  const none = (): never => {
    throw new SovdError({ code: 'resource-not-found', message: 'A refill has no executions' });
  };
  return {
    list: async () => [{ id: 'refill', name: 'Refill the tank', asynchronous: false }],
    invoke: async (_station, operation) => {
      if (operation !== 'refill') throw new SovdError({ code: 'operation-not-found' });
      plc.refill(tankL);
      return { answer: { level_l: tankL } };
    },
    executions: async () => [],
    execution: async () => none(),
    control: async () => none(),
  };
}
