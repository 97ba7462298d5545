import type { SubscriptionInterval } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

const INTERVALS = ['fast', 'normal', 'slow'] as const satisfies readonly SubscriptionInterval[];

/** The intervals in words, for help. */
export const SUBSCRIPTION_INTERVALS = 'fast (50 ms), normal (200 ms) or slow (500 ms)';

/** The interval that an option names. Throws `CommandFailed` for anything else. */
export function subscriptionInterval(value: unknown): SubscriptionInterval {
  if (value === undefined) return 'normal';
  const interval = INTERVALS.find((name) => name === value);
  if (interval !== undefined) return interval;
  throw new CommandFailed(`--interval: expected ${SUBSCRIPTION_INTERVALS}, found "${value}"`, ExitCode.usage);
}
