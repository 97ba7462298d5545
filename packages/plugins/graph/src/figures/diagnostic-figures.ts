import type { RosMessage, RosValue } from '@medkit/ros2';

/** Figures of a topic in a `/diagnostics` status; absent values were not published. */
export interface DiagnosticFigures {
  readonly frequencyHz?: number;
  readonly latencyMs?: number;
  readonly dropRatePercent?: number;
  readonly expectedFrequencyHz?: number;
}

/** Keys of monitors that publish figures of topics, such as those of NITROS. */
const KEYS = {
  messageRate: 'frame_rate_msg',
  nodeRate: 'frame_rate_node',
  delay: 'current_delay_from_realtime_ms',
  dropRates: ['drop_rate_percent', 'drop_rate'],
  expected: 'expected_frequency',
  droppedFrames: 'total_dropped_frames',
} as const;
const RELEVANT: ReadonlySet<string> = new Set([
  KEYS.messageRate,
  KEYS.nodeRate,
  KEYS.delay,
  ...KEYS.dropRates,
  KEYS.expected,
  // A total is not a current figure, but identifies a monitor.
  KEYS.droppedFrames,
]);

/**
 * Returns the figures in the values of a `diagnostic_msgs/msg/DiagnosticStatus`; `undefined` if it does not describe a
 * topic. Values that are not numbers are ignored.
 */
export function diagnosticFigures(values: readonly RosMessage[]): DiagnosticFigures | undefined {
  const said = new Map<string, number | undefined>();
  for (const { key, value } of values) {
    if (typeof key === 'string' && RELEVANT.has(key)) said.set(key, decimal(value));
  }
  if (said.size === 0) return undefined;
  const messageRate = said.get(KEYS.messageRate);
  // A monitor that has not seen a stamped message yet still knows the rate of its node.
  const frequencyHz = messageRate === 0 ? said.get(KEYS.nodeRate) : messageRate;
  const latencyMs = said.get(KEYS.delay);
  const dropRatePercent = KEYS.dropRates.map((key) => said.get(key)).find((rate) => rate !== undefined && rate >= 0);
  const expectedFrequencyHz = said.get(KEYS.expected);
  return {
    ...(isAboveZero(frequencyHz) && { frequencyHz }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(dropRatePercent !== undefined && { dropRatePercent }),
    ...(isAboveZero(expectedFrequencyHz) && { expectedFrequencyHz }),
  };
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Parses a text that is a finite number. */
function decimal(text: RosValue): number | undefined {
  if (typeof text !== 'string' || !DECIMAL.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function isAboveZero(value: number | undefined): value is number {
  return value !== undefined && value > 0;
}
