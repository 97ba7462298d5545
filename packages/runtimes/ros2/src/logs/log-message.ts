import type { LogSeverity } from '@medkit/contract';
import type { LogRecord } from '@medkit/core';
import type { RosMessage } from '@medkit/ros2';

/** Type of what is published on `/rosout`. */
export const LOG_TYPE = 'rcl_interfaces/msg/Log';

/** `rcl_interfaces/msg/Log.level`; what is none of these counts as `debug`. */
const SEVERITIES: Readonly<Record<number, LogSeverity>> = {
  10: 'debug',
  20: 'info',
  30: 'warning',
  40: 'error',
  50: 'fatal',
};

const NS_PER_S = 1_000_000_000n;

/** A message of type `rcl_interfaces/msg/Log` as a record; `undefined` for one of another definition of that type. */
export function recordOf({ stamp, level, name, msg, file, function: from, line }: RosMessage): LogRecord | undefined {
  if (typeof name !== 'string' || typeof msg !== 'string') return undefined;
  return {
    timestampNs: nanosecondsOf(stamp as RosMessage | undefined),
    severity: SEVERITIES[Number(level)] ?? 'debug',
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
