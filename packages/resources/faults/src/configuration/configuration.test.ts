import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DocumentRefused } from '@medkit/documents';
import { commonRules, globalBand } from './debounce-rules.ts';
import { explain } from './explain.ts';
import { DEFAULT_FAULT_CONFIGURATION, FAULT_SETTINGS, type FaultConfiguration } from './fault-settings.ts';
import { readFaultConfiguration } from './read-fault-configuration.ts';

/** Reads parameters indented by four, below the two lines that begin every file. */
const read = (parameters: string) =>
  readFaultConfiguration(`fault_manager:\n  ros__parameters:\n${parameters}`, 'faults.yaml');

const refusal = (text: string): readonly string[] => {
  try {
    readFaultConfiguration(text, 'faults.yaml');
  } catch (error) {
    if (error instanceof DocumentRefused) return error.lines;
    throw error;
  }
  return assert.fail('not refused');
};

const COMPLETE_EXAMPLE = `
fault_manager:
  ros__parameters:
    # Storage
    storage_type: "sqlite"
    database_path: "/var/lib/ros2_medkit/faults.db"

    # Debounce (require 3 FAILED events to confirm)
    confirmation_threshold: -3
    healing_enabled: true
    healing_threshold: 3
    auto_confirm_after_sec: 30.0

    # Per-entity debounce overrides
    entity_thresholds:
      config_file: "/etc/ros2_medkit/entity_thresholds.yaml"

    # Snapshots
    snapshots:
      enabled: true
      background_capture: true
      timeout_sec: 2.0
      max_message_size: 131072
      recapture_cooldown_sec: 60.0
      max_per_fault: 10
      default_topics:
        - /diagnostics
        - /rosout
      config_file: "/etc/ros2_medkit/snapshot_config.yaml"
      rosbag:
        enabled: true
        duration_sec: 10.0
        duration_after_sec: 2.0
        topics: "config"
        max_bag_size_mb: 100
        max_total_storage_mb: 1000
        auto_cleanup: true

    # Correlation
    correlation:
      config_file: "/etc/ros2_medkit/correlation_rules.yaml"
      cleanup_interval_sec: 10.0
`;

/** The documented defaults of ros2_medkit, except those of the debounce, which have separate tests. */
const DOCUMENTED_DEFAULTS: Partial<FaultConfiguration> = {
  storage_type: 'sqlite',
  database_path: '/var/lib/ros2_medkit/faults.db',
  auto_confirm_after_sec: 0,
  'entity_thresholds.config_file': '',
  'snapshots.enabled': true,
  'snapshots.background_capture': false,
  'snapshots.timeout_sec': 1,
  'snapshots.max_message_size': 65536,
  'snapshots.default_topics': [],
  'snapshots.config_file': '',
  'snapshots.recapture_cooldown_sec': 60,
  'snapshots.max_per_fault': 10,
  'snapshots.capture_pool_size': 2,
  'snapshots.capture_queue_depth': 16,
  'snapshots.capture_queue_full_policy': 'reject_newest',
  'snapshots.rosbag.enabled': false,
  'snapshots.rosbag.duration_sec': 5,
  'snapshots.rosbag.duration_after_sec': 1,
  'snapshots.rosbag.topics': 'entity',
  'snapshots.rosbag.include_topics': [],
  'snapshots.rosbag.exclude_topics': [],
  'snapshots.rosbag.exclude_sensor_topics': true,
  'snapshots.rosbag.lazy_start': false,
  'snapshots.rosbag.format': 'sqlite3',
  'snapshots.rosbag.qos_match': true,
  'snapshots.rosbag.storage_path': '',
  'snapshots.rosbag.max_buffer_mb': 256,
  'snapshots.rosbag.max_bag_size_mb': 50,
  'snapshots.rosbag.max_total_storage_mb': 500,
  'snapshots.rosbag.auto_cleanup': true,
  'correlation.config_file': '',
  'correlation.cleanup_interval_sec': 5,
};

