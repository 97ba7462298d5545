import type { Setting } from './setting.ts';

const seconds = { type: 'number', min: 0, max: 86_400, outside: 'default', since: '0.1.0' } as const;
const text = { type: 'text', since: '0.1.0' } as const;
const texts = { type: 'list', default: [], since: '0.1.0' } as const;
const on = { type: 'boolean', default: true, since: '0.1.0' } as const;
const off = { type: 'boolean', default: false, since: '0.1.0' } as const;

/** Settings of faults: which fault manager stores them, and what raises a fault. */
export const FAULT_SETTINGS = {
  'fault_manager.mode': {
    ...text,
    default: 'auto',
    about:
      'Fault manager to use: `own` is built into medkit, `attach` is a fault manager of the robot, `auto` is that of the robot if it exists, otherwise the built-in one.',
  },
  'fault_manager.namespace': {
    ...text,
    default: '',
    about: 'Namespace of the fault manager, such as `robot1` for `/robot1/fault_manager`. Empty: none.',
  },
  'fault_manager.service_timeout_sec': {
    ...seconds,
    min: 0.001,
    default: 5,
    about: 'Timeout in seconds for requests to a fault manager of the robot.',
  },
  'fault_manager.shared_healing': {
    ...off,
    about:
      'Counts a PASSED report of any source, even if other sources still report the fault as failed, as in ros2_medkit. If off, a fault heals only after its last failing source has passed.',
  },
  'fault_manager.config_file': {
    ...text,
    default: '',
    defaultText: 'the configuration file itself, if it has `fault_manager: ros__parameters:`',
    about:
      'Parameter file of the fault manager in the format of ros2_medkit: thresholds, healing, snapshots, correlation. Without `database_path`, faults are stored in `faults.db` in `data_dir`.',
  },
  'entity_freeze_frame.enabled': {
    ...on,
    about: 'Captures the data of an entity that is not a node, such as a PLC, when one of its faults is confirmed.',
  },
  'diagnostic_bridge.enabled': { ...on, about: 'Reports faults for diagnostics that are not OK.' },
  'diagnostic_bridge.diagnostics_topic': {
    ...text,
    default: '/diagnostics',
    about: 'Topic of the diagnostics, `diagnostic_msgs/msg/DiagnosticArray`.',
  },
  'diagnostic_bridge.name_to_code': {
    ...texts,
    about: 'Fault codes for diagnostics, by name, as `name=CODE`.',
  },
  'diagnostic_bridge.keyvalue_codes': {
    ...texts,
    about: 'Keys among the values of a diagnostic that contain its fault code; the first existing key is used.',
  },
  'diagnostic_bridge.auto_generate_codes': {
    ...on,
    about: 'Derives the fault code from the name of the diagnostic if nothing else provides it.',
  },
  'diagnostic_bridge.use_hardware_id_as_source_id': {
    ...off,
    about: 'Uses the `hardware_id` as the reporting node if it is the full name of a node in the graph.',
  },
  'diagnostic_bridge.use_publisher_as_source_id': {
    ...on,
    about:
      'Uses the node that publishes a diagnostic as the reporter of its fault, so that the fault belongs to its app. If off, `diagnostic_bridge.source_id` is the reporter, as in ros2_medkit.',
  },
  'diagnostic_bridge.source_id': {
    ...text,
    default: '/diagnostic_bridge',
    about: 'Reporter of faults of diagnostics that no node reports: the full name of the bridge in ros2_medkit.',
  },
  'log_bridge.enabled': { ...on, about: 'Reports faults for warnings and errors in the logs of nodes.' },
  'log_bridge.severity_floor': {
    type: 'integer',
    default: 30,
    min: 0,
    max: 50,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Minimum log level that is reported as a fault: 30 warnings, 40 errors, 50 fatal errors.',
  },
  'log_bridge.code_prefix': { ...text, default: 'LOG', about: 'Prefix of the fault codes of logs.' },
  'log_bridge.exclude_nodes': { ...texts, about: 'Ignores nodes whose names contain one of these texts.' },
  'log_bridge.include_only_nodes': { ...texts, about: 'Uses only nodes whose names contain one of these texts.' },
  'log_bridge.report_cooldown_sec': {
    ...seconds,
    default: 5,
    about: 'Seconds during which a repeated error is not reported again; 0 reports every error.',
  },
  'log_bridge.source_id': {
    ...text,
    default: '',
    about: 'Reporter of the faults of logs, such as `/log_bridge`; empty: the node that logs.',
  },
  'log_bridge.exclude_medkit_stack': {
    ...on,
    about: 'Ignores the logs of fault managers, gateways and bridges of medkit and ros2_medkit.',
  },
  'action_status_bridge.enabled': { ...on, about: 'Reports faults for aborted goals.' },
  'action_status_bridge.aborted_severity': {
    type: 'integer',
    default: 2,
    min: 0,
    max: 3,
    outside: 'default',
    since: '0.1.0',
    about: 'Severity of these faults: 0 INFO, 1 WARN, 2 ERROR, 3 CRITICAL.',
  },
  'action_status_bridge.canceled_is_fault': { ...off, about: 'Reports faults for canceled goals as well.' },
  'action_status_bridge.heal_on_succeeded': { ...on, about: 'A successful goal reports the fault as passed.' },
  'action_status_bridge.code_prefix': { ...text, default: 'ACTION', about: 'Prefix of the fault codes of actions.' },
  'action_status_bridge.source_id': {
    ...text,
    default: '',
    about:
      'Reporter of the faults of actions, such as `/action_status_bridge`; empty: the node that offers the action.',
  },
  'action_status_bridge.exclude_actions': {
    ...texts,
    about: 'Ignores actions whose names contain one of these texts.',
  },
  'action_status_bridge.include_only_actions': {
    ...texts,
    about: 'Uses only actions whose names contain one of these texts.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
