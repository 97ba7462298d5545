import type { Clock } from '@medkit/edges';
import { type ConnectionState, type Header, type Protocol, type RobotAddress, topicOf } from '@medkit/vda5050';
import { type Hearing, heardMessage, type Message, type TopicMessage } from '../serial/classify-message.ts';
import type { HeaderIdSource, OwnTopic } from '../serial/header-ids.ts';
import { ownMessages } from '../serial/sent-messages.ts';

export interface OwnVoiceOptions {
  readonly robot: RobotAddress;
  readonly protocol: Protocol;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly ids: HeaderIdSource;
  readonly record: Hearing['record'];
}

/** An outgoing message of this agent. */
export interface OwnMessage {
  readonly topic: string;
  readonly text: string;
}

/** Creates the messages of this process for a robot, and recognizes them when the broker returns them. */
export interface OwnVoice {
  connection(state: Exclude<ConnectionState, 'CONNECTION_BROKEN'>): OwnMessage;
  /** Returns the will: the message that the broker publishes if the next connection breaks. */
  will(): OwnMessage;
  /** Creates a message. `encode` returns the text with this header for this topic. */
  message(name: OwnTopic, encode: (header: Header, topic: string) => string): OwnMessage;
  /** Returns `undefined` for a message that does not belong to the robot. */
  heard(message: TopicMessage): Message | undefined;
}

export function ownVoice({ robot, protocol, clock, ids, record }: OwnVoiceOptions): OwnVoice {
  const hearing: Hearing = { robot, protocol, own: ownMessages(), record };
  const { version, manufacturer, serialNumber } = robot;
  const header = (headerId: number): Header => {
    const timestamp = new Date(clock.wallMs()).toISOString();
    return { headerId, timestamp, version, manufacturer, serialNumber };
  };
  const remembered = (topic: string, text: string): OwnMessage => {
    hearing.own.add(topic, text);
    return { topic, text };
  };
  const message: OwnVoice['message'] = (name, encode) => {
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
    heard: (heard) => heardMessage(hearing, heard),
  };
}
