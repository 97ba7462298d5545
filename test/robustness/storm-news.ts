import type { Fault } from '@medkit/core';

/** What a robot finds of a fault when it starts. */
export interface FoundFault {
  readonly code: string;
  readonly status: string;
  /** The number of the last FAILED report. */
  readonly description: string;
  readonly counter: number;
  readonly occurrenceCount: number;
  readonly lastOccurredNs: string;
}

export const foundFault = ({
  code,
  status,
  description,
  counter,
  occurrenceCount,
  lastOccurredNs,
}: Fault): FoundFault => ({
  code,
  status,
  description,
  counter,
  occurrenceCount,
  lastOccurredNs: String(lastOccurredNs),
});

/** A line that a robot in a storm prints. Whatever it tells is on disk by then. */
export type StormNews =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'open'; readonly found: readonly FoundFault[] }
  | {
      readonly kind: 'reported';
      readonly code: string;
      /** Which FAILED report of its code it was, from 1; the description of the fault too. */
      readonly number: number;
      readonly counter: number;
      readonly occurrenceCount: number;
      readonly lastOccurredNs: string;
    }
  | { readonly kind: 'cleared'; readonly code: string; readonly occurrenceCount: number }
  | {
      readonly kind: 'event';
      readonly id: number;
      readonly type: string;
      readonly code: string;
      readonly description: string;
    };
