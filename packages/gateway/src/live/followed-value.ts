import { SovdError } from '@medkit/contract';
import { stringifyJson } from '@medkit/core';

/** A followed value, of this gateway or a peer. */
export interface FollowedValue {
  /** Increases with every change; 0 until the first one. */
  readonly revision: number;
  /** JSON of a `LiveValue`, serialised once for all clients; `undefined` until the first change. */
  text(): string | undefined;
  /** True if this place has no such item; a peer may have it. */
  readonly isMissing: boolean;
  /** Limits updates to one per period, from the next update on. */
  pace(periodMs: number): void;
  /** Stops following the value. */
  release(): void;
}

/** Numbers the changes of all values, in ascending order. */
export interface Revisions {
  readonly last: number;
  next(): number;
}

export function revisions(): Revisions {
  let last = 0;
  return {
    get last() {
      return last;
    },
    next: () => ++last,
  };
}

/** Returns the error of a value as JSON for events. Does not disclose the message of other errors than `SovdError`. */
export function problemText(error: unknown): string {
  const failure = error instanceof SovdError ? error : new SovdError({ code: 'internal-error' });
  const { error_code, message, vendor_code } = failure.body();
  return stringifyJson({ error_code, message, ...(vendor_code && { vendor_code }) });
}
