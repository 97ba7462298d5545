import { DEFAULT_BAND, MAX_THRESHOLD } from '../debounce/debounce-band.ts';
import { ROSBAG_SETTINGS } from './rosbag-settings.ts';
import { choice, type Setting, type ValueOf } from './setting.ts';
import { SNAPSHOT_SETTINGS } from './snapshot-settings.ts';

const YEAR_SEC = 31_536_000;

/** All parameters of the fault manager, under their ros2_medkit names. */
export const FAULT_SETTINGS = {
  storage_type: choice(['sqlite', 'memory'], {
    default: 'sqlite',
    otherwise: 'memory',
    about: 'Storage of faults: `sqlite` on disk, or `memory` until the process exits.',
  }),
  database_path: {
    type: 'text',
    default: '/var/lib/ros2_medkit/faults.db',
    about: 'Database file. Default: `faults.db` in `data_dir` of the gateway.',
  },
  confirmation_threshold: {
    type: 'integer',
    default: DEFAULT_BAND.confirmationThreshold,
    min: -MAX_THRESHOLD,
    max: 0,
    below: 'clamp',
    above: 'negate',
    about:
      'Debounce counter at which a fault is confirmed: -3 needs three FAILED reports. 0 and -1 confirm with the first report.',
  },
  healing_enabled: {
    type: 'boolean',
    default: DEFAULT_BAND.healingEnabled,
    about: 'Lets PASSED reports heal confirmed faults.',
  },
  healing_threshold: {
    type: 'integer',
    default: DEFAULT_BAND.healingThreshold,
    min: 0,
    max: MAX_THRESHOLD,
    below: 'negate',
    above: 'clamp',
    about: 'Debounce counter at which a fault is healed.',
  },
  critical_immediate_confirm: {
    type: 'boolean',
    default: true,
    about: 'Confirms a fault with a CRITICAL report regardless of the counter.',
  },
  auto_confirm_after_sec: {
    type: 'number',
    default: 0,
    min: 0,
    max: YEAR_SEC,
    below: 'clamp',
    above: 'clamp',
    about: 'Seconds without a FAILED report after which a prefailed fault is confirmed. 0: never.',
  },
  'entity_thresholds.config_file': {
    type: 'text',
    default: '',
    about: 'YAML file of thresholds by prefix of the source. Empty: none.',
  },
  'near_miss.max_per_fault': {
    type: 'integer',
    default: 200,
    min: 0,
    max: 1_000_000,
    below: 'default',
    above: 'clamp',
    about: 'Number of unconfirmed FAILED reports stored per fault. 0: all.',
  },
  ...SNAPSHOT_SETTINGS,
  ...ROSBAG_SETTINGS,
  'correlation.config_file': {
    type: 'text',
    default: '',
    about: 'YAML file of correlation rules. Empty: none.',
  },
  'correlation.cleanup_interval_sec': {
    type: 'number',
    default: 5,
    min: 0.001,
    max: YEAR_SEC,
    below: 'default',
    above: 'clamp',
    about: 'Interval at which expired root causes and clusters are removed.',
  },
  'audit_log.enabled': {
    type: 'boolean',
    default: false,
    about: 'Writes changes of faults to a tamper-evident log.',
  },
  'audit_log.transitions': choice(['all', 'confirmed_only'], {
    default: 'all',
    otherwise: 'all',
    about: 'Changes that the audit log contains.',
  }),
  'audit_log.retention_max_records': {
    type: 'integer',
    default: 0,
    min: 0,
    max: 1_000_000_000,
    below: 'clamp',
    above: 'clamp',
    about: 'Maximum number of records in the audit log; the oldest are sealed and removed. 0: no limit.',
  },
  'audit_log.fail_closed': {
    type: 'boolean',
    default: false,
    about: 'Refuses a report if its audit record cannot be written.',
  },
  'audit_log.database_path': {
    type: 'text',
    default: '',
    about: 'File of the audit log. Empty: `fault_audit.db` next to the fault database.',
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** The validated and complete configuration of the fault manager, by dotted parameter names. */
export type FaultConfiguration = {
  readonly [Key in keyof typeof FAULT_SETTINGS]: ValueOf<(typeof FAULT_SETTINGS)[Key]>;
};

/** The configuration if nothing is set. */
export const DEFAULT_FAULT_CONFIGURATION = Object.fromEntries(
  Object.entries(FAULT_SETTINGS).map(([key, setting]) => [key, setting.default]),
) as unknown as FaultConfiguration;

/** Returns the setting with a dotted name, if it exists. */
export function faultSettingOf(key: string): Setting | undefined {
  return Object.hasOwn(FAULT_SETTINGS, key) ? FAULT_SETTINGS[key as keyof FaultConfiguration] : undefined;
}
