import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCorrelationRules } from '@medkit/faults';
import { correlateList } from './correlate-list.ts';
import { type KnownCauses, knownCauses } from './known-causes.ts';
import type { MergedList } from './merged-list.ts';

const { acrossOrigins } = readCorrelationRules(
  `correlation: {enabled: true, rules: [
    {id: stop, window_ms: 1000, root_cause: {codes: [ESTOP], origins: [base]}, symptoms: [{codes: [JAM], origins: [arm]}]},
    {id: fold, window_ms: 1000, mute_symptoms: false, root_cause: {codes: [HALT], origins: [base]},
      symptoms: [{codes: [SLOW], origins: ["*"]}]},
    {id: net, mode: auto_cluster, min_count: 2, match: [{codes: [LOST], origins: ["*"]}]}]}`,
  'rules.yaml',
);

const item = (fault_code: string, origin: string, first_occurred: number, aggregatedStatus = 'active') => ({
  fault_code,
  severity: 2,
  first_occurred,
  status_object: { aggregatedStatus },
  'x-medkit': { occurrence_count: 1, ...(origin !== 'local' && { origin }) },
});
/** The clock of `arm` is 5 s ahead. */
const clocks = { arm: { offset_ms: 5000, uncertainty_ms: 1, measured_at: '2026-03-23T02:15:20.004Z' } };
const listOf = (...items: readonly object[]) =>
  ({ items, 'x-medkit': { count: items.length, muted_count: 1, cluster_count: 0, clocks } }) as unknown as MergedList;
const codesIn = ({ items }: MergedList) => items.map((each) => (each as { readonly fault_code: string }).fault_code);
// biome-ignore lint/suspicious/noExplicitAny: a test looks into what it finds.
const factsOf = (list: MergedList): Record<string, any> => (list as any)['x-medkit'];

const ESTOP = item('ESTOP', 'base', 100);
const JAM = item('JAM', 'arm', 105.4);

describe('a list of the faults of several gateways', () => {
  it('is unchanged without rules across gateways', () => {
    const list = listOf(ESTOP, JAM);
    assert.equal(correlateList(list, [], {}, knownCauses()), list);
  });

  it('omits faults that a fault of another gateway explains, by their clocks, and counts them', () => {
    const list = correlateList(listOf(JAM, ESTOP, item('JAM', 'local', 100.1)), acrossOrigins, {}, knownCauses());
    assert.deepEqual(codesIn(list), ['ESTOP', 'JAM']);
    const { count, muted_count, muted_faults } = factsOf(list);
    assert.deepEqual([count, muted_count, muted_faults], [2, 2, undefined]);
  });

  it('includes symptoms on request, with their explanation', () => {
    const list = correlateList(listOf(JAM, ESTOP), acrossOrigins, { include_muted: 'true' }, knownCauses());
    const cause = { root_cause_code: 'ESTOP', root_cause_origin: 'base', rule_id: 'stop', delay_ms: 400 };
    assert.deepEqual(codesIn(list), ['ESTOP', 'JAM']);
    assert.deepEqual(factsOf({ items: [], ...(list.items[1] as object) })['muted'], cause);
    assert.deepEqual(factsOf(list)['muted_faults'], [{ fault_code: 'JAM', origin: 'arm', ...cause }]);
  });

  it('includes symptoms that are not muted, with their explanation', () => {
    const list = correlateList(
      listOf(item('HALT', 'base', 100), item('SLOW', 'local', 100.3)),
      acrossOrigins,
      {},
      knownCauses(),
    );
    const { symptom_of } = factsOf({ items: [], ...(list.items[1] as object) });
    const cause = { root_cause_code: 'HALT', root_cause_origin: 'base', rule_id: 'fold', delay_ms: 300 };
    assert.deepEqual([symptom_of, factsOf(list)['muted_count']], [cause, 1]);
  });

  it('has a root cause before the first of its symptoms, and keeps the order of the rest', () => {
    const [first, last] = [item('FIRST', 'local', 100), item('LAST', 'arm', 100)];
    const slow = [item('SLOW', 'local', 100.1), item('SLOW', 'base', 100.2)];
    const list = correlateList(
      listOf(first, ...slow, last, item('HALT', 'base', 100)),
      acrossOrigins,
      {},
      knownCauses(),
    );
    assert.deepEqual(codesIn(list), ['FIRST', 'HALT', 'SLOW', 'SLOW', 'LAST']);
  });

  it('is not explained by a cleared fault, and passes on invalid items unchanged', () => {
    const over = item('ESTOP', 'base', 100, 'cleared');
    const strange = { fault_code: 7 };
    assert.equal(correlateList(listOf(over, JAM, strange), acrossOrigins, {}, knownCauses()).items.length, 3);
  });

  it('has clusters with the origins of their faults', () => {
    const lost = [item('LOST', 'base', 100), item('LOST', 'local', 100.2)];
    const list = correlateList(listOf(...lost), acrossOrigins, { include_clusters: 'true' }, knownCauses());
    const { clusters, cluster_count } = factsOf(list);
    assert.equal(cluster_count, 1);
    assert.deepEqual(
      [clusters[0].fault_codes, clusters[0].origins, clusters[0].representative_origin, list.items.length],
      [['LOST', 'LOST'], ['base', 'local'], 'base', 1],
    );
  });
});

describe('a symptom in a list whose root cause is no longer open', () => {
  const [HALT, SLOW] = [item('HALT', 'base', 100), item('SLOW', 'local', 100.3)];
  const CAUSE = { root_cause_code: 'HALT', root_cause_origin: 'base', rule_id: 'fold', delay_ms: 300 };
  /** Returns the cause of the symptom in a list. */
  const symptomOf = (causes: KnownCauses, ...items: readonly object[]) => {
    const list = correlateList(listOf(...items), acrossOrigins, { include_muted: 'true' }, causes);
    const open = list.items.find((each) => /SLOW|JAM/.test(JSON.stringify(each)));
    return factsOf({ items: [], ...(open as object) })['symptom_of'];
  };

  it('remains a symptom until it occurs again', () => {
    const causes = knownCauses();
    assert.deepEqual(symptomOf(causes, HALT, SLOW), CAUSE);
    assert.deepEqual(symptomOf(causes, SLOW), CAUSE);
    assert.equal(symptomOf(causes, item('SLOW', 'local', 190)), undefined);
    assert.equal(symptomOf(causes, SLOW), undefined);
  });

  it('stays a symptom of the root cause that occurred again, or of another that explains it now', () => {
    const causes = knownCauses();
    symptomOf(causes, HALT, SLOW);
    assert.deepEqual(symptomOf(causes, item('HALT', 'base', 160), SLOW), CAUSE);
    assert.deepEqual(symptomOf(causes, item('HALT', 'base', 100.1), SLOW), { ...CAUSE, delay_ms: 200 });
  });

  it('is listed and marked as a symptom, also if the rule mutes', () => {
    const causes = knownCauses();
    correlateList(listOf(ESTOP, JAM), acrossOrigins, {}, causes);
    const list = correlateList(listOf(JAM), acrossOrigins, {}, causes);
    assert.deepEqual([codesIn(list), factsOf(list)['muted_count']], [['JAM'], 1]);
    assert.equal(symptomOf(causes, JAM).root_cause_code, 'ESTOP');
  });
});
