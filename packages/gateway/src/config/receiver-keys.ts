/** Prefix of the keys with options of a receiver, before its name. */
export const RECEIVER_PREFIX = 'notify.receivers.';

/** Returns whether a key belongs to a receiver. */
export function isReceiverKey(key: string): boolean {
  return key.startsWith(RECEIVER_PREFIX);
}

export const isReceiverName = (name: string): boolean => /^[\w-]{1,64}$/.test(name);
