import { FAULT_SEVERITIES } from '@medkit/contract';
import { FAULT_STATUSES } from '@medkit/core';
import { byLabel, counter, type Family, gauge, type Series, single, type Unit } from '../family.ts';
import { TRANSITIONS } from '../fault-transitions.ts';
import { entriesAt, figureAt, figuresAt, type MetricsSource } from '../metrics-source.ts';

const FAULTS = 'x-medkit-faults';
const SEVERITIES = FAULT_SEVERITIES.names.length;

/** Faults of the fault manager of this gateway, incidents, their evidence and its storage. */
export const FAULT_FAMILIES: readonly Family<MetricsSource>[] = [
  gauge({
    name: 'medkit_faults',
    help: 'Faults of this gateway by status and severity.',
    labels: ['status', 'severity'],
    maxSeries: FAULT_STATUSES.length * SEVERITIES,
    read: ({ health }) =>
      entriesAt(health, FAULTS, 'by_severity').flatMap(([severity]) =>
        figuresAt(health, FAULTS, 'by_severity', severity).map(([status, value]) => ({
          labels: { status: status.toLowerCase(), severity },
          value,
        })),
      ),
  }),
  counter({
    name: 'medkit_fault_transitions',
    help: 'Events of the faults of this gateway, by the state that they lead to and by severity.',
    labels: ['to', 'severity'],
    maxSeries: TRANSITIONS.length * SEVERITIES,
    read: ({ transitions }) =>
      Array.from(transitions.counts.values(), ({ to, severity, count }) => ({
        labels: { to, severity },
        value: count,
      })),
  }),
  total('medkit_fault_near_misses', 'Reports of failures that did not confirm their fault.', 'near_misses_total'),
  counter({
    name: 'medkit_fault_reports',
    help: 'Reports of faults to the fault manager of medkit: accepted, ignored (accepted without effect), rejected, failed (not stored).',
    labels: ['outcome'],
    maxSeries: 4,
    read: ({ health }) =>
      byLabel(
        'outcome',
        ['accepted', 'ignored', 'rejected', 'failed'].map((outcome) => [
          outcome,
          figureAt(health, FAULTS, `reports_${outcome}_total`),
        ]),
      ),
  }),
  scalar('medkit_incidents_open', undefined, 'Incidents that are not closed.', 'x-medkit-incidents', 'open'),
  total(
    'medkit_fault_reports_refused',
    'Reports of faults that were refused because too many are active.',
    'room',
    'refused_total',
  ),
  scalar(
    'medkit_capture_queue_depth',
    undefined,
    'Faults that wait for the capture of their snapshots.',
    FAULTS,
    'captures',
    'waiting',
  ),
  total(
    'medkit_capture_dropped',
    'Faults without snapshots because the capture queue was full.',
    'captures',
    'dropped_total',
  ),
  scalar('medkit_recordings', undefined, 'Stored recordings of faults.', FAULTS, 'recordings', 'count'),
  total('medkit_recordings_lost', 'Recordings of faults that could not be written.', 'recordings', 'lost_total'),
  scalar(
    'medkit_blackbox_topics',
    undefined,
    'Topics in the ring buffer of the recorder.',
    FAULTS,
    'recordings',
    'topics',
  ),
  scalar(
    'medkit_blackbox_buffer_bytes',
    'bytes',
    'Size of the ring buffer of the recorder.',
    FAULTS,
    'recordings',
    'buffer_bytes',
  ),
  counter({
    name: 'medkit_blackbox_dropped',
    help: 'Samples that are not in the ring buffer: crowded_out by newer ones of other topics, or too_large.',
    labels: ['reason'],
    maxSeries: 2,
    read: ({ health }) =>
      byLabel(
        'reason',
        ['crowded_out', 'too_large'].map((reason) => [
          reason,
          figureAt(health, FAULTS, 'recordings', `${reason}_samples_total`),
        ]),
      ),
  }),
  gauge({
    name: 'medkit_store_size_bytes',
    unit: 'bytes',
    help: 'Size of a store on disk, at most 30 s old: faults (with its write-ahead log), audit, recordings.',
    labels: ['store'],
    maxSeries: 3,
    read: ({ health }): readonly Series<'store'>[] => {
      const database = figureAt(health, FAULTS, 'store', 'database_bytes');
      const log = figureAt(health, FAULTS, 'store', 'log_bytes') ?? 0;
      return byLabel('store', [
        ['faults', database === undefined ? undefined : database + log],
        ['audit', figureAt(health, FAULTS, 'audit', 'database_bytes')],
        ['recordings', figureAt(health, FAULTS, 'recordings', 'bytes')],
      ]);
    },
  }),
  total('medkit_store_thread_ends', 'Threads of the fault store that ended and were replaced.', 'store', 'ends_total'),
  gauge({
    name: 'medkit_disk_full',
    help: 'Whether the disk of the fault store is full: faults are stored, evidence is not.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => {
      const full = entriesAt(health, FAULTS, 'disk').find(([name]) => name === 'full')?.[1];
      return single(typeof full === 'boolean' ? Number(full) : undefined);
    },
  }),
  gauge({
    name: 'medkit_disk_free_bytes',
    unit: 'bytes',
    help: 'Free space on the disk of the data folder, at most 30 s old.',
    labels: [],
    maxSeries: 1,
    read: ({ freeBytes }) => single(freeBytes),
  }),
];

function scalar(name: string, unit: Unit | undefined, help: string, ...path: readonly string[]): Family<MetricsSource> {
  const read = ({ health }: MetricsSource) => single(figureAt(health, ...path));
  return gauge({ name, ...(unit && { unit }), help, labels: [], maxSeries: 1, read });
}

function total(name: string, help: string, ...path: readonly string[]): Family<MetricsSource> {
  const read = ({ health }: MetricsSource) => single(figureAt(health, FAULTS, ...path));
  return counter({ name, help, labels: [], maxSeries: 1, read });
}
