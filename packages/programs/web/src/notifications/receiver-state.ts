import type { NotifyReceiver } from '@medkit/contract';

export type ReceiverState = 'failing' | 'sending' | 'working' | 'idle';

/** Returns the state of a receiver: its deliveries fail, are in progress, succeeded, or none was sent yet. */
export function receiverState({ problem, waiting, last_delivered }: NotifyReceiver): ReceiverState {
  if (problem) return 'failing';
  if (waiting > 0) return 'sending';
  return last_delivered ? 'working' : 'idle';
}
