import type { Fault } from '@medkit/core';

/** A fault as found by a robot at its start. */
export interface FoundFault {
  readonly code: string;
  readonly status: string;
  /** The number of the last FAILED report. */
  readonly description: string;
  readonly counter: number;
  readonly occurrenceCount: number;
  readonly lastOccurredNs: string;
}

/**
 * Returns the text of the last FAILED report of a fault; its description is that of the first one of the occurrence.
 */
export const lastText = ({ description, latestDescription }: Fault): string => latestDescription ?? description;

export const foundFault = (fault: Fault): FoundFault => ({
  code: fault.code,
  status: fault.status,
  description: lastText(fault),
  counter: fault.counter,
  occurrenceCount: fault.occurrenceCount,
  lastOccurredNs: String(fault.lastOccurredNs),
});

/** A line that a robot in a storm prints. Its content is on disk by then. */
export type StormEvents =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'open'; readonly found: readonly FoundFault[] }
  | {
      readonly kind: 'reported';
      readonly code: string;
      /** Number of this FAILED report of its code, from 1; also the last text of the fault. */
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
