import { type App, LOCAL, type Log, loggerPath, type Model, type RuntimeHealth, type Warning } from '@medkit/core';
import type { Clock, HttpClient, Random } from '@medkit/edges';
import { BatchForwarder, type ForwarderState } from './batch-forwarder.ts';
import type { LogSink } from './log-sink.ts';

/** Maximum delay of the gateway's shutdown for queued entries. */
const CLOSE_TIMEOUT_MS = 2000;

export interface LogSinksOptions {
  readonly model: Pick<Model, 'events'>;
  readonly sinks: readonly LogSink[];
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** All configured log sinks. */
export interface LogSinks {
  /** Block `x-medkit-log-sinks` with the state of each sink, and a warning for each unreachable sink. */
  health(): RuntimeHealth;
  /** Sends queued entries, for a bounded time. */
  close(): Promise<void>;
}

/** Forwards every log entry that a runtime records from now on. */
export function openLogSinks({ model, sinks, ...edges }: LogSinksOptions): LogSinks {
  const forwarders = sinks.map((sink) => new BatchForwarder({ sink, ...edges }));
  const stops = forwarders.map((forwarder) => model.events.on('log.added', ({ entry }) => forwarder.offer(entry)));
  return {
    health: () => {
      const states = forwarders.map((forwarder) => [forwarder.name, forwarder.state()] as const);
      const warnings = states.filter(([, { state }]) => state === 'retrying').map(warningOf);
      const blocks: RuntimeHealth['blocks'] =
        states.length > 0 ? { 'x-medkit-log-sinks': Object.fromEntries(states) } : {};
      return { warnings, blocks };
    },
    close: async () => {
      for (const stop of stops) stop();
      await Promise.all(forwarders.map((forwarder) => forwarder.close(CLOSE_TIMEOUT_MS)));
    },
  };
}

function warningOf([name, { origin, queued, last_error }]: readonly [string, ForwarderState]): Warning {
  return {
    code: 'log_sink_unreachable',
    message: `Logs are not forwarded to ${name} at ${origin}, ${queued} entries are queued: ${last_error}`,
  };
}

/**
 * Returns the id of the local app that logs under a name or a parent of it (child loggers), or the name itself if there
 * is none.
 */
export function entityOfLogger(model: Pick<Model, 'tree'>, logger: string): string {
  return appOfLogger(model, logger)?.id ?? logger;
}

/** Returns the local app that logs under a name or a parent of it, if any. */
export function appOfLogger({ tree }: Pick<Model, 'tree'>, logger: string): App | undefined {
  const path = loggerPath(logger);
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const app = tree.resolve('app', path.slice(0, end));
    if (app && (app.origin ?? LOCAL) === LOCAL) return app;
  }
  return undefined;
}
