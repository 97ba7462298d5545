import type { Datagrams } from '@medkit/edges';
import { systemClock, systemWritableFiles } from '@medkit/edges/node';
import { type RecordingOptions, recordedDatagrams } from '@medkit/rtps';

/**
 * Wraps `datagrams` in a recording if one is requested. Messages about the recording go to standard error, which
 * reaches the operator from any thread. Throws if the file cannot be created.
 */
export async function recordIfEnabled(
  datagrams: Datagrams,
  recording: RecordingOptions | undefined,
): Promise<Datagrams> {
  if (!recording) return datagrams;
  return recordedDatagrams({
    datagrams,
    clock: systemClock,
    files: systemWritableFiles,
    recording,
    report: (sentence) => void process.stderr.write(`medkit: warning: ${sentence}\n`),
  });
}
