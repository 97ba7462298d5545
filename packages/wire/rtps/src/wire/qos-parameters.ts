import type { QosPolicies } from '../qos/policies.ts';
import * as pid from './parameter-ids.ts';
import { encodeString, type Parameter, type ParameterListWriter, ParameterValue } from './parameter-list.ts';
import { durationMs, encodeDuration } from './time.ts';

const DURABILITIES = ['volatile', 'transient-local', 'transient', 'persistent'] as const;
const LIVELINESS_KINDS = ['automatic', 'manual-by-participant', 'manual-by-topic'] as const;
const REPRESENTATIONS = ['xcdr1', 'xml', 'xcdr2'] as const;

/** RTPS 2.5, 9.3.2.7: best effort 1, reliable 2 (3 in early versions). */
const RELIABILITY_BEST_EFFORT = 1;
const RELIABILITY_RELIABLE = 2;
/** Default of DDS 1.4, 2.2.3.14. medkit never blocks; peers only display the value. */
const MAX_BLOCKING_MS = 100;

/** Maximum partitions per endpoint; real endpoints have fewer. */
const MAX_PARTITIONS = 256;

type MutableQos = { -readonly [Policy in keyof QosPolicies]: QosPolicies[Policy] };

const duration = (value: ParameterValue): number => durationMs(value.uint32(), value.uint32());

function partitions(value: ParameterValue): readonly string[] {
  const count = Math.min(value.count(4), MAX_PARTITIONS);
  return Array.from({ length: count }, () => value.string());
}

function representations(value: ParameterValue): QosPolicies['dataRepresentation'] {
  const ids = Array.from({ length: value.count(2) }, () => value.uint16());
  const known = ids.flatMap((id) => REPRESENTATIONS[id] ?? []);
  return known.length > 0 ? known : ['xcdr1'];
}

/** Decodes one parameter into `qos`. Returns false if it is not a QoS parameter. Unknown values leave the default. */
export function readQosParameter(
  qos: MutableQos,
  bytes: Uint8Array,
  parameter: Parameter,
  littleEndian: boolean,
): boolean {
  const value = new ParameterValue(bytes, parameter, littleEndian);
  switch (parameter.id) {
    case pid.PID_RELIABILITY:
      qos.reliability = value.uint32() >= RELIABILITY_RELIABLE ? 'reliable' : 'best-effort';
      return true;
    case pid.PID_DURABILITY:
      qos.durability = DURABILITIES[value.uint32()] ?? qos.durability;
      return true;
    case pid.PID_HISTORY: {
      const keepAll = value.uint32() === 1;
      qos.history = keepAll ? { kind: 'keep-all' } : { kind: 'keep-last', depth: value.uint32() };
      return true;
    }
    case pid.PID_DEADLINE:
      qos.deadlineMs = duration(value);
      return true;
    case pid.PID_LIFESPAN:
      qos.lifespanMs = duration(value);
      return true;
    case pid.PID_LIVELINESS: {
      const kind = LIVELINESS_KINDS[value.uint32()] ?? 'automatic';
      qos.liveliness = { kind, leaseMs: duration(value) };
      return true;
    }
    case pid.PID_OWNERSHIP:
      qos.ownership = value.uint32() === 1 ? 'exclusive' : 'shared';
      return true;
    case pid.PID_PARTITION:
      qos.partitions = partitions(value);
      return true;
    case pid.PID_DATA_REPRESENTATION:
      qos.dataRepresentation = representations(value);
      return true;
    default:
      return false;
  }
}

/** Writes every policy including defaults. The cost is small, and no reader needs to know medkit's defaults. */
export function writeQosParameters(list: ParameterListWriter, qos: QosPolicies, kind: 'reader' | 'writer'): void {
  const reliable = qos.reliability === 'reliable';
  list.words(
    pid.PID_RELIABILITY,
    reliable ? RELIABILITY_RELIABLE : RELIABILITY_BEST_EFFORT,
    ...encodeDuration(MAX_BLOCKING_MS),
  );
  list.words(pid.PID_DURABILITY, DURABILITIES.indexOf(qos.durability));
  const depth = qos.history.kind === 'keep-last' ? qos.history.depth : 0;
  list.words(pid.PID_HISTORY, qos.history.kind === 'keep-all' ? 1 : 0, depth);
  list.words(pid.PID_DEADLINE, ...encodeDuration(qos.deadlineMs));
  if (kind === 'writer') list.words(pid.PID_LIFESPAN, ...encodeDuration(qos.lifespanMs));
  list.words(
    pid.PID_LIVELINESS,
    LIVELINESS_KINDS.indexOf(qos.liveliness.kind),
    ...encodeDuration(qos.liveliness.leaseMs),
  );
  list.words(pid.PID_OWNERSHIP, qos.ownership === 'exclusive' ? 1 : 0);
  if (qos.partitions.length > 0) {
    list.sequence(pid.PID_PARTITION, qos.partitions.length, qos.partitions.map(encodeString));
  }
  const ids = qos.dataRepresentation.map((name) => REPRESENTATIONS.indexOf(name));
  list.sequence(pid.PID_DATA_REPRESENTATION, ids.length, [Uint8Array.from(ids.flatMap((id) => [id, 0]))]);
}
