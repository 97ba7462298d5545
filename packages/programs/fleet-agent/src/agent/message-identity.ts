import type { Clock } from '@medkit/edges';
import { type ConnectionState, type Header, type Protocol, type RobotAddress, topicOf } from '@medkit/vda5050';
import {
  type ClassificationContext,
  classifyMessage,
  type Message,
  type TopicMessage,
} from '../serial/classify-message.ts';
import type { HeaderIdSource, PublishedTopic } from '../serial/header-ids.ts';
import { sentMessages } from '../serial/sent-messages.ts';

export interface MessageIdentityOptions {
  readonly robot: RobotAddress;
  readonly protocol: Protocol;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly ids: HeaderIdSource;
  readonly record: ClassificationContext['record'];
}

/** An outgoing message of this agent. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly text: string;
}

/** Creates the messages of this process for a robot, and recognizes them when the broker returns them. */
export interface MessageIdentity {
  connection(state: Exclude<ConnectionState, 'CONNECTION_BROKEN'>): OutgoingMessage;
  /** Returns the will: the message that the broker publishes if the next connection breaks. */
  will(): OutgoingMessage;
  /** Creates a message. `encode` returns the text with this header for this topic. */
  message(name: PublishedTopic, encode: (header: Header, topic: string) => string): OutgoingMessage;
  /** Returns `undefined` for a message that does not belong to the robot. */
  classify(message: TopicMessage): Message | undefined;
}

export function messageIdentity({ robot, protocol, clock, ids, record }: MessageIdentityOptions): MessageIdentity {
  const classification: ClassificationContext = { robot, protocol, sent: sentMessages(), record };
  const { version, manufacturer, serialNumber } = robot;
  const header = (headerId: number): Header => {
    const timestamp = new Date(clock.wallMs()).toISOString();
    return { headerId, timestamp, version, manufacturer, serialNumber };
  };
  const remembered = (topic: string, text: string): OutgoingMessage => {
    classification.sent.add(topic, text);
    return { topic, text };
  };
  const message: MessageIdentity['message'] = (name, encode) => {
    const topic = topicOf(robot, name);
    return remembered(topic, encode(header(ids.take(name)), topic));
  };
  return {
    message,
    connection: (state) => message('connection', (header) => protocol.encodeConnection(header, state)),
    will() {
      const text = protocol.encodeConnection(header(ids.takeForWill()), 'CONNECTION_BROKEN');
      return remembered(topicOf(robot, 'connection'), text);
    },
    classify: (received) => classifyMessage(classification, received),
  };
}
