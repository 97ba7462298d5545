import { type FaultSnapshot, type FreezeFrame, type JsonObject, stringifyJson } from '@medkit/core';

/**
 * Returns the answer of `GetSnapshots`, a JSON text: each topic of the newest capture once, or only the requested topic
 * (empty: all), and the newest recording.
 */
export function snapshotsText(faultCode: string, evidence: readonly FaultSnapshot[], topic: string): string {
  const frames = evidence.filter((snapshot) => snapshot.kind === 'freeze_frame');
  const newest = Math.max(0, ...frames.map(({ captureId = 0 }) => captureId));
  const capture = frames.filter((frame) => frame.captureId === newest && (topic === '' || frame.channel === topic));
  const [first] = capture;
  return stringifyJson({
    fault_code: faultCode,
    ...(first && { captured_at: Number(first.capturedAtNs / 1000n) / 1e6 }),
    topics: topicsOf(capture),
    rosbag: rosbagOf(faultCode, evidence),
  });
}

/** Frames are ordered newest first; the first frame of a topic is used. */
function topicsOf(capture: readonly FreezeFrame[]): JsonObject {
  const byTopic = new Map(
    capture.toReversed().map(({ channel: topic, messageType, data }) => [topic, { message_type: messageType, data }]),
  );
  return Object.fromEntries(byTopic);
}

function rosbagOf(faultCode: string, evidence: readonly FaultSnapshot[]): JsonObject {
  const newest = evidence.find((snapshot) => snapshot.kind === 'recording');
  if (!newest) return { available: false };
  return {
    available: true,
    duration_sec: newest.durationMs / 1000,
    size_bytes: newest.octets,
    format: newest.format,
    // Clients of ros2_medkit expect this field; as in ros2_medkit, the URL does not exist.
    download_url: `/api/v1/faults/${faultCode}/snapshots/bag`,
  };
}
