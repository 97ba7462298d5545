import { globs } from '@medkit/core/discovery';
import { OptionReader, parseYamlBoolean } from '@medkit/plugin';
import type { LatencyBudgetOptions } from '../detectors/latency-budget.ts';
import type { LifecycleExpectationOptions } from '../detectors/lifecycle-expectation.ts';
import type { NodeDisappearedOptions } from '../detectors/node-disappeared.ts';
import type { OrphanOptions } from '../detectors/orphan.ts';
import type { ParamDriftOptions } from '../detectors/param-drift.ts';
import type { QosMismatchOptions } from '../detectors/qos-mismatch.ts';
import type { RateDropOptions } from '../detectors/rate-drop.ts';
import type { TfStaleOptions } from '../detectors/tf-stale.ts';
import { DETECTOR_IDS, type DetectorId } from '../findings/finding.ts';
import type { WarmUpOptions } from '../findings/warm-up.ts';
import { readPins } from './pins.ts';

/** `advisory` shows findings in the status document without raising faults. */
export type DetectorMode = 'raise' | 'advisory' | 'off';

export interface WatchdogOptions {
  readonly tickIntervalMs: number;
  readonly warmUp: WarmUpOptions;
  readonly modes: Readonly<Record<DetectorId, DetectorMode>>;
  readonly qosMismatch: QosMismatchOptions;
  readonly orphan: OrphanOptions;
  readonly paramDrift: ParamDriftOptions & { readonly maxReadsPerTick: number };
  readonly lifecycle: LifecycleExpectationOptions & { readonly requireActive: readonly string[] };
  readonly nodeDisappeared: NodeDisappearedOptions;
  readonly tfStale: TfStaleOptions;
  readonly rateDrop: RateDropOptions & { readonly learn: readonly string[] };
  readonly latencyBudget: LatencyBudgetOptions;
  /** Maximum topics subscribed to for their rate or latency. */
  readonly maxWatchedTopics: number;
}

export interface ReadOptions {
  readonly options: WatchdogOptions;
  /** A sentence for each invalid option that begins with its key. */
  readonly warnings: readonly string[];
}

const GRACE = { min: 0, max: 300 };

/** Ticks that a node may be absent. */
const DEATH_GRACE = 2;
/** Reasons for which ros2_medkit does not report a missing node; an orderly shutdown is never reported here. */
const SUPPRESSORS: readonly string[] = ['allowlist', 'lifecycle'];

/** Reads the options of the watchdog. Never fails: an invalid value is replaced by its default, with a warning. */
export function readWatchdogOptions(raw: unknown): ReadOptions {
  const root = new OptionReader(raw, 'the watchdog');
  const detectors = root.section('detectors');
  const sections = Object.fromEntries(
    // `qos_mismatch: false` is short for its mode.
    DETECTOR_IDS.map((id) => [id, detectors.section(id, (mode) => ({ mode }))]),
  ) as Record<DetectorId, OptionReader>;
  const modes = Object.fromEntries(DETECTOR_IDS.map((id) => [id, modeOf(sections[id])])) as Record<
    DetectorId,
    DetectorMode
  >;
  const { qos_mismatch, orphan, param_drift, lifecycle_expectation, node_disappeared, tf_stale } = sections;
  const nodeDeath = nodeDeathOptions(detectors);
  if (nodeDeath?.mode !== undefined && node_disappeared.raw('mode') === undefined) {
    modes.node_disappeared = nodeDeath.mode;
  }
  const options: WatchdogOptions = {
    tickIntervalMs: root.integer('tick_interval_ms', { value: 1000, min: 100, max: 60_000 }),
    warmUp: {
      cycles: root.integer('warmup_cycles', { value: 5, min: 0, max: 3600 }),
      pruneGrace: root.integer('prune_grace', { value: 60, min: 1, max: 86_400 }),
    },
    maxWatchedTopics: root.integer('max_watched_topics', { value: 32, min: 1, max: 256 }),
    modes,
    qosMismatch: {
      grace: qos_mismatch.integer('grace', { value: 3, ...GRACE }),
      allowlist: qos_mismatch.list('allowlist'),
    },
    orphan: {
      grace: orphan.integer('grace', { value: 10, ...GRACE }),
      maxEditDistance: orphan.integer('max_edit_distance', { value: 1, min: 1, max: 8 }),
      namespaceEditDistance: orphan.integer('namespace_edit_distance', { value: 0, min: 0, max: 8 }),
      allowlist: orphan.list('allowlist'),
    },
    paramDrift: paramDriftOptions(param_drift),
    lifecycle: {
      requireActive: lifecycle_expectation.list('require_active'),
      grace: lifecycle_expectation.integer('grace', { value: 5, ...GRACE }),
      trackedNodeCap: lifecycle_expectation.integer('tracked_node_cap', { value: 512, min: 1, max: 16_384 }),
    },
    nodeDisappeared: {
      grace: node_disappeared.integer('grace', { value: nodeDeath?.grace ?? DEATH_GRACE, ...GRACE }),
      required: node_disappeared.list('required'),
      ignore: [...node_disappeared.list('ignore'), ...(nodeDeath?.ignore ?? [])],
    },
    tfStale: {
      grace: tf_stale.integer('grace', { value: 3, ...GRACE }),
      maxAgeMs: tf_stale.integer('max_age_ms', { value: 2000, min: 100, max: 3_600_000 }),
      ignore: tf_stale.list('ignore'),
    },
    rateDrop: {
      grace: sections.rate_drop.integer('grace', { value: 3, ...GRACE }),
      fraction: sections.rate_drop.number('fraction', { value: 0.5, min: 0.01, max: 1 }),
      topics: sections.rate_drop.numbers('topics', { min: 0.01, max: 100_000 }),
      learn: sections.rate_drop.list('learn'),
    },
    latencyBudget: {
      grace: sections.latency_budget.integer('grace', { value: 3, ...GRACE }),
      budgets: sections.latency_budget.numbers('budgets_ms', { min: 0, max: 3_600_000 }),
    },
  };
  for (const id of DETECTOR_IDS) sections[id].end();
  detectors.end();
  root.end();
  return { options, warnings: root.warnings };
}

