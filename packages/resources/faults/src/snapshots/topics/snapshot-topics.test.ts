import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_FAULT_CONFIGURATION } from '../../configuration/fault-settings.ts';
import { readSnapshotTopics } from './read-snapshot-topics.ts';
import { configuredTopics, MAX_TOPICS_PER_CAPTURE, topicChooser } from './snapshot-topics.ts';

const FILE = `
fault_specific:
  MOTOR_OVERHEAT: [/motor/temperature, /motor/rpm]
  SILENT: []
patterns:
  "SENSOR_.*": [/scan]
  "SENSOR_LIDAR": [/never]
  "MUTE_.*": []
default_topics: [/diagnostics, '', odom]
`;

function reading(text: string | undefined) {
  const { topics, notices } = readSnapshotTopics(text, 'topics.yaml');
  return { topics, notices: notices.map((notice) => notice.text) };
}

function choose(text: string, code: string, configuration: Partial<typeof DEFAULT_FAULT_CONFIGURATION> = {}) {
  const { topics } = reading(text);
  const chooser = topicChooser({ ...DEFAULT_FAULT_CONFIGURATION, ...configuration }, topics, {
    publishedBy: () => ['/own'],
    topicOf: (name) => (name === 'odom' ? '/odom' : name),
  });
  return chooser(code, ['/source']).topics;
}

describe('descriptions of topics', () => {
  it('is described in a separate section, by name', () => {
    const { topics, notices } = reading(`topics:
  stop_threshold_m: { role: threshold, of: min_range_m, unit: m, label: stops below, blocks_motion: true }
  /voltage: { unit: V }
  /limit: { blocks_motion: no }
  /bare: {}
`);
    assert.deepEqual(notices, []);
    assert.deepEqual(Object.fromEntries(topics.meanings), {
      '/stop_threshold_m': {
        role: 'threshold',
        of: '/min_range_m',
        unit: 'm',
        label: 'stops below',
        blocksMotion: true,
      },
      '/voltage': { unit: 'V' },
      '/limit': { blocksMotion: false },
      '/bare': {},
    });
  });

  it('are used as far as they are valid, and errors are reported with their line', () => {
    const { topics, notices } = reading(`topics:
  /a: { role: limit, unit: 5, label: A, blocks_motion: maybe, colour: red }
  /b: threshold
default_topics: [/a]
`);
    assert.deepEqual(Object.fromEntries(topics.meanings), { '/a': { label: 'A' } });
    assert.deepEqual(topics.byDefault, ['/a']);
    assert.deepEqual(
      notices.map((text) => text.replace(/^topics\.yaml:(\d+)/, '$1')),
      [
        '2: role has an invalid value; it is ignored',
        '2: unit has an invalid value; it is ignored',
        '2: blocks_motion has an invalid value; it is ignored',
        '2: colour is unknown; it is ignored',
        '3: /b must be a section of role, of, unit, label, blocks_motion; it is ignored',
      ],
    );
    assert.match(reading('topics: 5').notices[0] ?? '', /topics must be a section/);
  });
});

describe('topics of snapshots', () => {
  it('10.2, S10: are those of the code, then of the first pattern, then the defaults, then those of the source', () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['MOTOR_OVERHEAT', ['/motor/temperature', '/motor/rpm']],
      ['SILENT', []],
      ['SENSOR_LIDAR', ['/scan']],
      ['MY_SENSOR_LIDAR', ['/diagnostics', '/odom']],
      ['MUTE_X', []],
    ];
    for (const [code, topics] of cases) assert.deepEqual(choose(FILE, code), topics, code);
    assert.deepEqual(choose('fault_specific: {}', 'ANY'), ['/own']);
  });

  it('10.2: use the defaults of the parameter rather than of the file', () => {
    assert.deepEqual(choose(FILE, 'ANY', { 'snapshots.default_topics': ['/mine'] }), ['/mine']);
  });

  it('are all passed to the recorder', () => {
    const configuration = { ...DEFAULT_FAULT_CONFIGURATION, 'snapshots.default_topics': ['/mine'] };
    assert.deepEqual(configuredTopics(configuration, reading(FILE).topics), [
      '/mine',
      '/motor/temperature',
      '/motor/rpm',
      '/scan',
      '/never',
    ]);
  });

  it('S10: skip invalid entries, report them with their line, and keep the rest', () => {
    const { topics, notices } = reading(`fault_specific:
  A: /topic
  B: [/b]
  C: [{}]
patterns:
  "[invalid": [/x]
  "GOOD.*": [/good]
  "(?<=A)B": [/x]
others: 1
`);
    assert.deepEqual(notices, [
      'topics.yaml:9: others is unknown and is ignored',
      'topics.yaml:2: fault_specific: A must be a list of topics; it is ignored',
      'topics.yaml:4: fault_specific: C must be a list of topics; it is ignored',
      'topics.yaml:6: the pattern [invalid cannot be used: a [ is not closed; it is ignored',
      'topics.yaml:8: the pattern (?<=A)B cannot be used: lookahead, lookbehind and named groups are not supported; it is ignored',
    ]);
    assert.deepEqual([...topics.byCode.keys()], ['B']);
    assert.equal(topics.byPattern.length, 1);
  });

  it('are empty if the file is invalid, with one log line', () => {
    const cases = [
      [undefined, 'topics.yaml does not exist; no topics of snapshots are configured'],
      [
        '[1]',
        'topics.yaml:1: expected fault_specific, patterns, default_topics, topics; no topics of snapshots are configured',
      ],
      ['a: [', /^topics\.yaml:1: .*; no topics of snapshots are configured$/],
    ] as const;
    for (const [text, expected] of cases) {
      const { topics, notices } = reading(text);
      assert.deepEqual([topics.byCode.size, topics.byPattern.length, topics.byDefault.length], [0, 0, 0]);
      if (typeof expected === 'string') assert.equal(notices[0], expected);
      else assert.match(notices[0], expected);
    }
    assert.deepEqual(reading('fault_specific:\npatterns:\n').notices, []);
    assert.match(reading('patterns: [1]').notices[0], /topics\.yaml:1: patterns must be a section of lists/);
  });

  it('are limited for each fault, with one log line', () => {
    const names = Array.from({ length: MAX_TOPICS_PER_CAPTURE + 1 }, (_, index) => `/t${index}`);
    const { topics, notices } = reading(`default_topics: [${names}]`);
    assert.equal(topics.byDefault.length, MAX_TOPICS_PER_CAPTURE);
    assert.match(notices[0], /default_topics has 65 topics, the first 64 are captured/);
    assert.equal(choose('', 'ANY', { 'snapshots.default_topics': names }).length, MAX_TOPICS_PER_CAPTURE);
  });
});