describe('fault configuration', () => {
  it('has the documented defaults', () => {
    for (const [key, value] of Object.entries(DOCUMENTED_DEFAULTS)) {
      assert.deepEqual(DEFAULT_FAULT_CONFIGURATION[key as keyof FaultConfiguration], value, key);
    }
  });

  it('reads the complete example of the documentation without a notice', () => {
    const { configuration, notices } = readFaultConfiguration(COMPLETE_EXAMPLE, 'faults.yaml');
    assert.deepEqual(notices, []);
    assert.equal(configuration.confirmation_threshold, -3);
    assert.equal(configuration['snapshots.rosbag.topics'], 'config');
    assert.equal(configuration['snapshots.rosbag.max_total_storage_mb'], 1000);
    assert.deepEqual(configuration['snapshots.default_topics'], ['/diagnostics', '/rosout']);
    assert.equal(configuration['snapshots.rosbag.duration_after_sec'], 2);
    assert.equal(configuration['correlation.cleanup_interval_sec'], 10);
    assert.equal(configuration['snapshots.rosbag.format'], 'sqlite3');
  });

  it('P02: uses -5 unchanged, 0 as immediate without a notice, and healing and time unchanged', () => {
    const { configuration, notices } = read('    confirmation_threshold: -5\n');
    assert.deepEqual([globalBand(configuration).confirmationThreshold, notices], [-5, []]);
    const immediate = read(
      '    confirmation_threshold: 0\n    healing_enabled: true\n    healing_threshold: 5\n    auto_confirm_after_sec: 15.0\n',
    );
    assert.deepEqual(immediate.notices, []);
    assert.deepEqual(globalBand(immediate.configuration), {
      confirmationThreshold: -1,
      healingEnabled: true,
      healingThreshold: 5,
    });
    assert.equal(commonRules(immediate.configuration).autoConfirmAfterNs, 15_000_000_000n);
  });

  const outcomes: readonly (readonly [keyof FaultConfiguration, string, unknown])[] = [
    ['storage_type', 'postgres', 'memory'],
    ['confirmation_threshold', '5', -5],
    ['confirmation_threshold', '-9999999', -1_000_000],
    ['healing_threshold', '-4', 4],
    ['auto_confirm_after_sec', '-1.5', 0],
    ['auto_confirm_after_sec', '.nan', 0],
    ['near_miss.max_per_fault', '-5', 200],
    ['snapshots.timeout_sec', '0', 1],
    ['snapshots.timeout_sec', '.inf', 3600],
    ['snapshots.max_message_size', '0', 65_536],
    ['snapshots.recapture_cooldown_sec', '-1', 0],
    ['snapshots.max_per_fault', '-1', 0],
    ['snapshots.max_per_fault_policy', 'evict', 'evict_middle'],
    ['snapshots.capture_pool_size', '-3', 1],
    ['snapshots.capture_queue_depth', '0', 1],
    ['snapshots.capture_queue_full_policy', 'bogus', 'reject_newest'],
    ['snapshots.rosbag.duration_sec', '0', 5],
    ['snapshots.rosbag.duration_after_sec', '-1', 0],
    ['snapshots.rosbag.format', 'db3', 'sqlite3'],
    ['snapshots.rosbag.max_buffer_mb', '0', 256],
    ['snapshots.rosbag.max_bag_size_mb', '-1', 50],
    ['snapshots.rosbag.max_total_storage_mb', '0', 500],
    ['snapshots.rosbag.max_bags_per_fault', '-2', 0],
    ['correlation.cleanup_interval_sec', '0', 5],
    ['audit_log.transitions', 'some', 'all'],
    ['audit_log.retention_max_records', '-1', 0],
  ];
  for (const [key, written, used] of outcomes) {
    it(`P03, P04, 14: ${key}: ${written} becomes ${used}, with one line`, () => {
      const { configuration, notices } = read(`    ${key}: ${written}\n`);
      assert.equal(configuration[key], used);
      const [line] = notices.map(({ text }) => text);
      assert.equal(notices.length, 1);
      assert.ok(line.startsWith(`faults.yaml:3: ${key}: `) && line.includes(written), line);
      assert.ok(line.endsWith(`${used} is used`), line);
    });
  }

  it('drops empty texts from lists, which a launch file uses for an empty list', () => {
    const { configuration } = read("    snapshots.default_topics: ['']\n");
    assert.deepEqual(configuration['snapshots.default_topics'], []);
  });

  it('accepts booleans and integers as ROS does', () => {
    const { configuration, notices } = read(
      [
        '    healing_enabled: on',
        '    snapshots: {enabled: No, rosbag: {enabled: Y}}',
        '    healing_threshold: 0x10',
        '    confirmation_threshold: -0x2',
        '',
      ].join('\n'),
    );
    assert.deepEqual(notices, []);
    assert.equal(configuration.healing_enabled, true);
    assert.equal(configuration['snapshots.enabled'], false);
    assert.equal(configuration['snapshots.rosbag.enabled'], true);
    assert.equal(configuration.healing_threshold, 16);
    assert.equal(configuration.confirmation_threshold, -2);
  });

  it('rejects values of another type, each with its line', () => {
    const lines = refusal(
      [
        '/robot/fault_manager:',
        '  ros__parameters:',
        '    confirmation_threshold: three',
        '    healing_enabled: "yes"',
        '    healing_threshold: 2.5',
        '    snapshots: {default_topics: /scan, enabled: [true]}',
      ].join('\n'),
    );
    assert.deepEqual(lines, [
      'faults.yaml:3: confirmation_threshold must be a whole number, not "three"',
      'faults.yaml:4: healing_enabled must be true or false, not "yes"',
      'faults.yaml:5: healing_threshold must be a whole number, not "2.5"',
      'faults.yaml:6: snapshots.default_topics must be a list of texts, not "/scan"',
      'faults.yaml:6: snapshots.enabled must be true or false, not a list',
    ]);
  });

  it('rejects anything that is not YAML or has another structure', () => {
    assert.match(refusal('fault_manager:\n  - [')[0], /^faults\.yaml:2: /);
    assert.deepEqual(refusal('fault_manager: {healing_enabled: true}'), [
      'faults.yaml:1: fault_manager needs a section ros__parameters',
    ]);
    assert.match(refusal(`${'['.repeat(40)}${']'.repeat(40)}`)[0], /more than 32 levels/);
    assert.match(refusal(' '.repeat(1_100_000))[0], /more than 1048576 characters/);
  });

  it('reports unknown, duplicate and empty keys', () => {
    const { configuration, notices } = read(
      '    confirmation_treshold: -3\n    snapshots: {enabled: false}\n    snapshots.enabled: true\n    healing_threshold:\n',
    );
    assert.deepEqual(
      notices.map(({ text }) => text),
      [
        'faults.yaml:3: confirmation_treshold is not a parameter of the fault manager and is ignored',
        'faults.yaml:5: snapshots.enabled is set twice, this value is used',
        'faults.yaml:6: healing_threshold has no value, the default is used',
      ],
    );
    assert.equal(configuration['snapshots.enabled'], true);
  });

  it('ignores the parameters of other nodes, and reports if it has no section', () => {
    const { configuration, notices } = readFaultConfiguration(
      'gateway:\n  ros__parameters: {port: 1}\n',
      'faults.yaml',
    );
    assert.deepEqual(configuration, DEFAULT_FAULT_CONFIGURATION);
    assert.match(notices[0].text, /no parameters of fault_manager/);
  });

  it('accepts parameters given to all nodes', () => {
    const { configuration } = readFaultConfiguration(
      '/**:\n  ros__parameters: {healing_enabled: true}\n',
      'faults.yaml',
    );
    assert.equal(configuration.healing_enabled, true);
  });

  it('every setting has a default within its own range', () => {
    for (const [key, setting] of Object.entries(FAULT_SETTINGS)) {
      if (setting.type !== 'integer' && setting.type !== 'number') continue;
      assert.ok(setting.default >= setting.min && setting.default <= setting.max, key);
    }
  });
});

