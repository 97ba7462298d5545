import { LifecycleError, type LifecycleProvider } from '@medkit/core';
import type { Plc } from '../plc/plc.ts';
import { entityOf } from './entity-lookup.ts';

/** The connection to a PLC as the status of its component and apps. A PLC cannot be started or stopped through it. */
export function plcLifecycle(plcs: readonly Plc[]): LifecycleProvider {
  const plcOf = (id: string): Plc | undefined =>
    entityOf(plcs, id)?.plc ?? plcs.find(({ component }) => component.id === id);
  return {
    status: async (id) => {
      const plc = plcOf(id);
      if (!plc) return undefined;
      const { isConnected: connected, problem } = plc;
      return {
        status: connected ? 'ready' : 'notReady',
        state: connected ? 'connected' : 'disconnected',
        actions: [],
        terms: { opcua: { endpoint_url: plc.options.endpointUrl, ...(problem !== undefined && { problem }) } },
        ...(problem !== undefined && { warnings: [problem] }),
      };
    },
    change: async (id, action) => {
      throw new LifecycleError({
        failure: 'unsupported',
        message: `${id} belongs to a PLC, which medkit cannot ${action}`,
      });
    },
  };
}
