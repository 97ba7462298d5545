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
    about: 'Where faults are kept: `sqlite` on disk, `memory` until the end of the process.',
  }),
  database_path: {
    type: 'text',
    default: '/var/lib/ros2_medkit/faults.db',
    about: 'File of the database. Where nothing is said it is `faults.db` in `data_dir` of the gateway.',
  },
  confirmation_threshold: {
    type: 'integer',
    default: DEFAULT_BAND.confirmationThreshold,
    min: -MAX_THRESHOLD,
    max: 0,
    below: 'clamp',
    above: 'negate',
    about: 'Counter at which a fault is confirmed: -3 takes three FAILED reports. 0 and -1 confirm with the first.',
  },
  healing_enabled: {
    type: 'boolean',
    default: DEFAULT_BAND.healingEnabled,
    about: 'Whether PASSED reports heal confirmed faults.',
  },
  healing_threshold: {
    type: 'integer',
    default: DEFAULT_BAND.healingThreshold,
    min: 0,
    max: MAX_THRESHOLD,
    below: 'negate',
    above: 'clamp',
    about: 'Counter at which a fault is healed.',
  },
  critical_immediate_confirm: {
    type: 'boolean',
    default: true,
    about: 'Whether a CRITICAL report confirms whatever the counter says.',
  },
  auto_confirm_after_sec: {
    type: 'number',
    default: 0,
    min: 0,
    max: YEAR_SEC,
    below: 'clamp',
    above: 'clamp',
    about: 'Confirms a fault that stayed prefailed so long after its last FAILED report. 0 is never.',
  },
  'entity_thresholds.config_file': {
    type: 'text',
    default: '',
    about: 'YAML file of thresholds by prefix of the source. Empty is none.',
  },
  'near_miss.max_per_fault': {
    type: 'integer',
    default: 200,
    min: 0,
    max: 1_000_000,
    below: 'default',
    above: 'clamp',
    about: 'FAILED reports that did not confirm, kept for each fault. 0 keeps all.',
  },
  ...SNAPSHOT_SETTINGS,
  ...ROSBAG_SETTINGS,
  'correlation.config_file': {
    type: 'text',
    default: '',
    about: 'YAML file of correlation rules. Empty is none.',
  },
  'correlation.cleanup_interval_sec': {
    type: 'number',
    default: 5,
    min: 0.001,
    max: YEAR_SEC,
    below: 'default',
    above: 'clamp',
    about: 'How often root causes and clusters whose time is over are put away.',
  },
  'audit_log.enabled': {
    type: 'boolean',
    default: false,
    about: 'Whether changes of faults are written to a log that shows tampering.',
  },
  'audit_log.transitions': choice(['all', 'confirmed_only'], {
    default: 'all',
    otherwise: 'all',
    about: 'Which changes the audit log holds.',
  }),
  'audit_log.retention_max_records': {
    type: 'integer',
    default: 0,
    min: 0,
    max: 1_000_000_000,
    below: 'clamp',
    above: 'clamp',
    about: 'Records of the audit log; the oldest are sealed and go. 0 keeps all.',
  },
  'audit_log.fail_closed': {
    type: 'boolean',
    default: false,
    about: 'Whether a report is refused where its audit record cannot be written.',
  },
  'audit_log.database_path': {
    type: 'text',
    default: '',
    about: 'File of the audit log. Empty is `fault_audit.db` beside the faults.',
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
