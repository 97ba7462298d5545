import type { ServerEvent } from '@medkit/client';
import {
  cursorOf,
  type FaultEventType,
  type FaultNews,
  type JsonObject,
  type JsonValue,
  LOCAL,
  type ObservedFault,
  type Origin,
  parseJson,
} from '@medkit/core';

/** Characters of the name of a gateway that another one shows, and gateways that an event may come by way of. */
const MAX_NAME = 256;
const MAX_HOPS = 8;
/** Seconds since 1970 beyond which a time is none. */
const MAX_SECONDS = 1e11;

/** Who tells: the name that the gateway has here, and its own that no other has. */
export interface Teller {
  readonly name: string;
  readonly instance: string;
}

/**
 * An event of the stream of faults of a gateway, which may be anything; `undefined` where it is none. Healing is told there twice, or
 * as clearing alone: here it follows from the status of the fault.
 */
export function observedFault({ id = '', data }: ServerEvent, teller: Teller): ObservedFault | undefined {
  const told = fieldsOf(parsed(data));
  const fault = fieldsOf(told?.['fault']);
  if (!told || typeof fault?.['fault_code'] !== 'string') return undefined;
  const type = told['event_type'];
  if (!isType(type)) return undefined;
  const log = told['x-medkit-origin'] ?? LOCAL;
  if (typeof log !== 'string' || log.length > MAX_NAME) return undefined;
  const number = cursorOf(id)?.get(log);
  const passed = instancesIn(told['x-medkit-gateways']);
  if (number === undefined || !Number.isSafeInteger(number) || number < 1 || !passed) return undefined;
  return {
    origin: originOf(log, teller.name),
    id: number,
    timeNs: nanoseconds(told['timestamp']),
    news: newsOf(type, fault['status']),
    told,
    gateways: [...passed, teller.instance],
  };
}

/** The name here of a log of a gateway, which calls it so. */
export function originOf(log: Origin, name: string): Origin {
  return log === LOCAL ? name : `${name}/${log}`;
}

/** What the gateway itself calls it. */
export function logOf(origin: Origin, name: string): Origin {
  return origin === name ? LOCAL : origin.slice(name.length + 1);
}

const TYPES: readonly FaultEventType[] = ['fault_confirmed', 'fault_updated', 'fault_cleared'];

function isType(type: JsonValue | undefined): type is FaultEventType {
  return TYPES.some((each) => each === type);
}

function newsOf(type: FaultEventType, status: JsonValue | undefined): readonly FaultNews[] {
  return type === 'fault_cleared' && status === 'HEALED' ? ['fault_healed', 'fault_cleared'] : [type];
}

/** The epoch where a time is none. */
function nanoseconds(seconds: JsonValue | undefined): bigint {
  const isTime = typeof seconds === 'number' && seconds >= 0 && seconds < MAX_SECONDS;
  return isTime ? BigInt(Math.round(seconds * 1e6)) * 1000n : 0n;
}

/** None in what a gateway tells of its own; `undefined` where it is no list of instances, or a long one. */
function instancesIn(value: JsonValue | undefined): readonly string[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length >= MAX_HOPS) return undefined;
  const names = value.filter((name): name is string => typeof name === 'string' && /^[\w.-]{1,64}$/.test(name));
  return names.length === value.length ? names : undefined;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
