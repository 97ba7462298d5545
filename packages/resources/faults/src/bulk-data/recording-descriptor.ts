import type { BulkDataDescriptor } from '@medkit/contract';
import type { Fault, FaultRecording, FileSource, JsonObject } from '@medkit/core';
import { isoMilliseconds } from '../service/fault-times.ts';

/** Recording formats of fault managers and their media types, matched exactly. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['mcap', 'application/x-mcap'],
  ['sqlite3', 'application/x-sqlite3'],
  ['db3', 'application/x-sqlite3'],
]);

export const mediaTypeOf = (format: string): string => MEDIA_TYPES.get(format) ?? 'application/octet-stream';

/**
 * Converts a recording to the form that the API returns.
 * @param faults the faults of the recording that the client may see
 * @param files all files of the recording, of which a download returns the first; empty if they cannot be read
 * @param summary a summary of the contents, if available
 */
export function recordingDescriptor(
  recording: FaultRecording,
  faults: readonly Fault[],
  { files, summary }: { readonly files: readonly FileSource[]; readonly summary?: JsonObject | undefined },
): BulkDataDescriptor {
  const { id } = recording;
  const mimetype = mediaTypeOf(recording.format);
  const date = isoMilliseconds(createdAt(recording, faults));
  return {
    id,
    name: `${id} recording ${date}`,
    mimetype,
    size: files[0]?.size ?? recording.octets,
    creation_date: date,
    'x-medkit': {
      fault_codes: [...new Set(faults.map(({ code }) => code))].sort(),
      duration_sec: recording.durationMs / 1000,
      format: recording.format,
      recording_id: id,
      ...summary,
      ...(files.length > 1 && { files: files.map(({ name, size }) => ({ id: name, size })) }),
    },
    content_type: mimetype,
    created_at: date,
  };
}

/** Returns the creation time of a recording; if it is unknown, the first occurrence of its faults. */
function createdAt({ createdAtNs }: FaultRecording, faults: readonly Fault[]): bigint {
  if (createdAtNs > 0n) return createdAtNs;
  return faults.reduce<bigint>(
    (earliest, { firstOccurredNs }) => (earliest === 0n || firstOccurredNs < earliest ? firstOccurredNs : earliest),
    0n,
  );
}
