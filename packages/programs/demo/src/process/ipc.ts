import type { ReceiverAddress } from '../receiver/webhook-receiver.ts';

/** A message of a demo process to its parent. */
export type ChildReport =
  | { readonly kind: 'starting'; readonly part: string }
  /** Only the robot has a receiver, and only the fleet a broker. */
  | { readonly kind: 'ready'; readonly receiver?: ReceiverAddress; readonly broker?: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly text: string };

/** Sends a message to the parent process, if it still runs. */
export function report(message: ChildReport): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
