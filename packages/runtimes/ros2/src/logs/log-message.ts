import type { LogSeverity } from '@medkit/contract';
import type { LogRecord } from '@medkit/core';
import type { RosMessage } from '@medkit/ros2';

/** Type of the messages on `/rosout`. */
export const LOG_TYPE = 'rcl_interfaces/msg/Log';

/** `rcl_interfaces/msg/Log.level`, most severe first. A level between two counts as the lower one. */
const SEVERITIES: readonly (readonly [least: number, severity: LogSeverity])[] = [
  [50, 'fatal'],
  [40, 'error'],
  [30, 'warning'],
  [20, 'info'],
];

/** Returns the severity of a level. Undefined levels, such as 45 or 60, are rounded down to the next defined one. */
export function severityOf(level: number): LogSeverity {
  return SEVERITIES.find(([least]) => level >= least)?.[1] ?? 'debug';
}

const NS_PER_S = 1_000_000_000n;

/** Converts a `rcl_interfaces/msg/Log` to a record; `undefined` if the type has a different definition. */
export function recordOf({ stamp, level, name, msg, file, function: from, line }: RosMessage): LogRecord | undefined {
  if (typeof name !== 'string' || typeof msg !== 'string') return undefined;
  return {
    timestampNs: nanosecondsOf(stamp as RosMessage | undefined),
    severity: severityOf(Number(level)),
    logger: name.startsWith('/') ? name.slice(1) : name,
    message: msg,
    ...(typeof from === 'string' && from !== '' && { function: from }),
    ...(typeof file === 'string' && file !== '' && { file }),
    ...(typeof line === 'number' && line > 0 && { line }),
  };
}

function nanosecondsOf({ sec, nanosec }: RosMessage = {}): bigint {
  return BigInt(Number(sec) || 0) * NS_PER_S + BigInt(Number(nanosec) || 0);
}
