import { counter, type Family, gauge, single, type Unit } from '../family.ts';
import type { MetricsSource } from '../metrics-source.ts';
import type { ProcessFigures } from '../process-figures.ts';

/** This process, under the names that other exporters use. */
export const PROCESS_FAMILIES: readonly Family<MetricsSource>[] = [
  counter({
    name: 'process_cpu_seconds',
    unit: 'seconds',
    help: 'CPU time of the process, user and system.',
    labels: [],
    maxSeries: 1,
    read: ({ process }) => single(process.cpuSeconds),
  }),
  figure('process_resident_memory_bytes', 'bytes', 'Resident memory of the process.', 'residentBytes'),
  gauge({
    name: 'process_open_fds',
    help: 'Open file descriptors of the process, at most 30 s old.',
    labels: [],
    maxSeries: 1,
    read: ({ openFiles }) => single(openFiles),
  }),
  figure('process_start_time_seconds', 'seconds', 'Start of the process since 1970.', 'startSeconds'),
  figure('nodejs_heap_size_used_bytes', 'bytes', 'Used heap of the main thread.', 'heapUsedBytes'),
  figure('nodejs_heap_size_total_bytes', 'bytes', 'Heap of the main thread.', 'heapTotalBytes'),
  figure('nodejs_external_memory_bytes', 'bytes', 'Memory of objects outside the heap.', 'externalBytes'),
  figure(
    'nodejs_eventloop_utilization',
    undefined,
    'Share of the time in which the event loop of the main thread was busy since the last scrape, 0 to 1.',
    'loopUtilization',
  ),
  figure(
    'nodejs_eventloop_lag_p99_seconds',
    'seconds',
    '99th percentile of the delay of the event loop of the main thread since the last scrape.',
    'loopLagSeconds',
  ),
];

function figure(
  name: string,
  unit: Unit | undefined,
  help: string,
  member: Exclude<keyof ProcessFigures, 'nodeVersion'>,
): Family<MetricsSource> {
  const read = ({ process }: MetricsSource) => single(process[member]);
  return gauge({ name, ...(unit && { unit }), help, labels: [], maxSeries: 1, read });
}
