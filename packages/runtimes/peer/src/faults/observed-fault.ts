import type { ServerEvent } from '@medkit/client';
import {
  cursorOf,
  type FaultEventType,
  type FaultStreamEventType,
  fieldsOf,
  type JsonValue,
  LOCAL,
  type ObservedFault,
  type Origin,
  parseJson,
} from '@medkit/core';

/** Maximum characters of the name of a gateway shown by another one, and maximum gateways that an event may pass. */
const MAX_NAME = 256;
const MAX_HOPS = 8;
/** Seconds since 1970 beyond which a time is invalid. */
const MAX_SECONDS = 1e11;

/** The followed gateway: its local name and its unique instance. */
export interface FollowedGateway {
  readonly name: string;
  readonly instance: string;
}

/**
 * Parses an event of a gateway's fault stream; `undefined` if it is invalid. That stream reports healing twice, or only
 * as cleared; here it is derived from the status of the fault.
 */
export function observedFault(
  { id = '', data }: ServerEvent,
  followedGateway: FollowedGateway,
): ObservedFault | undefined {
  const event = fieldsOf(parsed(data));
  const fault = fieldsOf(event?.['fault']);
  if (!event || typeof fault?.['fault_code'] !== 'string') return undefined;
  const type = event['event_type'];
  if (!isType(type)) return undefined;
  const log = event['x-medkit-origin'] ?? LOCAL;
  if (typeof log !== 'string' || log.length > MAX_NAME) return undefined;
  const number = cursorOf(id)?.get(log);
  const passed = instancesIn(event['x-medkit-gateways']);
  if (number === undefined || !Number.isSafeInteger(number) || number < 1 || !passed) return undefined;
  return {
    origin: originOf(log, followedGateway.name),
    id: number,
    timeNs: nanoseconds(event['timestamp']),
    news: streamEventTypes(type, fault['status']),
    event,
    gateways: [...passed, followedGateway.instance],
  };
}

/** Returns the local name of a log of a gateway. */
export function originOf(log: Origin, name: string): Origin {
  return log === LOCAL ? name : `${name}/${log}`;
}

/** Returns the gateway's own name of a log. */
export function logOf(origin: Origin, name: string): Origin {
  return origin === name ? LOCAL : origin.slice(name.length + 1);
}

const TYPES: readonly FaultEventType[] = ['fault_confirmed', 'fault_updated', 'fault_cleared'];

function isType(type: JsonValue | undefined): type is FaultEventType {
  return TYPES.some((each) => each === type);
}

function streamEventTypes(type: FaultEventType, status: JsonValue | undefined): readonly FaultStreamEventType[] {
  return type === 'fault_cleared' && status === 'HEALED' ? ['fault_healed', 'fault_cleared'] : [type];
}

/** Returns the epoch for an invalid time. */
function nanoseconds(seconds: JsonValue | undefined): bigint {
  const isTime = typeof seconds === 'number' && seconds >= 0 && seconds < MAX_SECONDS;
  return isTime ? BigInt(Math.round(seconds * 1e6)) * 1000n : 0n;
}

/**
 * Returns the instances in a list; empty if absent, as for a gateway's own events; `undefined` if the list is invalid
 * or too long.
 */
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
