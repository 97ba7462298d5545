import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { DEFAULT_BAND } from '../debounce/debounce-band.ts';
import { FaultSimulation, failed, rulesOf } from '../testing/fault-simulation.ts';
import { type EntityThresholds, entityThresholds } from './entity-thresholds.ts';
import { readEntityThresholds } from './read-entity-thresholds.ts';

/** Creates thresholds in which each prefix has a separate confirmation threshold. */
const of = (prefixes: readonly string[]): EntityThresholds =>
  entityThresholds(
    DEFAULT_BAND,
    new Map(prefixes.map((prefix, index) => [prefix, { confirmationThreshold: -2 - index }])),
  );

const DOCUMENTED = `
# entity_thresholds.yaml
/sensors/lidar:
  confirmation_threshold: -1    # instant - lidar is binary
  healing_threshold: 1

/powertrain/motor_left:
  confirmation_threshold: -5    # motor has transients, need 5 events
  healing_threshold: 10

/safety:
  confirmation_threshold: -1    # instant, never auto-heal
  healing_enabled: false
`;

describe('thresholds by entity', () => {
  it('T01: without overrides all sources have the same band', () => {
    assert.deepEqual(entityThresholds(DEFAULT_BAND).of('/any'), { band: DEFAULT_BAND });
  });

  const matches: readonly (readonly [string, readonly string[], string, string | undefined])[] = [
    ['T02', ['/sensors/lidar'], '/sensors/lidar', '/sensors/lidar'],
    ['T03', ['/sensors/lidar'], '/sensors/lidar/front', '/sensors/lidar'],
    ['T04', ['/sensors', '/sensors/lidar'], '/sensors/lidar/front', '/sensors/lidar'],
    ['T04', ['/sensors', '/sensors/lidar'], '/sensors/camera', '/sensors'],
    ['T05', ['/sensors'], '/drive', undefined],
    ['T06', ['/sensors/lid'], '/sensors/lidar', undefined],
    ['T06', ['/sensors/lid'], '/sensors/lid/front', '/sensors/lid'],
    ['5', ['safety_gate'], 'safety_gate', 'safety_gate'],
    ['5', ['/safety'], '/safety/', '/safety'],
  ];
  for (const [id, prefixes, source, prefix] of matches) {
    it(`${id}: of ${prefixes.join(' and ')} the source ${source} uses ${prefix ?? 'none'}`, () => {
      assert.equal(of(prefixes).of(source).prefix, prefix);
    });
  }

  it('5: a trailing slash of a prefix is ignored, and a slash alone matches all names that start with one', () => {
    const read = (text: string) => readEntityThresholds(text, 't.yaml', DEFAULT_BAND).thresholds;
    assert.equal(read('/a/: {confirmation_threshold: -2}').of('/a/b').prefix, '/a');
    assert.equal(read('/: {confirmation_threshold: -2}').of('/anything').prefix, '/');
    assert.equal(read('/: {confirmation_threshold: -2}').of('bare').prefix, undefined);
  });

  it('T07: fields omitted in an override have the global values', () => {
    const global = { confirmationThreshold: -4, healingEnabled: true, healingThreshold: 7 };
    const { band } = entityThresholds(global, new Map([['/a', { confirmationThreshold: -2 }]])).of('/a');
    assert.deepEqual(band, { ...global, confirmationThreshold: -2 });
  });

  it('equals a search through all prefixes', () => {
    const random = seededRandom(7);
    const path = (): string => {
      const segments = Array.from(
        { length: Math.floor(random.float() * 4) },
        () => 'ab'[Math.floor(random.float() * 2)],
      );
      return `${random.float() < 0.8 ? '/' : ''}${segments.join('/')}`;
    };
    for (let round = 0; round < 500; round += 1) {
      const prefixes = [...new Set(Array.from({ length: 4 }, path))].filter(
        (prefix) => !prefix.endsWith('/') && prefix,
      );
      const source = path();
      const longest = prefixes
        .filter((prefix) => source === prefix || source.startsWith(`${prefix}/`))
        .sort((a, b) => b.length - a.length)[0];
      assert.equal(of(prefixes).of(source).prefix, longest, `${source} of ${prefixes}`);
    }
  });

  it('T08, T09: reads the documented file', () => {
    const { thresholds, notices } = readEntityThresholds(DOCUMENTED, 't.yaml', DEFAULT_BAND);
    assert.deepEqual([thresholds.size, notices], [3, []]);
    assert.deepEqual(thresholds.of('/powertrain/motor_left'), {
      prefix: '/powertrain/motor_left',
      band: { confirmationThreshold: -5, healingEnabled: false, healingThreshold: 10 },
    });
  });

  it('T10, T11: a missing or malformed file leaves the global thresholds', () => {
    for (const [text, problem] of [
      [undefined, /^t\.yaml does not exist; the thresholds for all/],
      ['/a: [', /^t\.yaml:1: /],
      ['- /a', /^t\.yaml:1: expected prefixes/],
    ] as const) {
      const { thresholds, notices } = readEntityThresholds(text, 't.yaml', DEFAULT_BAND);
      assert.equal(thresholds.size, 0);
      assert.match(notices[0].text, problem);
      assert.equal(notices[0].level, 'error');
    }
  });

  it('T12: a threshold of the wrong sign is inverted and logged', () => {
    const { thresholds, notices } = readEntityThresholds(
      '/a:\n  confirmation_threshold: 5\n  healing_threshold: -2\n',
      't.yaml',
      DEFAULT_BAND,
    );
    const { band } = thresholds.of('/a');
    assert.deepEqual([band.confirmationThreshold, band.healingThreshold], [-5, 2]);
    assert.deepEqual(
      notices.map(({ text }) => text),
      [
        't.yaml:2: /a: confirmation_threshold: 5 is not within -1000000 to 0, -5 is used',
        't.yaml:3: /a: healing_threshold: -2 is not within 0 to 1000000, 2 is used',
      ],
    );
  });

  it('keeps the valid entries of a file with invalid ones', () => {
    const { thresholds, notices } = readEntityThresholds(
      [
        '/a: {confirmation_threshold: many, healing_threshold: 1}',
        '/b: 3',
        '/c: {auto_confirm_after_sec: 3, misspelt: 1}',
        '/a/: {}',
      ].join('\n'),
      't.yaml',
      DEFAULT_BAND,
    );
    assert.equal(thresholds.of('/a').band.healingThreshold, 1);
    assert.equal(thresholds.of('/b').prefix, undefined);
    assert.deepEqual(
      notices.map(({ text }) => text),
      [
        't.yaml:1: /a: confirmation_threshold must be a whole number, not "many"; the value for all entities is used',
        't.yaml:2: /b must be a section of thresholds; it is ignored',
        't.yaml:3: /c: auto_confirm_after_sec can only be set for all entities; it is ignored',
        't.yaml:3: /c: misspelt is not a threshold; it is ignored',
        't.yaml:4: /a/ is set twice, the first is used',
      ],
    );
  });

  it('T13: a lidar confirms immediately, a motor after five, and each judges a shared code by its band', () => {
    const { thresholds } = readEntityThresholds(DOCUMENTED, 't.yaml', { ...DEFAULT_BAND, healingEnabled: true });
    const rules = (source: string) => ({ ...rulesOf(), band: thresholds.of(source).band });
    const [motor, lidar] = [rules('/powertrain/motor_left'), rules('/sensors/lidar/front')];

    assert.equal(new FaultSimulation(lidar).play('F').fault?.status, 'CONFIRMED');
    assert.equal(new FaultSimulation(lidar).play('F P P').fault?.status, 'HEALED');
    const slow = new FaultSimulation(motor);
    for (let report = 0; report < 4; report += 1) assert.equal(slow.play('F').fault?.status, 'PREFAILED');
    assert.equal(slow.play('F').fault?.status, 'CONFIRMED');

    const shared = new FaultSimulation();
    assert.equal(shared.meet(failed(), motor).fault?.status, 'PREFAILED');
    assert.equal(shared.meet(failed(), lidar).fault?.status, 'CONFIRMED');
  });
});
