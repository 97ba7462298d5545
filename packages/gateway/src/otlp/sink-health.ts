import type { RuntimeHealth, Warning } from '@medkit/core';
import type { BatchForwarder } from '@medkit/entities';

export interface SinkHealthOptions {
  /** Name of the block of `/health`. */
  readonly block: string;
  /** Code of the warning if the receiver is unreachable. */
  readonly code: Warning['code'];
  /** What is sent, in the plural at the beginning of a sentence, and what the queue contains. */
  readonly subject: string;
  readonly entries: string;
  /** Further figures of the block. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** Returns the state of a receiver for `/health`, with a warning if it is unreachable. */
export function sinkHealth(
  forwarder: Pick<BatchForwarder<unknown>, 'name' | 'state'>,
  { block, code, subject, entries, figures }: SinkHealthOptions,
): RuntimeHealth {
  const state = forwarder.state();
  const { origin, queued, last_error } = state;
  const message = `${subject} are not sent to ${origin}, ${queued} ${entries} are queued: ${last_error}`;
  return {
    warnings: state.state === 'retrying' ? [{ code, message }] : [],
    blocks: { [block]: { [forwarder.name]: { ...state, ...figures } } },
  };
}
