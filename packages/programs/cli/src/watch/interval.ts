import type { SubscriptionInterval } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

const INTERVALS = ['fast', 'normal', 'slow'] as const satisfies readonly SubscriptionInterval[];

/** The intervals as text for help. */
export const SUBSCRIPTION_INTERVALS = 'fast (50 ms), normal (200 ms) or slow (500 ms)';

/** Parses the `--interval` option. Throws `CommandFailed` for unknown values. */
export function subscriptionInterval(value: unknown): SubscriptionInterval {
  if (value === undefined) return 'normal';
  const interval = INTERVALS.find((name) => name === value);
  if (interval !== undefined) return interval;
  throw new CommandFailed(`--interval: expected ${SUBSCRIPTION_INTERVALS}, found "${value}"`, ExitCode.usage);
}
