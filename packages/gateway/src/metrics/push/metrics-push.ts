import { errorMessage, type Log, type RuntimeHealth } from '@medkit/core';
import type { Clock, HttpClient, Random, Timer } from '@medkit/edges';
import { BatchForwarder } from '@medkit/entities';
import type { OtlpTarget } from '../../otlp/otlp-target.ts';
import { sinkHealth } from '../../otlp/sink-health.ts';
import type { MetricsReader } from '../open-metrics.ts';
import { encodeMetric, otlpMetrics } from './otlp-metrics.ts';

/** Maximum delay of the gateway's shutdown for queued metrics. */
const CLOSE_TIMEOUT_MS = 2000;

export interface MetricsPushOptions {
  readonly target: OtlpTarget;
  readonly intervalMs: number;
  readonly reader: MetricsReader;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Sends the metrics of a gateway to a collector. */
export interface MetricsPush {
  /** Block `x-medkit-metrics-push` with the state of the receiver, and a warning if it is unreachable. */
  health(): RuntimeHealth;
  /** Sends queued metrics, for a bounded time. */
  close(): Promise<void>;
}

/**
 * Begins to send all metrics once per interval. Readings wait in the queue of the forwarder while the collector is
 * unreachable. Loaded only if the push is enabled.
 */
export function openMetricsPush({ target, intervalMs, reader, ...edges }: MetricsPushOptions): MetricsPush {
  const { clock, log } = edges;
  const forwarder = new BatchForwarder({ sink: otlpMetrics(target), ...edges });
  const startNs = clock.wallNs();
  let timer: Timer | undefined;
  let isClosed = false;
  const push = async (): Promise<void> => {
    try {
      const times = { startNs, timeNs: clock.wallNs() };
      for (const exposed of await reader.read()) {
        const metric = encodeMetric(exposed, times);
        if (metric !== undefined) forwarder.offer(metric);
      }
    } catch (error) {
      log('warn', `Metrics could not be read, and are not sent: ${errorMessage(error)}`);
    }
    begin();
  };
  const begin = (): void => {
    if (!isClosed) timer = clock.after(intervalMs, () => void push());
  };
  begin();
  return {
    health: () =>
      sinkHealth(forwarder, {
        block: 'x-medkit-metrics-push',
        code: 'metrics_sink_unreachable',
        subject: 'Metrics',
        entries: 'families',
      }),
    close: async () => {
      isClosed = true;
      timer?.cancel();
      reader.close();
      await forwarder.close(CLOSE_TIMEOUT_MS);
    },
  };
}
