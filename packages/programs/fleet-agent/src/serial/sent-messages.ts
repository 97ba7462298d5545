/**
 * Maximum number of pending messages. It is never reached: a state waits until the previous one returns or for a timeout, and an
 * unresponsive broker is disconnected after the keepalive.
 */
const MAX_MESSAGES = 64;

/** Sent messages that the broker may return, because the agent subscribes to all topics of the robot. */
export interface SentMessages {
  add(topic: string, text: string): void;
  has(topic: string, text: string): boolean;
}

/** Recognizes own messages by their full text: every header is unique. */
export function sentMessages(): SentMessages {
  const keys = new Set<string>();
  const keyOf = (topic: string, text: string): string => `${topic} ${text}`;
  return {
    add(topic, text) {
      keys.add(keyOf(topic, text));
      for (const oldest of keys) {
        if (keys.size <= MAX_MESSAGES) return;
        keys.delete(oldest);
      }
    },
    has: (topic, text) => keys.has(keyOf(topic, text)),
  };
}
