import { atLeast, type BeaconSettings, hintOptions, hintSettings } from '@medkit/beacon';
import Type from 'typebox';

const TTL_SEC = 15;
/** One day: longer intervals are not useful for polling. */
const MAX_SEC = 86_400;
const MIN_SEC = 0.1;
/** A hint survives two failed polls. */
const INTERVALS_PER_TTL = 3;

const seconds = (value: number, description: string) => Type.Number({ default: value, maximum: MAX_SEC, description });

export const Options = Type.Object(
  {
    parameter_prefix: Type.String({
      default: 'ros2_medkit.discovery',
      minLength: 1,
      description: 'Prefix of the parameter names.',
    }),
    poll_interval_sec: seconds(5, 'Seconds between the end of a round and the next round.'),
    poll_budget_sec: seconds(10, 'Seconds after which a round polls no further node.'),
    param_timeout_sec: seconds(2, 'Seconds within which a node must answer.'),
    client_eviction_sec: seconds(60, 'Seconds after which the clients of a missing node are closed.'),
    ...hintOptions(TTL_SEC),
  },
  { additionalProperties: false },
);
export type Options = Type.Static<typeof Options>;

export interface PollSettings {
  readonly prefix: string;
  readonly intervalMs: number;
  readonly budgetMs: number;
  readonly timeoutMs: number;
  readonly evictionMs: number;
}

export interface ParamBeaconSettings {
  readonly poll: PollSettings;
  readonly hints: BeaconSettings;
}

/** Converts the options to settings; calls `notice` for each value that was changed. */
export function settingsOf(options: Options, notice: (message: string) => void): ParamBeaconSettings {
  const { poll_interval_sec, poll_budget_sec, param_timeout_sec, client_eviction_sec } = options;
  const intervalSec = atLeast('poll_interval_sec', poll_interval_sec, MIN_SEC, notice);
  const budgetSec = atLeast('poll_budget_sec', poll_budget_sec, MIN_SEC, notice);
  const timeoutSec = atLeast('param_timeout_sec', param_timeout_sec, MIN_SEC, notice);
  const evictionSec = atLeast('client_eviction_sec', client_eviction_sec, 0, notice);
  if (budgetSec <= timeoutSec) {
    notice(
      'poll_budget_sec should be more than param_timeout_sec: a node that does not answer can use up a whole round',
    );
  }
  const ttlSec =
    options.beacon_ttl_sec > intervalSec ? options.beacon_ttl_sec : Math.max(MIN_SEC, intervalSec * INTERVALS_PER_TTL);
  if (ttlSec !== options.beacon_ttl_sec) {
    notice(`beacon_ttl_sec must be more than poll_interval_sec; ${ttlSec} is used`);
  }
  return {
    poll: {
      prefix: options.parameter_prefix,
      intervalMs: intervalSec * 1000,
      budgetMs: budgetSec * 1000,
      timeoutMs: timeoutSec * 1000,
      evictionMs: evictionSec * 1000,
    },
    hints: hintSettings({ ...options, beacon_ttl_sec: ttlSec }, notice),
  };
}
