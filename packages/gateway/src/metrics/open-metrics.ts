import type { HealthStatus } from '@medkit/contract';
import type { Log, Model } from '@medkit/core';
import type { Clock, Files } from '@medkit/edges';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config/index.ts';
import { metricValues } from '../config/metric-values.ts';
import { sampled } from '../health/sampled.ts';
import { putPage } from '../http/chain.ts';
import { sendFileText } from '../http/send-fresh.ts';
import { eventCounts } from './event-counts.ts';
import { type Exposed, openExposition } from './exposition.ts';
import { FAMILIES } from './families/index.ts';
import { valueFamilies } from './families/topic-families.ts';
import { faultTransitions } from './fault-transitions.ts';
import { processMeter } from './process-figures.ts';
import { RequestMetrics } from './request-metrics.ts';
import { formatFor } from './text-format.ts';
import { openTopicMeters } from './topics/topic-meters.ts';

/** Path that Prometheus requests by default. */
export const METRICS_PATH = '/metrics';

/** The open file descriptors of this process, on Linux. */
const OPEN_FILES = '/proc/self/fd';

export interface MetricsOptions {
  readonly config: GatewayConfig['metrics'];
  readonly model: Pick<Model, 'events' | 'originOf' | 'provider' | 'tree'>;
  readonly clock: Clock;
  readonly files: Pick<Files, 'freeBytes' | 'list'>;
  readonly log: Log;
  readonly dataFolder: string;
  /** Returns the body of `GET /health`. */
  readonly health: () => Promise<HealthStatus>;
}

/** Reads all families. A figure of an interval, such as the delay of the event loop, begins at the last reading. */
export interface MetricsReader {
  read(): Promise<readonly Exposed[]>;
  close(): void;
}

/** The metrics of a gateway. */
export interface GatewayMetrics {
  /** Measures the requests of the server. */
  readonly requests: RequestMetrics;
  /** Adds `GET /metrics`. */
  readonly routes: (app: FastifyInstance) => void;
  /** Opens a further reader of the metrics. */
  reader(): MetricsReader;
  close(): Promise<void>;
}

/** Begins to measure, until it is closed. Loaded only if metrics are enabled. */
export function openMetrics({ config, model, clock, files, log, dataFolder, health }: MetricsOptions): GatewayMetrics {
  const requests = new RequestMetrics();
  const transitions = faultTransitions(model);
  const events = eventCounts(model);
  const values = metricValues(config.values);
  const topics =
    values.length > 0 || config.topics.length > 0 || config.diagnostics
      ? openTopicMeters({
          model,
          clock,
          log,
          values,
          topics: config.topics,
          maxAgeMs: config.value_max_age_sec * 1000,
          diagnostics: config.diagnostics,
        })
      : undefined;
  const families = [...FAMILIES, ...valueFamilies(values)];
  const freeBytes = sampled(clock, () => unlessFailed(files.freeBytes(dataFolder)));
  const openFiles = sampled(clock, () =>
    unlessFailed(files.list(OPEN_FILES).then(({ length }) => length || undefined)),
  );
  const readers = new Set<MetricsReader>();
  const openReader = (): MetricsReader => {
    const meter = processMeter();
    const exposition = openExposition(families);
    const reader: MetricsReader = {
      read: async () =>
        exposition.read({
          health: await health(),
          tree: model.tree,
          requests,
          transitions,
          events,
          topics: topics?.figures,
          process: meter.read(),
          openFiles: await openFiles(),
          freeBytes: await freeBytes(),
        }),
      close: () => {
        readers.delete(reader);
        meter.close();
      },
    };
    readers.add(reader);
    return reader;
  };
  return {
    requests,
    routes: (app) => {
      const reader = openReader();
      putPage(app, METRICS_PATH, 'metrics', async (request, reply) => {
        const format = formatFor(request.headers.accept);
        const exposed = await reader.read();
        reply.header('Cache-Control', 'no-store').header('Vary', 'Accept');
        return sendFileText(request, reply, format.contentType, format.encode(exposed));
      });
    },
    reader: openReader,
    close: async () => {
      for (const reader of readers) reader.close();
      transitions.close();
      events.close();
      await topics?.close();
    },
  };
}

/** Returns `undefined` for a figure that the system does not report. */
function unlessFailed<T>(pending: Promise<T>): Promise<T | undefined> {
  return pending.catch(() => undefined);
}
