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
      'Who keeps the faults: `own` is medkit, `attach` a fault manager that the robot brings along, `auto` that one where there is one and medkit otherwise.',
  },
  'fault_manager.namespace': {
    ...text,
    default: '',
    about: 'Namespace of the fault manager, such as `robot1` for `/robot1/fault_manager`. Empty is none.',
  },
  'fault_manager.service_timeout_sec': {
    ...seconds,
    min: 0.001,
    default: 5,
    about: 'Seconds that a fault manager of the robot may take to answer.',
  },
  'fault_manager.shared_healing': {
    ...off,
    about:
      'Count a PASSED report of any source, also while other sources still report the fault as failed, as ros2_medkit does. If off, a fault heals only after the last of its failing sources has passed.',
  },
  'fault_manager.config_file': {
    ...text,
    default: '',
    defaultText: 'the configuration file itself, where it has `fault_manager: ros__parameters:`',
    about:
      'Parameter file of the fault manager, as ros2_medkit has it: thresholds, healing, snapshots, correlation. Without `database_path` faults are kept in `faults.db` in `data_dir`.',
  },
  'entity_freeze_frame.enabled': {
    ...on,
    about:
      'Keep the data of an entity that is no node, such as a PLC, when a fault of it is confirmed: nobody else captures it.',
  },
  'diagnostic_bridge.enabled': { ...on, about: 'Make faults of diagnostics that are not OK.' },
  'diagnostic_bridge.diagnostics_topic': {
    ...text,
    default: '/diagnostics',
    about: 'Topic of the diagnostics, `diagnostic_msgs/msg/DiagnosticArray`.',
  },
  'diagnostic_bridge.name_to_code': {
    ...texts,
    about: 'Fault codes of diagnostics by their names, as `name=CODE`.',
  },
  'diagnostic_bridge.keyvalue_codes': {
    ...texts,
    about: 'Keys among the values of a diagnostic that hold its fault code; the first that is there counts.',
  },
  'diagnostic_bridge.auto_generate_codes': {
    ...on,
    about: 'Make the fault code out of the name of the diagnostic where nothing else gives it.',
  },
  'diagnostic_bridge.use_hardware_id_as_source_id': {
    ...off,
    about: 'Take a `hardware_id` that is the full name of a node of the graph for the node that reports.',
  },
  'diagnostic_bridge.use_publisher_as_source_id': {
    ...on,
    about:
      'Use the node that publishes a diagnostic as the reporter of its fault, so that its app has the fault. If off, `diagnostic_bridge.source_id` reports, as in ros2_medkit.',
  },
  'diagnostic_bridge.source_id': {
    ...text,
    default: '/diagnostic_bridge',
    about: 'Who reports the faults of diagnostics where no node does: the full name of the bridge in ros2_medkit.',
  },
  'log_bridge.enabled': { ...on, about: 'Make faults of warnings and errors that nodes log.' },
  'log_bridge.severity_floor': {
    type: 'integer',
    default: 30,
    min: 0,
    max: 50,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Least level of a log that is made a fault of: 30 warnings, 40 errors, 50 fatal errors.',
  },
  'log_bridge.code_prefix': { ...text, default: 'LOG', about: 'Begin of the fault codes of logs.' },
  'log_bridge.exclude_nodes': { ...texts, about: 'Nodes whose names contain one of these are left out.' },
  'log_bridge.include_only_nodes': { ...texts, about: 'Only nodes whose names contain one of these count.' },
  'log_bridge.report_cooldown_sec': {
    ...seconds,
    default: 5,
    about: 'Seconds in which an error that is logged again is not reported again; 0 reports each.',
  },
  'log_bridge.source_id': {
    ...text,
    default: '',
    about: 'Who reports the faults of logs, such as `/log_bridge`; empty is the node that logs.',
  },
  'log_bridge.exclude_medkit_stack': {
    ...on,
    about: 'Leave out what fault managers, gateways and bridges of medkit and ros2_medkit log.',
  },
  'action_status_bridge.enabled': { ...on, about: 'Make faults of goals that are aborted.' },
  'action_status_bridge.aborted_severity': {
    type: 'integer',
    default: 2,
    min: 0,
    max: 3,
    outside: 'default',
    since: '0.1.0',
    about: 'Severity of these faults: 0 INFO, 1 WARN, 2 ERROR, 3 CRITICAL.',
  },
  'action_status_bridge.canceled_is_fault': { ...off, about: 'Make faults of goals that are canceled, too.' },
  'action_status_bridge.heal_on_succeeded': { ...on, about: 'A goal that succeeds reports the fault as passed.' },
  'action_status_bridge.code_prefix': { ...text, default: 'ACTION', about: 'Begin of the fault codes of actions.' },
  'action_status_bridge.source_id': {
    ...text,
    default: '',
    about:
      'Who reports the faults of actions, such as `/action_status_bridge`; empty is the node that offers the action.',
  },
  'action_status_bridge.exclude_actions': { ...texts, about: 'Actions whose names contain one of these are left out.' },
  'action_status_bridge.include_only_actions': {
    ...texts,
    about: 'Only actions whose names contain one of these count.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
