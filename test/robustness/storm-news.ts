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

/** The text of the last FAILED report of a fault, which keeps the first one of its occurrence as its description. */
export const lastText = ({ description, latestDescription }: Fault): string => latestDescription ?? description;

export const foundFault = (fault: Fault): FoundFault => ({
  code: fault.code,
  status: fault.status,
  description: lastText(fault),
  counter: fault.counter,
  occurrenceCount: fault.occurrenceCount,
  lastOccurredNs: String(fault.lastOccurredNs),
});

/** A line that a robot in a storm prints. Whatever it tells is on disk by then. */
export type StormNews =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'open'; readonly found: readonly FoundFault[] }
  | {
      readonly kind: 'reported';
      readonly code: string;
      /** Which FAILED report of its code it was, from 1; the last text of the fault too. */
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
