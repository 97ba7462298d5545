import type { ReceivedMessage, SerialState, StepContext } from './serial-state.ts';

/** Records a message on the topic `connection`, and which own messages the broker has returned. */
export function withConnectionMessage(
  standing: SerialState,
  message: ReceivedMessage,
  { nowMs }: StepContext,
): SerialState {
  if (message.topic !== 'connection') return standing;
  const { said } = standing;
  // The will of a broken own connection is an own message too, but was not published by this process.
  const isEcho = message.isFromSelf && !message.isRetained && message.connection !== 'CONNECTION_BROKEN';
  return {
    ...standing,
    lastConnectionMessage: message,
    ...(isEcho && said && { said: { ...said, unreturned: Math.max(0, said.unreturned - 1), lastReturnedMs: nowMs } }),
  };
}

/** Returns the reason why a message proves that another client publishes, or `undefined` if it does not. */
export function otherClient(
  message: ReceivedMessage,
  { takesOver }: SerialState,
  { name }: StepContext,
): string | undefined {
  const { topic, isFromSelf, isRetained, connection } = message;
  if (isFromSelf) return undefined;
  if (topic !== 'connection') {
    // Some clients retain states and factsheets, which remain at the broker after the client has disconnected.
    return isRetained ? undefined : `another client publishes for ${name}: it sent a message on the topic ${topic}`;
  }
  if (connection !== 'ONLINE') return undefined;
  if (!isRetained) return `another client publishes for ${name}: it sent ONLINE`;
  if (takesOver) return undefined;
  return `the broker retains an ONLINE of another client of ${name}`;
}
