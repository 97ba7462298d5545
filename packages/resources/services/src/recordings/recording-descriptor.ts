import type { BulkDataDescriptor } from '@medkit/contract';
import type { Fault, FaultRecording, FileSource, JsonObject } from '@medkit/core';
import { isoMilliseconds } from '../faults/fault-times.ts';

/** What a fault manager calls the formats, and their media types; other words, in other letters, are no format. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['mcap', 'application/x-mcap'],
  ['sqlite3', 'application/x-sqlite3'],
  ['db3', 'application/x-sqlite3'],
]);

export const mediaTypeOf = (format: string): string => MEDIA_TYPES.get(format) ?? 'application/octet-stream';

/**
 * A recording as clients see it.
 *
 * @param faults those of its faults that the client may know of
 * @param files all its files, the first of which is what a download gives; none where they cannot be looked at
 * @param summary what is in it, where it says
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

/** When it was made; where nobody noted that, when the first of its faults came. */
function createdAt({ createdAtNs }: FaultRecording, faults: readonly Fault[]): bigint {
  if (createdAtNs > 0n) return createdAtNs;
  return faults.reduce<bigint>(
    (earliest, { firstOccurredNs }) => (earliest === 0n || firstOccurredNs < earliest ? firstOccurredNs : earliest),
    0n,
  );
}
