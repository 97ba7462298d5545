import type { Datagrams } from '@medkit/edges';
import { systemClock, systemWritableFiles } from '@medkit/edges/node';
import { type RecordingOptions, recordedDatagrams } from '@medkit/rtps';

/**
 * The datagrams, recorded to a file where that is asked for. What there is to say about a recording goes to standard error,
 * which reaches the operator from any thread. Throws where the file cannot be made.
 */
export async function recordedWhereAsked(
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