/** Returns the topics whose rate and latency are measured. */
export function watchedTopics({ modes, rateDrop, latencyBudget, maxWatchedTopics }: WatchdogOptions) {
  const hasRates = modes.rate_drop !== 'off';
  const rates = hasRates ? [...rateDrop.topics.keys()] : [];
  const budgets = modes.latency_budget === 'off' ? [] : [...latencyBudget.budgets.keys()];
  return { topics: new Set([...rates, ...budgets]), learn: hasRates ? rateDrop.learn : [], limit: maxWatchedTopics };
}

/** Reads `node_death`, the name of `node_disappeared` in ros2_medkit; `undefined` if it is absent. */
function nodeDeathOptions(detectors: OptionReader) {
  const raw = detectors.raw('node_death');
  if (raw === undefined) return undefined;
  detectors.warn('node_death', 'is read as node_disappeared: miss_grace as grace, allowlist as ignore');
  const section = detectors.section('node_death', (mode) => ({ mode }));
  const grace = section.integer('miss_grace', { value: DEATH_GRACE, ...GRACE });
  const suppress = section.list('suppress');
  const allowlist = section.list('allowlist');
  // Concerns suppressed nodes in ros2_medkit, which are not tracked here.
  section.raw('prune_grace');
  for (const name of suppress.filter((each) => !SUPPRESSORS.includes(each))) {
    section.warn('suppress', `must be ${SUPPRESSORS.join(' or ')}, not ${name}; it is ignored`);
  }
  const isUsed = suppress.includes('allowlist');
  if (!isUsed && allowlist.length > 0) section.warn('allowlist', 'has no effect unless suppress names it');
  const mode = section.raw('mode') === undefined ? undefined : modeOf(section);
  section.end();
  // A name without a slash matches a node in any namespace.
  const ignore = allowlist.map((name) => (name.startsWith('/') ? name : `*/${name}`));
  return { grace, mode, ignore: isUsed ? ignore : [] };
}

function modeOf(section: OptionReader): DetectorMode {
  const raw = section.raw('mode');
  if (raw === undefined) return 'raise';
  if (raw === null || typeof raw === 'object') {
    section.warn('mode', 'must be raise, advisory or off; raise is used');
    return 'raise';
  }
  const word = String(raw).toLowerCase();
  const isOn = parseYamlBoolean(word);
  if (word === 'raise' || isOn === true) return 'raise';
  if (isOn === false) return 'off';
  if (word === 'advisory') return 'advisory';
  section.warn('mode', `is ${word}, but must be raise, advisory or off; raise is used`);
  return 'raise';
}

function paramDriftOptions(section: OptionReader): WatchdogOptions['paramDrift'] {
  const baseline = section.flag('baseline', true);
  const expect = readPins(section, 'expect');
  const ignore = section.list('ignore');
  const maxReadsPerTick = section.integer('max_reads_per_tick', { value: 8, min: 1, max: 100_000 });
  if (!baseline && expect.size === 0) {
    section.warn('baseline', 'is off and expect is empty: no parameter is checked');
  }
  if (!baseline && ignore.length > 0) section.warn('ignore', 'applies only to the baseline, which is off');
  // No parameter has this name: a pattern that matches it matches everything.
  if (baseline && ignore.some((pattern) => globs([pattern])('\u0001'.repeat(3)))) {
    section.warn('ignore', 'excludes every parameter from the baseline');
  }
  return { baseline, expect, ignore, maxReadsPerTick };
}
