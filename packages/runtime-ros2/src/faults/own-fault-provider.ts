import { SovdError } from '@medkit/contract';
import type { ExplainedFault, Fault, FaultProvider } from '@medkit/core';
import { StoreError } from '@medkit/store';
import type { OpenFaultManager } from './open-fault-manager.ts';

/** The faults of medkit's own fault manager. */
export function ownFaultProvider({
  manager,
  correlation,
}: Pick<OpenFaultManager, 'manager' | 'correlation'>): FaultProvider {
  const explained = (fault: Fault): ExplainedFault => ({
    fault,
    thresholds: fault.sources.map((source) => {
      const { band, prefix } = manager.thresholdsOf(source);
      return { source, ...band, ...(prefix !== undefined && { override: prefix }) };
    }),
  });
  return {
    list: async (_, query) => {
      const { faults, muted, clusters } = manager.list(query);
      return { faults: faults.map(explained), muted, clusters };
    },
    get: async (_, code) => {
      const fault = manager.get(code);
      if (fault === undefined) return undefined;
      const muted = correlation.mutedSymptoms().find(({ faultCode }) => faultCode === code);
      const cluster = correlation.clusters().find(({ faultCodes }) => faultCodes.includes(code));
      return { ...explained(fault), ...(muted && { muted }), ...(cluster && { cluster }), snapshots: [] };
    },
    clear: (_, code, options) => stored(async () => (await manager.clear(code, options)).cleared),
    eventsAfter: (_, id, limit) => stored(() => manager.eventsAfter(id, limit)),
  };
}

/** What `work` gives; where the store fails it, why, as it is fit to be shown. */
async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) throw new SovdError({ code: 'service-unavailable', message: error.message });
    throw error;
  }
}
