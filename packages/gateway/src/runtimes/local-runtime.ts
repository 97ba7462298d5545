import { LOCAL_RUNTIME, type LogBuffers, type LogFigures, mergeBlocks, quotaBlock, type Runtime } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FaultManagerMode, LocalFaults } from '@medkit/faults';
import type { GatewayLog } from '../logs/gateway-log.ts';

/** Logger name of the gateway's lines: the name of its node in a graph. */
const GATEWAY_LOGGER = 'medkit_gateway';

const SEVERITIES = { info: 'info', warn: 'warning', error: 'error' } as const;

const NO_ENTITIES = { runtime: LOCAL_RUNTIME, priority: 0, areas: [], components: [], apps: [], functions: [] };

export interface LocalRuntimeOptions {
  /** Absent: no faults are served. */
  readonly faults?: { readonly host: LocalFaults; readonly mode: FaultManagerMode };
  /** The log buffers of all runtimes. */
  readonly logs: Pick<LogBuffers, 'figures' | 'loggers'>;
  /** Absent if a graph has the gateway's lines, which its node publishes. */
  readonly gatewayLog?: Pick<GatewayLog, 'onLine'>;
  readonly clock: Clock;
}

/**
 * The gateway itself as a runtime: it has no entities, and stores the faults of entities of other runtimes. Its log
 * contains notes about entities whose runtime has no log and, without a graph, the gateway's own lines from the start
 * on.
 */
export function localRuntime({ faults, logs, gatewayLog, clock }: LocalRuntimeOptions): Runtime {
  let stopListening: () => void = () => undefined;
  return {
    name: LOCAL_RUNTIME,
    providers: { ...(faults && { faults: faults.host.provider }) },
    records: { isEntity: () => false },
    start: async ({ faultChanged, record }) => {
      if (gatewayLog) {
        stopListening = gatewayLog.onLine((level, message, traceparent) =>
          record({
            timestampNs: clock.wallNs(),
            severity: SEVERITIES[level],
            logger: GATEWAY_LOGGER,
            message,
            ...(traceparent !== undefined && { traceparent }),
          }),
        );
      }
      faults?.host.start(faultChanged);
      if (faults?.mode === 'own') void faults.host.own();
    },
    stop: async () => {
      stopListening();
      await faults?.host.close();
    },
    contribution: () => NO_ENTITIES,
    health: async () => {
      const { warnings, blocks } = (await faults?.host.health()) ?? { warnings: [], blocks: {} };
      const counts = { warnings: [], blocks: quotaBlock({ loggers: { figures: () => logs.loggers() } }) };
      return {
        warnings,
        blocks: { ...mergeBlocks([{ blocks }, counts]), 'x-medkit-logs': figuresOf(logs.figures()) },
      };
    },
  };
}

function figuresOf({ entries, loggers, octets, added, refused, truncated, evicted }: LogFigures) {
  return {
    entries,
    loggers,
    octets,
    kept_total: added,
    refused_total: refused,
    truncated_total: truncated,
    evicted_total: evicted,
  };
}
