/** What stands before the name of a receiver in the keys of its options. */
export const RECEIVER_PREFIX = 'notify.receivers.';

/** True for a key that is about one receiver, whatever it says of it. */
export function isReceiverKey(key: string): boolean {
  return key.startsWith(RECEIVER_PREFIX);
}

export const isReceiverName = (name: string): boolean => /^[\w-]{1,64}$/.test(name);
