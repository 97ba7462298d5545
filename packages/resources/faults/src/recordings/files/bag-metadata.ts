import { yaml } from '@medkit/documents';
import { faultCodeProblem } from '../../fault/fault-code.ts';
import type { BagFormat } from './bag.ts';
import type { BagTally, Span } from './bag-tally.ts';
import { qosProfile } from './qos-profile.ts';

/** Version of `metadata.yaml` in rosbag2 of ROS 2 Jazzy. */
export const METADATA_VERSION = 9;
/** The ROS release whose rosbag2 format is used, independent of the robot's release. */
export const ROS_DISTRO = 'jazzy';

/** Does not fold long lines, and writes empty values as rosbag2 does. */
const YAML = { lineWidth: 0, nullStr: '~' };

/** Key of a recording's faults in the custom data of rosbag2. */
const FAULT_CODES = 'medkit_fault_codes';

/** Returns the text of `metadata.yaml`. */
export const metadataFile = (tally: BagTally, format: BagFormat, faultCodes: readonly string[]): string =>
  yaml().stringify({ rosbag2_bagfile_information: information(tally, format, faultCodes) }, YAML);

/** Returns the metadata in the form stored within the recording's files. */
export const embeddedMetadata = (tally: BagTally, format: BagFormat, faultCodes: readonly string[]): string =>
  yaml().stringify(information(tally, format, faultCodes), YAML);

/** Returns the faults of a recording from its `rosbag2_bagfile_information`; empty if it was not made by medkit. */
export function faultCodesIn(information: unknown): readonly string[] {
  const { custom_data } = (information ?? {}) as { readonly custom_data?: Readonly<Record<string, unknown>> | null };
  const codes = custom_data?.[FAULT_CODES];
  if (typeof codes !== 'string') return [];
  return codes.split(' ').filter((code) => faultCodeProblem(code) === undefined);
}

function information(
  tally: BagTally,
  format: BagFormat,
  faultCodes: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    version: METADATA_VERSION,
    storage_identifier: format,
    ...spanFields(tally.whole),
    topics_with_message_count: tally.topics.map((topic, index) => ({
      topic_metadata: {
        name: topic.name,
        type: topic.type,
        serialization_format: 'cdr',
        offered_qos_profiles: topic.offeredQos.map(qosProfile),
        type_description_hash: topic.typeHash,
      },
      message_count: tally.messages[index],
    })),
    compression_format: '',
    compression_mode: '',
    relative_file_paths: tally.files.map(({ name }) => name),
    files: tally.files.map(({ name, span }) => ({ path: name, ...spanFields(span) })),
    custom_data: faultCodes.length > 0 ? { [FAULT_CODES]: faultCodes.join(' ') } : null,
    ros_distro: ROS_DISTRO,
  };
}

const spanFields = ({ startNs, endNs, messages }: Span) => ({
  duration: { nanoseconds: endNs - startNs },
  starting_time: { nanoseconds_since_epoch: startNs },
  message_count: messages,
});
