import { type Protocol, type RobotAddress, type TopicName, topicNameIn } from '@medkit/vda5050';
import type { SentMessages } from './sent-messages.ts';
import type { SerialRecord } from './serial-file.ts';
import type { ReceivedMessage } from './serial-state.ts';

/** A message of a broker. */
export interface TopicMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retained: boolean;
}

/** A classified message: evidence about who publishes, or a message of fleet control. */
export type Message =
  | { readonly of: 'robot'; readonly received: ReceivedMessage; readonly text: string }
  | { readonly of: 'fleet'; readonly topic: 'order' | 'instantActions' };

export interface ClassificationContext {
  readonly robot: RobotAddress;
  readonly protocol: Protocol;
  readonly sent: SentMessages;
  /** What this installation has stored of its last messages. */
  record(): Pick<SerialRecord, 'online' | 'series'>;
}

/**
 * Classifies a message. An unreadable message still shows that its sender publishes. An empty message clears the retained
 * message of a topic: it is ignored, except on `connection`, where it ends the retained message.
 */
export function classifyMessage(classification: ClassificationContext, message: TopicMessage): Message | undefined {
  const topic = topicNameIn(classification.robot, message.topic);
  if (topic === undefined) return undefined;
  if (message.payload.length === 0 && topic !== 'connection') return undefined;
  if (isOfFleet(topic)) return { of: 'fleet', topic };
  const text = Buffer.from(message.payload).toString('utf8');
  const isRetained = message.retained;
  const isFromSelf = classification.sent.has(message.topic, text);
  if (topic !== 'connection') return { of: 'robot', text, received: { topic, isRetained, isFromSelf } };
  return { of: 'robot', text, received: { topic, isRetained, ...connectionWord(classification, message, isFromSelf) } };
}

const isOfFleet = (topic: TopicName): topic is 'order' | 'instantActions' =>
  topic === 'order' || topic === 'instantActions';

function connectionWord(
  { protocol, record }: ClassificationContext,
  { payload, retained }: TopicMessage,
  isFromSelf: boolean,
) {
  try {
    const { header, content } = protocol.decodeConnection(payload);
    const { online, series } = record();
    const isLeft = online.includes(Buffer.from(payload).toString('utf8')) || header.headerId >>> 16 === series;
    // A running process of this installation is detected by its states; its retained messages count as own.
    return { isFromSelf: isFromSelf || (retained && isLeft), connection: content };
  } catch {
    // An unreadable message does not count as ONLINE. Other messages identify the sender.
    return { isFromSelf };
  }
}
