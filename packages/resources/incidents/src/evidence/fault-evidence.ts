import type { FaultDetailResult, FaultEvidence, IncidentRecording, RosbagSnapshot } from '@medkit/contract';
import { LOCAL } from '@medkit/core';
import type { Cause, Occurrence } from '../occurrence/occurrence.ts';
import { crossingOf } from './crossing.ts';
import { measurementsOf } from './measurements.ts';

type Known = Pick<Occurrence, 'recordings' | 'blocksMotion' | 'crossing' | 'clusterId'> & { readonly cause?: Cause };

/** What the detail of a fault tells of one occurrence of it besides what lists have. */
export function evidenceOf(detail: FaultDetailResult, occurrence: Occurrence): Known {
  const { origin, number } = occurrence;
  const crossings = measurementsOf(detail, number).flatMap(({ blocksMotion, ...measured }) => {
    const crossing = crossingOf(measured);
    return crossing ? [{ crossing, blocksMotion }] : [];
  });
  // What explains the fault now does not explain how it came before.
  const about = isPresent(detail, occurrence) ? detail['x-medkit'] : undefined;
  const cause = about?.symptom_of ?? about?.muted;
  return {
    recordings: recordingsOf(detail, occurrence),
    ...(crossings[0] && { crossing: crossings[0].crossing }),
    ...(crossings.some(({ blocksMotion }) => blocksMotion) && { blocksMotion: true }),
    ...(about?.cluster && { clusterId: about.cluster.cluster_id }),
    ...(cause && {
      cause: { origin: cause.root_cause_origin ?? origin, code: cause.root_cause_code, ruleId: cause.rule_id },
    }),
  };
}

/** Whether it is the occurrence in which the fault is, or was the last time. */
function isPresent(detail: FaultDetailResult, { number }: Occurrence): boolean {
  return (detail['x-medkit']?.occurrence_count ?? number) === number;
}

function recordingsOf(detail: FaultDetailResult, occurrence: Occurrence): readonly IncidentRecording[] {
  const { origin, code } = occurrence;
  const isOwn = (recording: RosbagSnapshot): boolean =>
    (recording['x-medkit']?.earlier_occurrence !== true) === isPresent(detail, occurrence);
  return (detail.environment_data.snapshots ?? [])
    .filter((snapshot) => isRecording(snapshot))
    .filter(isOwn)
    .map(({ bulk_data_uri, size_bytes, format }) => ({
      id: bulk_data_uri.slice(bulk_data_uri.lastIndexOf('/') + 1),
      fault_code: code,
      href: bulk_data_uri,
      size_bytes,
      format,
      ...(origin !== LOCAL && { origin }),
    }));
}

const isRecording = (evidence: FaultEvidence): evidence is RosbagSnapshot =>
  'type' in evidence && evidence.type === 'rosbag' && 'bulk_data_uri' in evidence;