describe('explanation of a configuration', () => {
  it('describes the behaviour in sentences', () => {
    const immediate = { confirmation_threshold: -1, healing_enabled: false };
    const lines = explain({ ...DEFAULT_FAULT_CONFIGURATION, ...immediate }).split('\n');
    assert.ok(lines.includes('A fault is confirmed by its first FAILED report.'));
    assert.ok(lines.includes('It never heals: it stays confirmed until it is cleared.'));
    assert.ok(
      lines.includes(
        'Each fault has at most 10 snapshots; beyond that, those between its first and its newest capture are removed.',
      ),
    );
    assert.ok(lines.includes('No recordings are made.'));
  });

  it('counts the reports that healing takes from the confirmed fault, not from zero', () => {
    const { configuration } = readFaultConfiguration(COMPLETE_EXAMPLE, 'faults.yaml');
    const lines = explain(configuration).split('\n');
    assert.ok(lines.includes('A fault is confirmed at counter -3: 3 FAILED reports, or by one CRITICAL report.'));
    assert.ok(lines.includes('It heals at counter 3: 6 PASSED reports after it was confirmed.'));
    assert.ok(
      lines.includes(
        'It is also confirmed 30 s after its last FAILED report, regardless of the thresholds of its source.',
      ),
    );
  });
});
