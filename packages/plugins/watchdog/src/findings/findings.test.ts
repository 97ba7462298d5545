import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeFindings, MAX_DESCRIPTION_LENGTH } from './describe-findings.ts';
import { type Finding, SEVERITY } from './finding.ts';
import { GracePeriod } from './grace-period.ts';
import { verdicts } from './verdicts.ts';
import { WarmUp } from './warm-up.ts';

const finding = (key: string, fields: Partial<Finding> = {}): Finding => ({
  code: 'GRAPH_ORPHAN',
  key,
  detail: `${key}!`,
  severity: SEVERITY.warn,
  ...fields,
});

describe('a description', () => {
  it('W04: joins its findings, with the key of a finding without a text', () => {
    assert.equal(describeFindings([finding('a'), finding('b', { detail: '' })]), 'a!; b');
  });

  it('W04: is cut at 480 characters, the mark of the cut included', () => {
    const exactly = finding('a', { detail: 'x'.repeat(MAX_DESCRIPTION_LENGTH) });
    assert.equal(describeFindings([exactly]), exactly.detail);
    for (const more of [[exactly, finding('b')], [finding('a', { detail: `${exactly.detail}x` })]]) {
      const text = describeFindings(more);
      assert.equal(text.length, 480);
      assert.match(text, /^x{477}\.\.\.$/);
    }
  });
});

describe('a grace period', () => {
  it('lets findings through that have lasted for the grace, the newest first', () => {
    const gracePeriod = new GracePeriod(2);
    const keys = (tick: number, ...found: string[]) =>
      gracePeriod
        .ripe(
          found.map((key) => finding(key)),
          tick,
        )
        .map(({ key }) => key);
    assert.deepEqual(keys(1, 'a'), []);
    assert.deepEqual(keys(2, 'a', 'b'), []);
    assert.deepEqual(keys(3, 'a', 'b'), ['a']);
    assert.deepEqual(keys(4, 'a', 'b'), ['b', 'a']);
    assert.deepEqual(keys(5, 'b'), ['b']);
    assert.deepEqual(keys(6, 'a', 'b'), ['b'], 'one that was gone begins anew');
  });

  it('of no ticks lets them through immediately', () => {
    assert.equal(new GracePeriod(0).ripe([finding('a')], 1).length, 1);
  });
});

describe('warm-up', () => {
  const ticks = (warmUp: WarmUp, from: number, to: number, present: ReadonlySet<string>) => {
    for (let tick = from; tick <= to; tick++) warmUp.observe(tick, present);
  };
  const some = () => new Set(['lidar', 'slam']);
  const others = new Set(['slam']);

  it('W03: of three ticks arms at the third after the first', () => {
    const warmUp = new WarmUp({ cycles: 3, pruneGrace: 60 });
    const present = some();
    ticks(warmUp, 1, 3, present);
    assert.deepEqual([warmUp.armed('lidar'), warmUp.globallyArmed], [false, false]);
    ticks(warmUp, 4, 4, present);
    assert.deepEqual([warmUp.armed('lidar'), warmUp.globallyArmed], [true, true]);
  });

  it('W03: of none arms immediately', () => {
    const warmUp = new WarmUp({ cycles: 0, pruneGrace: 60 });
    ticks(warmUp, 1, 1, some());
    assert.deepEqual([warmUp.armed('lidar'), warmUp.globallyArmed], [true, true]);
  });

  it('W03: survives a gap of two ticks, and restarts after a longer one', () => {
    for (const [gap, armed] of [
      [2, true],
      [3, false],
    ] as const) {
      const warmUp = new WarmUp({ cycles: 3, pruneGrace: 60 });
      ticks(warmUp, 1, 10, some());
      ticks(warmUp, 11, 10 + gap, others);
      ticks(warmUp, 11 + gap, 11 + gap, some());
      assert.equal(warmUp.armed('lidar'), armed, `${gap} ticks`);
      ticks(warmUp, 12 + gap, 14 + gap, some());
      assert.equal(warmUp.armed('lidar'), true);
    }
  });

  it('W03: restarts for all after an emptied graph', () => {
    const warmUp = new WarmUp({ cycles: 3, pruneGrace: 60 });
    ticks(warmUp, 1, 10, some());
    ticks(warmUp, 11, 11, new Set());
    assert.equal(warmUp.globallyArmed, false);
    ticks(warmUp, 12, 14, some());
    assert.equal(warmUp.globallyArmed, false);
    ticks(warmUp, 15, 15, some());
    assert.equal(warmUp.globallyArmed, true);
  });

  it('forgets an entity that is missing for longer than the prune grace', () => {
    const warmUp = new WarmUp({ cycles: 3, pruneGrace: 5 });
    ticks(warmUp, 1, 10, some());
    ticks(warmUp, 11, 15, others);
    assert.deepEqual(
      warmUp.entries().map(({ id, present, armed }) => [id, present, armed]),
      [
        ['lidar', false, true],
        ['slam', true, true],
      ],
    );
    ticks(warmUp, 16, 16, others);
    assert.deepEqual(
      warmUp.entries().map(({ id }) => id),
      ['slam'],
    );
    assert.equal(warmUp.armed('lidar'), undefined);
  });
});

describe('verdicts', () => {
  const ripe = (key: string, fields: Partial<Finding> = {}) => ({ ...finding(key, fields), sinceTick: 1 });
  const judge = (fields: Partial<Parameters<typeof verdicts>[0]>) =>
    verdicts({ codes: ['GRAPH_ORPHAN'], findings: [], ripe: [], complete: true, isOpen: () => true, ...fields });

  it('make one fault for each code, as severe as the worst', () => {
    const all = [ripe('a'), ripe('b', { severity: SEVERITY.error })];
    assert.deepEqual(judge({ findings: all, ripe: all }), [
      { code: 'GRAPH_ORPHAN', event: 'FAILED', severity: SEVERITY.error, description: 'a!; b!' },
    ]);
  });

  it('pass a code without findings, raised or not', () => {
    assert.deepEqual(judge({ isOpen: () => false }), [{ code: 'GRAPH_ORPHAN', event: 'PASSED' }]);
  });

  it('are withheld for findings within their grace or during warm-up, and after an incomplete observation', () => {
    assert.deepEqual(judge({ findings: [finding('a')] }), []);
    assert.deepEqual(judge({ findings: [finding('a')], ripe: [ripe('a')], isOpen: () => false }), []);
    assert.deepEqual(judge({ complete: false }), []);
  });
});
