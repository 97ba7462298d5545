import { type CatalogueRecording, faultCodeProblem, type OpenFaultManager, recordingIdProblem } from '@medkit/faults';
import type { RosMessage } from '@medkit/ros2';
import { type FaultManagerService, faultManagerService, refused, unlessStoreFails } from './fault-manager-service.ts';

/** The recording services of a fault manager; the texts are those of ros2_medkit. */
export function recordingServices({
  manager,
  recordings,
}: Pick<OpenFaultManager, 'manager' | 'recordings'>): readonly FaultManagerService[] {
  /**
   * Returns the recording with this id; if there is none or no id is given, the newest of the fault. Returns the reason
   * as text if there is no recording.
   */
  const requestedRecording = async (id: string, code: string): Promise<CatalogueRecording | string> => {
    const wrongId = id === '' ? undefined : recordingIdProblem(id);
    if (wrongId !== undefined) return wrongId;
    const named = id === '' ? undefined : await recordings.find(id);
    if (named !== undefined) return named;
    const wrongCode = faultCodeProblem(code);
    if (wrongCode !== undefined) return wrongCode;
    const [newest] = await recordings.of(code);
    if (newest !== undefined) return newest;
    return manager.get(code) ? `No rosbag recording of fault ${code}` : `Fault not found: ${code}`;
  };
  /** Returns the faults of a recording that this source reported. */
  const codesOf = ({ faultCodes }: CatalogueRecording, source: string): readonly string[] =>
    faultCodes.filter((code) => manager.get(code)?.sources.includes(source));

  return [
    faultManagerService('get_rosbag', 'GetRosbag', ({ recording_id, fault_code }) =>
      unlessStoreFails(refused, async () => {
        const found = await requestedRecording(String(recording_id), String(fault_code));
        return typeof found === 'string' ? refused(found) : { success: true, ...recordingFields(found) };
      }),
    ),
    faultManagerService('list_rosbags', 'ListRosbags', ({ entity_fqn }) =>
      unlessStoreFails(refused, async () => {
        const source = String(entity_fqn);
        if (source === '') return refused('entity_fqn cannot be empty');
        const found = await recordings.ofSources([source]);
        const links = found.flatMap((recording) => codesOf(recording, source).map((code) => ({ code, recording })));
        return { success: true, ...linkColumns(links) };
      }),
    ),
  ];
}

function recordingFields({ id, faultCodes, path, format, octets, durationMs }: CatalogueRecording): RosMessage {
  return {
    file_path: path,
    recording_id: id,
    fault_codes: faultCodes,
    format,
    duration_sec: durationMs / 1000,
    size_bytes: octets,
  };
}

/** Returns parallel lists with one row per fault of each recording. */
function linkColumns(links: readonly { readonly code: string; readonly recording: CatalogueRecording }[]): RosMessage {
  return {
    fault_codes: links.map(({ code }) => code),
    recording_ids: links.map(({ recording }) => recording.id),
    file_paths: links.map(({ recording }) => recording.path),
    formats: links.map(({ recording }) => recording.format),
    durations_sec: links.map(({ recording }) => recording.durationMs / 1000),
    sizes_bytes: links.map(({ recording }) => recording.octets),
    created_at_ns: links.map(({ recording }) => recording.createdAtNs),
  };
}
