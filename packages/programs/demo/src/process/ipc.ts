import type { ReceiverAddress } from '../receiver/webhook-receiver.ts';

/** What a process of the demo tells the one that started it. */
export type ChildReport =
  | { readonly kind: 'starting'; readonly part: string }
  /** The robot alone has a receiver, and the fleet alone the address of a broker. */
  | { readonly kind: 'ready'; readonly receiver?: ReceiverAddress; readonly broker?: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly text: string };

/** Tells the process that started this one; without one, or one that has just ended, there is nobody to tell. */
export function report(message: ChildReport): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
