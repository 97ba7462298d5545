import type { Heard, SerialMoment, Standing } from './standing.ts';

/** Takes down what is said on the topic `connection`, and which of our own words have come back. */
export function withWord(standing: Standing, message: Heard, { nowMs }: SerialMoment): Standing {
  if (message.topic !== 'connection') return standing;
  const { said } = standing;
  // The will of a connection of ours that broke is ours, too, and said by nobody.
  const isEcho = message.isOwn && !message.isRetained && message.connection !== 'CONNECTION_BROKEN';
  return {
    ...standing,
    lastWord: message,
    ...(isEcho && said && { said: { ...said, unheard: Math.max(0, said.unheard - 1), heardMs: nowMs } }),
  };
}

/** Why a message shows that another client speaks, in words; undefined where it does not. */
export function otherClient(message: Heard, { takesOver }: Standing, { name }: SerialMoment): string | undefined {
  const { topic, isOwn, isRetained, connection } = message;
  if (isOwn) return undefined;
  if (topic !== 'connection') {
    // Some keep their states and factsheets at the broker, where they outlive them.
    return isRetained ? undefined : `another client speaks for ${name}: it was heard on the topic ${topic}`;
  }
  if (connection !== 'ONLINE') return undefined;
  if (!isRetained) return `another client speaks for ${name}: it said that it is ONLINE`;
  if (takesOver) return undefined;
  return `the broker keeps an ONLINE of another client of ${name}`;
}
