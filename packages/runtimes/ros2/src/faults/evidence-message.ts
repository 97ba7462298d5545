import { type FaultSnapshot, type FreezeFrame, stringifyJson, withCaptureHistories } from '@medkit/core';
import { frameData } from '@medkit/faults';
import type { RosMessage } from '@medkit/ros2';

/**
 * Returns every `ros2_medkit_msgs/msg/Snapshot` of a fault's evidence. Evidence kinds defined outside ros2_medkit have
 * no message.
 */
export function snapshotMessages(evidence: readonly FaultSnapshot[]): readonly RosMessage[] {
  return withCaptureHistories(evidence).flatMap((snapshot): readonly RosMessage[] => {
    const message = snapshotMessage(snapshot);
    return message ? [message] : [];
  });
}

function snapshotMessage(snapshot: FaultSnapshot): RosMessage | undefined {
  switch (snapshot.kind) {
    case 'freeze_frame':
      return {
        type: 'freeze_frame',
        name: snapshot.name,
        data: frameText(snapshot),
        topic: snapshot.channel,
        message_type: snapshot.messageType,
        captured_at_ns: snapshot.capturedAtNs,
      };
    case 'recording':
      return {
        type: 'rosbag',
        name: `rosbag_${snapshot.id}`,
        bulk_data_id: snapshot.id,
        size_bytes: snapshot.octets,
        duration_sec: snapshot.durationMs / 1000,
        format: snapshot.format,
        captured_at_ns: snapshot.createdAtNs,
      };
    case 'foreign':
      return undefined;
  }
}

/**
 * Converts a `ros2_medkit_msgs/msg/Snapshot` to evidence; `undefined` for a recording without an id to request it by.
 */
export function snapshotOf(message: RosMessage, faultCode: string): FaultSnapshot | undefined {
  const name = String(message.name);
  const atNs = BigInt(message.captured_at_ns as number | bigint);
  switch (message.type) {
    case 'freeze_frame':
      return {
        kind: 'freeze_frame',
        name,
        channel: String(message.topic),
        messageType: String(message.message_type),
        ...frameData(String(message.data)),
        capturedAtNs: atNs,
      };
    case 'rosbag': {
      const id = String(message.bulk_data_id);
      if (id === '') return undefined;
      return {
        kind: 'recording',
        id,
        faultCodes: [faultCode],
        format: String(message.format),
        octets: Number(message.size_bytes),
        durationMs: Number(message.duration_sec) * 1000,
        createdAtNs: atNs,
      };
    }
    default:
      return { kind: 'foreign', body: { type: String(message.type), name, ...frameData(String(message.data)) } };
  }
}

/** Returns the JSON text of a frame, or the text stored instead. A message is never a plain string. */
function frameText({ data, problem }: FreezeFrame): string {
  return typeof data === 'string' && problem !== undefined ? data : stringifyJson(data);
}
