import { SovdError } from '@medkit/contract';
import { stringifyJson } from '@medkit/core';

/** A value that is followed, whoever has it. */
export interface FollowedValue {
  /** Grows with all that happens to it; 0 while nothing is known. */
  readonly revision: number;
  /** JSON of a `LiveValue`, the same text for all who ask; `undefined` while nothing is known. */
  text(): string | undefined;
  /** True where whoever is asked has no such item: another gateway may. */
  readonly isMissing: boolean;
  /** It is told once in so many milliseconds at most, from the next time on. */
  pace(periodMs: number): void;
  /** It is followed no more. */
  release(): void;
}

/** Counts what happens to all values: of two that happened, the later has the greater number. */
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

/** Why a value cannot be had, as events tell it. What is no `SovdError` keeps its wording to itself. */
export function problemText(error: unknown): string {
  const shown = error instanceof SovdError ? error : new SovdError({ code: 'internal-error' });
  const { error_code, message, vendor_code } = shown.body();
  return stringifyJson({ error_code, message, ...(vendor_code && { vendor_code }) });
}
