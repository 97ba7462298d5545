import { yaml } from '@medkit/documents';
import { faultCodeProblem } from '../../fault/fault-code.ts';
import type { BagFormat } from './bag.ts';
import type { BagTally, Span } from './bag-tally.ts';
import { qosProfile } from './qos-profile.ts';

/** Of `metadata.yaml`, by rosbag2 of ROS 2 Jazzy. */
export const METADATA_VERSION = 9;
/** The ROS release whose rosbag2 is followed here. It says nothing of the robot's. */
export const ROS_DISTRO = 'jazzy';

/** Long lines are not folded, and an empty value is written as rosbag2 does. */
const YAML = { lineWidth: 0, nullStr: '~' };

/** Name, among the custom data that rosbag2 lets everybody add, of the faults that a recording is of. */
const FAULT_CODES = 'medkit_fault_codes';

/** The text of `metadata.yaml`. */
export const metadataFile = (tally: BagTally, format: BagFormat, faultCodes: readonly string[]): string =>
  yaml().stringify({ rosbag2_bagfile_information: information(tally, format, faultCodes) }, YAML);

/** The same as it stands within the files of a recording. */
export const metadataWithin = (tally: BagTally, format: BagFormat, faultCodes: readonly string[]): string =>
  yaml().stringify(information(tally, format, faultCodes), YAML);

/** The faults that a recording is of, by its `rosbag2_bagfile_information`; none where medkit did not write it. */
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
