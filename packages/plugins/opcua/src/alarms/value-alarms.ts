import type { JsonValue } from '@medkit/core';
import { codesOfRule } from '../node-map/fault-codes.ts';
import type { FaultRule } from '../node-map/fault-rule.ts';
import type { MappedNode } from '../node-map/node-map.ts';
import type { PlcReading } from '../values/plc-reading.ts';
import { type AlarmSignal, NO_SIGNALS, signalOf } from './alarm-signal.ts';
import type { FaultDetector } from './fault-edges.ts';
import { enumerationDetector } from './fault-enumeration.ts';
import { statusWordDetector } from './status-word.ts';
import { isBeyond, thresholdDetector } from './threshold.ts';
import { wholeNumber } from './whole-number.ts';

/** Finds the faults that the values of a PLC stand for. */
export interface ValueAlarms {
  /** The nodes whose values matter: no other one needs to be told of. */
  readonly nodesWithRules: ReadonlySet<string>;
  /**
   * What another value changed: a fault is told of as it begins, and as it is over. A value that nothing follows from, one
   * of bad quality and one of an unknown node change nothing.
   */
  observe(nodeId: string, reading: PlcReading): readonly AlarmSignal[];
  /** The faults that there are now. */
  readonly active: readonly AlarmSignal[];
  /**
   * Whether it is known if there is a fault: not before its node had a value that something follows from. `undefined` where no
   * rule has this code.
   */
  isDecided(code: string): boolean | undefined;
  /** Whether more faults than before are decided; asked once, it is answered. */
  takeNews(): boolean;
}

/** The alarms that the rules of `nodes` make of their values. */
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
