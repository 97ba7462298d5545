import { globalBand } from './debounce-rules.ts';
import type { FaultConfiguration } from './fault-settings.ts';

const reports = (count: number, what: string): string => `${count} ${what} report${count === 1 ? '' : 's'}`;
const boundText = (bound: number, otherwise: string): string => (bound === 0 ? otherwise : String(bound));

function debounce(configuration: FaultConfiguration): readonly string[] {
  const { confirmationThreshold, healingEnabled, healingThreshold } = globalBand(configuration);
  const critical = configuration.critical_immediate_confirm ? ', a CRITICAL one at once' : '';
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
      ? 'Time alone confirms nothing.'
      : `Time confirms it ${after} s after its last FAILED report, whatever the thresholds of its source.`,
    file === '' ? 'The thresholds are the same for all sources.' : `Sources have thresholds of their own in ${file}.`,
    `Of each fault ${boundText(configuration['near_miss.max_per_fault'], 'all')} near misses are kept.`,
  ];
}

/** By `snapshots.max_per_fault_policy`. */
const GIVES_WAY = {
  evict_middle: 'those between its first and its newest capture go',
  evict_oldest: 'the oldest go',
  reject_newest: 'new ones are rejected',
} as const;

function snapshots(configuration: FaultConfiguration): readonly string[] {
  if (!configuration['snapshots.enabled']) return ['No data is captured when a fault is confirmed.'];
  const cooldown = configuration['snapshots.recapture_cooldown_sec'];
  const bound = configuration['snapshots.max_per_fault'];
  const topics = configuration['snapshots.default_topics'];
  const own = configuration['snapshots.entity_default'] ? 'those of the reporting nodes' : 'none';
  const file = configuration['snapshots.config_file'];
  return [
    `When a fault is confirmed, data is captured${cooldown === 0 ? '' : `, at most every ${cooldown} s for each fault`}.`,
    `Topics: ${topics.length > 0 ? topics.join(', ') : own}${file === '' ? '' : `, unless ${file} names others`}.`,
    configuration['snapshots.background_capture']
      ? `The last ${configuration['snapshots.history_sec']} s of configured topics are kept at hand.`
      : `Each topic is waited for up to ${configuration['snapshots.timeout_sec']} s.`,
    `Of a message ${configuration['snapshots.max_message_size']} octets are kept; a larger one is marked as cut.`,
    bound === 0
      ? 'All snapshots are kept.'
      : `Each fault keeps ${bound} snapshots; then ${GIVES_WAY[configuration['snapshots.max_per_fault_policy']]}.`,
    configuration['snapshots.log_window_sec'] === 0
      ? 'No log lines are kept with it.'
      : `Log lines are kept with it: those of ${configuration['snapshots.log_window_sec']} s before and after it.`,
    `A clear ${configuration['snapshots.retain_on_clear'] ? 'keeps' : 'removes'} them.`,
  ];
}

function recordings(configuration: FaultConfiguration): readonly string[] {
  if (!configuration['snapshots.rosbag.enabled']) return ['Nothing is recorded.'];
  const folder = configuration['snapshots.rosbag.storage_path'];
  const before = configuration['snapshots.rosbag.duration_sec'];
  const after = configuration['snapshots.rosbag.duration_after_sec'];
  const kept = configuration['snapshots.rosbag.max_bags_per_fault'];
  const removes = configuration['snapshots.rosbag.auto_cleanup'] && kept === 1;
  return [
    `A recording holds ${before} s before and ${after} s after the fault, as ${configuration['snapshots.rosbag.format']}.`,
    `It holds the topics of: ${configuration['snapshots.rosbag.topics']}.`,
    `Recordings go to ${folder === '' ? 'a folder that medkit chooses' : folder}.`,
    `Together they take up to ${configuration['snapshots.rosbag.max_total_storage_mb']} MiB; the oldest go.`,
    `Each fault keeps ${boundText(kept, 'all')} of its recordings; a clear ${removes ? 'removes them' : 'keeps them'}.`,
  ];
}

function others(configuration: FaultConfiguration): readonly string[] {
  const rules = configuration['correlation.config_file'];
  const records = configuration['audit_log.retention_max_records'];
  const which = configuration['audit_log.transitions'] === 'all' ? 'all changes' : 'confirmations';
  return [
    rules === '' ? 'Faults are not correlated.' : `Faults are correlated by the rules of ${rules}.`,
    configuration['audit_log.enabled']
      ? `An audit log holds ${records === 0 ? which : `the last ${records} of ${which}`}.`
      : 'There is no audit log.',
  ];
}

/** Describes a configuration in sentences, for its author. */
export function explain(configuration: FaultConfiguration): string {
  const kept = configuration.storage_type === 'sqlite' ? configuration.database_path : 'memory, until the process ends';
  return [
    `Faults are kept in ${kept}.`,
    ...debounce(configuration),
    ...snapshots(configuration),
    ...recordings(configuration),
    ...others(configuration),
  ].join('\n');
}
