import type { FaultDetailResult, FaultEvidence, IncidentRecording, RosbagSnapshot } from '@medkit/contract';
import { LOCAL } from '@medkit/core';
import type { Cause, Occurrence } from '../occurrence/occurrence.ts';
import { crossingOf } from './crossing.ts';
import { measurementsOf } from './measurements.ts';

type Known = Pick<Occurrence, 'recordings' | 'blocksMotion' | 'crossing' | 'clusterId'> & { readonly cause?: Cause };

/** Returns the facts about an occurrence that only the detail of its fault has. */
export function evidenceOf(detail: FaultDetailResult, occurrence: Occurrence): Known {
  const { origin, number } = occurrence;
  const crossings = measurementsOf(detail, number).flatMap(({ blocksMotion, ...measured }) => {
    const crossing = crossingOf(measured);
    return crossing ? [{ crossing, blocksMotion }] : [];
  });
  // The current explanation of a fault does not apply to its earlier occurrences.
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

/** Returns whether this is the current or latest occurrence of the fault. */
function isPresent(detail: FaultDetailResult, { number }: Occurrence): boolean {
  return (detail['x-medkit']?.occurrence_count ?? number) === number;
}

function recordingsOf(detail: FaultDetailResult, occurrence: Occurrence): readonly IncidentRecording[] {
  const { origin, code } = occurrence;
  const isOfOccurrence = (recording: RosbagSnapshot): boolean =>
    (recording['x-medkit']?.earlier_occurrence !== true) === isPresent(detail, occurrence);
  return (detail.environment_data.snapshots ?? [])
    .filter((snapshot) => isRecording(snapshot))
    .filter(isOfOccurrence)
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
