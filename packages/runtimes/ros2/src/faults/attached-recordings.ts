import { basename } from 'node:path';
import { SovdError } from '@medkit/contract';
import {
  type CallContext,
  FAULT_STATUSES,
  type FaultProvider,
  type FaultRecording,
  type RecordingSource,
} from '@medkit/core';
import type { Files } from '@medkit/edges';
import { recordingFiles } from '@medkit/faults';
import type { RosMessage } from '@medkit/ros2';
import { type Ask, CONCURRENT_CALLS } from './ask-manager.ts';

/** A recording with the path that its manager reports: a folder or file on this machine, if the gateway can read it. */
interface PlacedRecording extends FaultRecording {
  readonly path: string;
}

/** The recordings of the robot's fault manager. */
export function attachedRecordings({
  list,
  listRosbags,
  getRosbag,
  files: disk,
}: Readonly<Record<'list' | 'listRosbags' | 'getRosbag', Ask>> & { readonly files: Files }): Pick<
  FaultProvider,
  'recordings' | 'recording'
> {
  /** Returns the sources that ever reported a fault: an area has hundreds of nodes, of which few ever did. */
  const reporters = async (sources: readonly string[], call: CallContext): Promise<readonly string[]> => {
    const { faults } = await list({ statuses: FAULT_STATUSES, include_muted: true }, call);
    const reported = new Set(
      (faults as readonly RosMessage[]).flatMap((fault) => fault.reporting_sources as readonly string[]),
    );
    return [...new Set(sources)].filter((source) => reported.has(source));
  };
  const listed = async (source: string, call: CallContext): Promise<readonly PlacedRecording[]> => {
    const answer = await listRosbags({ entity_fqn: source }, call);
    if (answer.success !== true) throw refused(String(answer.error_message));
    return rowsOf(answer);
  };
  const opened = ({ path, ...recording }: PlacedRecording): RecordingSource => ({
    ...recording,
    files: () => recordingFiles(path, disk),
  });
  return {
    recordings: async (_, sources, call) => {
      const queried = await reporters(sources, call);
      const rows: PlacedRecording[] = [];
      for (let start = 0; start < queried.length; start += CONCURRENT_CALLS) {
        const some = queried.slice(start, start + CONCURRENT_CALLS);
        rows.push(...(await Promise.all(some.map((source) => listed(source, call)))).flat());
      }
      return newestFirst(rows).map(opened);
    },
    recording: async (_, idOrCode, call) => {
      // If no recording has that id, the manager uses the code.
      const answer = await getRosbag({ recording_id: idOrCode, fault_code: idOrCode }, call);
      const recording = answer.success === true ? recordingOf(answer) : undefined;
      return recording && opened(recording);
    },
  };
}

/** Parses the response of `GetRosbag`. It has no creation time, but the id ends with it. */
function recordingOf(answer: RosMessage): PlacedRecording | undefined {
  const path = String(answer.file_path);
  const id = idOf(answer.recording_id, path);
  if (id === '') return undefined;
  const [milliseconds = '0'] = /\d{10,15}$/.exec(id) ?? [];
  return {
    kind: 'recording',
    id,
    faultCodes: (answer.fault_codes as readonly string[]).map(String).sort(),
    path,
    format: String(answer.format),
    octets: Number(answer.size_bytes),
    durationMs: Number(answer.duration_sec) * 1000,
    createdAtNs: BigInt(milliseconds) * 1_000_000n,
  };
}

/** Returns the recording's id, or the name of its folder; empty if it has neither. */
function idOf(id: unknown, path: string): string {
  return String(id) || basename(path);
}

const COLUMNS = [
  'fault_codes',
  'recording_ids',
  'file_paths',
  'formats',
  'durations_sec',
  'sizes_bytes',
  'created_at_ns',
];

/**
 * Parses the response of `ListRosbags`, whose rows are spread over parallel lists: one row per fault of a recording.
 */
function rowsOf(answer: RosMessage): readonly PlacedRecording[] {
  const [codes = [], ids = [], paths = [], formats = [], durations = [], sizes = [], times = []] = COLUMNS.map(
    (column) => [...(answer[column] as Iterable<string | number | bigint>)],
  );
  const lengths = [codes, ids, paths, formats, durations, sizes, times].map(({ length }) => length);
  if (new Set(lengths).size > 1) {
    throw refused(`the lists in its response have different lengths: ${lengths.join(', ')}`);
  }
  return codes.flatMap((code, row): PlacedRecording[] => {
    const path = String(paths[row]);
    const id = idOf(ids[row], path);
    if (id === '') return [];
    return [
      {
        kind: 'recording',
        id,
        faultCodes: [String(code)],
        path,
        format: String(formats[row]),
        octets: Number(sizes[row]),
        durationMs: Number(durations[row]) * 1000,
        createdAtNs: BigInt(times[row] ?? 0),
      },
    ];
  });
}

/** Returns each recording once, with all its faults. */
function newestFirst(rows: readonly PlacedRecording[]): readonly PlacedRecording[] {
  const byId = Map.groupBy(rows, ({ id }) => id);
  const recordings = [...byId.values()].map((links): PlacedRecording => {
    const [first] = links as [PlacedRecording, ...PlacedRecording[]];
    return { ...first, faultCodes: [...new Set(links.flatMap(({ faultCodes }) => faultCodes))].sort() };
  });
  return recordings.sort((a, b) => Number(b.createdAtNs - a.createdAtNs) || (a.id < b.id ? -1 : 1));
}

function refused(reason: string): SovdError {
  return new SovdError({
    code: 'service-unavailable',
    message: `The fault manager did not list recordings: ${reason}`,
  });
}
