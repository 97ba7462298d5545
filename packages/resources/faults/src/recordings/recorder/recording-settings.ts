import type { FaultConfiguration } from '../../configuration/fault-settings.ts';
import type { RecordingSettings } from './recording.ts';

const MIB = 1024 * 1024;

/**
 * Returns the recording settings of a configuration.
 * @param folder default folder of recordings
 * @param configured topics that the snapshot configuration names for faults
 */
export function recordingSettings(
  configuration: FaultConfiguration,
  folder: string,
  configured: readonly string[],
): RecordingSettings {
  return {
    selection: {
      topics: configuration['snapshots.rosbag.topics'],
      include: configuration['snapshots.rosbag.include_topics'],
      exclude: configuration['snapshots.rosbag.exclude_topics'],
      excludeSensors: configuration['snapshots.rosbag.exclude_sensor_topics'],
      configured,
    },
    windowMs: configuration['snapshots.rosbag.duration_sec'] * 1000,
    postRollMs: configuration['snapshots.rosbag.duration_after_sec'] * 1000,
    matchQos: configuration['snapshots.rosbag.qos_match'],
    lazyStart: configuration['snapshots.rosbag.lazy_start'],
    format: configuration['snapshots.rosbag.format'],
    folder: configuration['snapshots.rosbag.storage_path'] || folder,
    maxBufferOctets: configuration['snapshots.rosbag.max_buffer_mb'] * MIB,
    maxFileOctets: configuration['snapshots.rosbag.max_bag_size_mb'] * MIB,
    maxRecordingOctets: configuration['snapshots.rosbag.max_total_storage_mb'] * MIB,
  };
}
