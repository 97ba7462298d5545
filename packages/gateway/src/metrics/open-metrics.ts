import type { HealthStatus } from '@medkit/contract';
import type { Model } from '@medkit/core';
import type { Clock, Files } from '@medkit/edges';
import type { FastifyInstance } from 'fastify';
import { sampled } from '../health/sampled.ts';
import { putPage } from '../http/chain.ts';
import { sendFileText } from '../http/send-fresh.ts';
import { openExposition } from './exposition.ts';
import { FAMILIES } from './families/index.ts';
import { faultTransitions } from './fault-transitions.ts';
import { processMeter } from './process-figures.ts';
import { RequestMetrics } from './request-metrics.ts';
import { formatFor } from './text-format.ts';

/** Path that Prometheus requests by default. */
export const METRICS_PATH = '/metrics';

/** The open file descriptors of this process, on Linux. */
const OPEN_FILES = '/proc/self/fd';

export interface MetricsOptions {
  readonly model: Pick<Model, 'events' | 'tree'>;
  readonly clock: Clock;
  readonly files: Pick<Files, 'freeBytes' | 'list'>;
  readonly dataFolder: string;
  /** Returns the body of `GET /health`. */
  readonly health: () => Promise<HealthStatus>;
}

/** The metrics of a gateway. */
export interface GatewayMetrics {
  /** Measures the requests of the server. */
  readonly requests: RequestMetrics;
  /** Adds `GET /metrics`. */
  readonly routes: (app: FastifyInstance) => void;
  close(): void;
}

/** Begins to measure, until it is closed. Loaded only if metrics are enabled. */
export function openMetrics({ model, clock, files, dataFolder, health }: MetricsOptions): GatewayMetrics {
  const requests = new RequestMetrics();
  const transitions = faultTransitions(model);
  const meter = processMeter();
  const exposition = openExposition(FAMILIES);
  const freeBytes = sampled(clock, () => unlessFailed(files.freeBytes(dataFolder)));
  const openFiles = sampled(clock, () =>
    unlessFailed(files.list(OPEN_FILES).then(({ length }) => length || undefined)),
  );
  return {
    requests,
    routes: (app) =>
      putPage(app, METRICS_PATH, 'metrics', async (request, reply) => {
        const format = formatFor(request.headers.accept);
        const source = {
          health: await health(),
          tree: model.tree,
          requests,
          transitions,
          process: meter.read(),
          openFiles: await openFiles(),
          freeBytes: await freeBytes(),
        };
        reply.header('Cache-Control', 'no-store').header('Vary', 'Accept');
        return sendFileText(request, reply, format.contentType, format.encode(exposition.read(source)));
      }),
    close: () => {
      meter.close();
      transitions.close();
    },
  };
}

/** Returns `undefined` for a figure that the system does not report. */
function unlessFailed<T>(pending: Promise<T>): Promise<T | undefined> {
  return pending.catch(() => undefined);
}
