/**
 * A state waits for the one before to come back, or for two seconds, and a broker that gives nothing back is left after the
 * keepalive: so many are never on their way.
 */
const MAX_KEPT = 64;

/** Messages that were sent and may come back, as everything on the topics of the robot does. */
export interface OwnMessages {
  add(topic: string, text: string): void;
  has(topic: string, text: string): boolean;
}

/** Ours are known by all of their text: no two have the same header, and nobody else has one of ours. */
export function ownMessages(): OwnMessages {
  const kept = new Set<string>();
  const keyOf = (topic: string, text: string): string => `${topic} ${text}`;
  return {
    add(topic, text) {
      kept.add(keyOf(topic, text));
      for (const oldest of kept) {
        if (kept.size <= MAX_KEPT) return;
        kept.delete(oldest);
      }
    },
    has: (topic, text) => kept.has(keyOf(topic, text)),
  };
}
