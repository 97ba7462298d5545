import type { RosMessage, RosValue } from '@medkit/ros2';

/** What a status of `/diagnostics` says of a topic; each only where some status said it. */
export interface DiagnosticFigures {
  readonly frequencyHz?: number;
  readonly latencyMs?: number;
  readonly dropRatePercent?: number;
  readonly expectedFrequencyHz?: number;
}

/** The keys of monitors that publish figures of topics, as those of NITROS do. */
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
  // A total says nothing of now, but who counts it is a monitor.
  KEYS.droppedFrames,
]);

/**
 * The figures among the values of one `diagnostic_msgs/msg/DiagnosticStatus`; `undefined` where it is not about a topic.
 * What cannot be read as a number is as if it were not there.
 */
export function diagnosticFigures(values: readonly RosMessage[]): DiagnosticFigures | undefined {
  const said = new Map<string, number | undefined>();
  for (const { key, value } of values) {
    if (typeof key === 'string' && RELEVANT.has(key)) said.set(key, decimal(value));
  }
  if (said.size === 0) return undefined;
  const messageRate = said.get(KEYS.messageRate);
  // A monitor that has seen no stamped message yet still knows how often its node worked.
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

/** A text that is a finite number and nothing else. */
function decimal(text: RosValue): number | undefined {
  if (typeof text !== 'string' || !DECIMAL.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function isAboveZero(value: number | undefined): value is number {
  return value !== undefined && value > 0;
}
