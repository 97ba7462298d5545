import type { JsonValue } from '@medkit/core';
import type { PlcReading } from '@medkit/opcua';
import { codesOfRule } from '../node-map/fault-codes.ts';
import type { FaultRule } from '../node-map/fault-rule.ts';
import type { MappedNode } from '../node-map/node-map.ts';
import { type AlarmSignal, NO_SIGNALS, signalOf } from './alarm-signal.ts';
import type { FaultDetector } from './fault-edges.ts';
import { enumerationDetector } from './fault-enumeration.ts';
import { statusWordDetector } from './status-word.ts';
import { isBeyond, thresholdDetector } from './threshold.ts';
import { wholeNumber } from './whole-number.ts';

/** Detects faults in the values of a PLC. */
export interface ValueAlarms {
  /** The nodes with fault rules; only their values need to be passed. */
  readonly nodesWithRules: ReadonlySet<string>;
  /**
   * Returns what a new value changes: starts and ends of faults. Unusable values, values of bad quality and unknown
   * nodes change nothing.
   */
  observe(nodeId: string, reading: PlcReading): readonly AlarmSignal[];
  /** The active faults. */
  readonly active: readonly AlarmSignal[];
  /**
   * Returns whether the state of a fault is known: only after its node had a usable value. Returns `undefined` if no
   * rule has this code.
   */
  isDecided(code: string): boolean | undefined;
  /** Returns whether more faults have become decided since the last call. */
  takeNews(): boolean;
}

/** Creates the alarms for the fault rules of `nodes`. */
export function valueAlarms(nodes: readonly MappedNode[]): ValueAlarms {
  const watched = new Map(
    nodes.flatMap(({ nodeId, entityId, faultRule }) =>
      faultRule === undefined
        ? []
        : [[nodeId, { entityId, rule: faultRule, detector: detectorOf(faultRule) }] as const],
    ),
  );
  const nodeOfCode = new Map(
    [...watched].flatMap(([nodeId, { rule }]) => codesOfRule(rule).map((code) => [code, nodeId] as const)),
  );
  const decided = new Set<string>();
  let isNews = false;
  return {
    nodesWithRules: new Set(watched.keys()),
    observe(nodeId, { value, quality }) {
      const node = watched.get(nodeId);
      if (node === undefined || value === undefined || quality === 'bad') return NO_SIGNALS;
      if (!decided.has(nodeId) && decides(node.rule, value)) {
        decided.add(nodeId);
        isNews = true;
      }
      const edges = node.detector.observe(value);
      return edges.length === 0 ? NO_SIGNALS : edges.map(({ fault, kind }) => signalOf(fault, node.entityId, kind));
    },
    get active() {
      return [...watched.values()].flatMap(({ entityId, detector }) =>
        detector.active.map((fault) => signalOf(fault, entityId, 'raise')),
      );
    },
    isDecided(code) {
      const nodeId = nodeOfCode.get(code);
      return nodeId === undefined ? undefined : decided.has(nodeId);
    },
    takeNews() {
      const wasNews = isNews;
      isNews = false;
      return wasNews;
    },
  };
}

function detectorOf(rule: FaultRule): FaultDetector {
  switch (rule.kind) {
    case 'threshold':
      return thresholdDetector(rule);
    case 'status-word':
      return statusWordDetector(rule);
    case 'enumeration':
      return enumerationDetector(rule);
  }
}

function decides(rule: FaultRule, value: JsonValue): boolean {
  return rule.kind === 'threshold' ? isBeyond(value, rule) !== undefined : wholeNumber(value) !== undefined;
}
