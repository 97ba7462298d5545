import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** Figures of this process. */
export interface ProcessFigures {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly externalBytes: number;
  /** Seconds since 1970. */
  readonly startSeconds: number;
  /** Share of the time in which the event loop did not wait, since the last figures: 0 to 1. */
  readonly loopUtilization: number;
  /** 99th percentile of the delay of a timer since the last figures, beyond its interval. */
  readonly loopLagSeconds: number;
  readonly nodeVersion: string;
}

/** Interval of the measurement of delays: a finer one costs CPU time. */
const RESOLUTION_MS = 20;

/** Measures this process until it is closed. */
export interface ProcessMeter {
  /** Returns the figures; those of the event loop since the last call. */
  read(): ProcessFigures;
  close(): void;
}

/**
 * Begins to measure this process. The delay of the event loop is measured all the time by Node: a timer that is started
 * at a scrape would measure the scrape.
 */
export function processMeter(): ProcessMeter {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let before = performance.eventLoopUtilization();
  return {
    read: () => {
      const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      const lagSeconds = delays.count === 0 ? 0 : Math.max(0, delays.percentile(99) / 1e9 - RESOLUTION_MS / 1000);
      delays.reset();
      return {
        cpuSeconds: (user + system) / 1e6,
        residentBytes: rss,
        heapUsedBytes: heapUsed,
        heapTotalBytes: heapTotal,
        externalBytes: external,
        startSeconds: performance.timeOrigin / 1000,
        loopUtilization: utilization,
        loopLagSeconds: lagSeconds,
        nodeVersion: process.version,
      };
    },
    close: () => void delays.disable(),
  };
}
