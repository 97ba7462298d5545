import { globalBand } from './debounce-rules.ts';
import type { FaultConfiguration } from './fault-settings.ts';

const reports = (count: number, what: string): string => `${count} ${what} report${count === 1 ? '' : 's'}`;
const boundText = (bound: number, otherwise: string): string => (bound === 0 ? otherwise : String(bound));

function debounce(configuration: FaultConfiguration): readonly string[] {
  const { confirmationThreshold, healingEnabled, healingThreshold } = globalBand(configuration);
  const critical = configuration.critical_immediate_confirm ? ', or by one CRITICAL report' : '';
  const climb = reports(healingThreshold - confirmationThreshold, 'PASSED');
  const after = configuration.auto_confirm_after_sec;
  const file = configuration['entity_thresholds.config_file'];
  return [
    confirmationThreshold === -1
      ? 'A fault is confirmed by its first FAILED report.'
      : `A fault is confirmed at counter ${confirmationThreshold}: ${reports(-confirmationThreshold, 'FAILED')}${critical}.`,
    healingEnabled
      ? `It heals at counter ${healingThreshold}: ${climb} after it was confirmed.`
      : 'It never heals: it stays confirmed until it is cleared.',
    after === 0
      ? 'Faults are never confirmed by time alone.'
      : `It is also confirmed ${after} s after its last FAILED report, regardless of the thresholds of its source.`,
    file === '' ? 'The thresholds are the same for all sources.' : `${file} contains thresholds for specific sources.`,
    `Near misses stored for each fault: ${boundText(configuration['near_miss.max_per_fault'], 'all')}.`,
  ];
}

/** By `snapshots.max_per_fault_policy`. */
const GIVES_WAY = {
  evict_middle: 'those between its first and its newest capture are removed',
  evict_oldest: 'the oldest are removed',
  reject_newest: 'new ones are rejected',
} as const;

function snapshots(configuration: FaultConfiguration): readonly string[] {
  if (!configuration['snapshots.enabled']) return ['No data is captured when a fault is confirmed.'];
  const cooldown = configuration['snapshots.recapture_cooldown_sec'];
  const bound = configuration['snapshots.max_per_fault'];
  const topics = configuration['snapshots.default_topics'];
  const otherwise = configuration['snapshots.entity_default'] ? 'those of the reporting nodes' : 'none';
  const file = configuration['snapshots.config_file'];
  return [
    `When a fault is confirmed, data is captured${cooldown === 0 ? '' : `, at most every ${cooldown} s for each fault`}.`,
    `Topics: ${topics.length > 0 ? topics.join(', ') : otherwise}${file === '' ? '' : `, unless ${file} configures others`}.`,
    configuration['snapshots.background_capture']
      ? `The last ${configuration['snapshots.history_sec']} s of configured topics are buffered.`
      : `The capture waits up to ${configuration['snapshots.timeout_sec']} s for a message of each topic.`,
    `Messages are stored up to ${configuration['snapshots.max_message_size']} bytes; larger messages are truncated and marked.`,
    bound === 0
      ? 'All snapshots are stored.'
      : `Each fault has at most ${bound} snapshots; beyond that, ${GIVES_WAY[configuration['snapshots.max_per_fault_policy']]}.`,
    configuration['snapshots.log_window_sec'] === 0
      ? 'No log lines are stored.'
      : `Log lines from ${configuration['snapshots.log_window_sec']} s before to ${configuration['snapshots.log_window_sec']} s after the fault are stored.`,
    `Clearing the fault ${configuration['snapshots.retain_on_clear'] ? 'keeps' : 'removes'} them.`,
  ];
}

function recordings(configuration: FaultConfiguration): readonly string[] {
  if (!configuration['snapshots.rosbag.enabled']) return ['No recordings are made.'];
  const folder = configuration['snapshots.rosbag.storage_path'];
  const before = configuration['snapshots.rosbag.duration_sec'];
  const after = configuration['snapshots.rosbag.duration_after_sec'];
  const maxBags = configuration['snapshots.rosbag.max_bags_per_fault'];
  const removes = configuration['snapshots.rosbag.auto_cleanup'] && maxBags === 1;
  return [
    `A recording contains ${before} s before and ${after} s after the fault, as ${configuration['snapshots.rosbag.format']}.`,
    `Recorded topics: ${configuration['snapshots.rosbag.topics']}.`,
    `Recordings are stored in ${folder === '' ? 'a folder that medkit chooses' : folder}.`,
    `All recordings use up to ${configuration['snapshots.rosbag.max_total_storage_mb']} MiB; beyond that, the oldest are removed.`,
    `Recordings stored for each fault: ${boundText(maxBags, 'all')}; clearing the fault ${removes ? 'removes them' : 'keeps them'}.`,
  ];
}

function others(configuration: FaultConfiguration): readonly string[] {
  const rules = configuration['correlation.config_file'];
  const records = configuration['audit_log.retention_max_records'];
  const which = configuration['audit_log.transitions'] === 'all' ? 'all changes' : 'confirmations';
  return [
    rules === '' ? 'Faults are not correlated.' : `Faults are correlated by the rules of ${rules}.`,
    configuration['audit_log.enabled']
      ? `The audit log contains ${records === 0 ? which : `the last ${records} of ${which}`}.`
      : 'There is no audit log.',
  ];
}

/** Describes a configuration in sentences, for its author. */
export function explain(configuration: FaultConfiguration): string {
  const location =
    configuration.storage_type === 'sqlite' ? configuration.database_path : 'memory, until the process exits';
  return [
    `Faults are stored in ${location}.`,
    ...debounce(configuration),
    ...snapshots(configuration),
    ...recordings(configuration),
    ...others(configuration),
  ].join('\n');
}
