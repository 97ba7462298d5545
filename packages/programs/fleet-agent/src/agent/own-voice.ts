import type { Clock } from '@medkit/edges';
import { type ConnectionState, type Header, type Protocol, type RobotAddress, topicOf } from '@medkit/vda5050';
import type { HeaderIdSource, OwnTopic } from '../serial/header-ids.ts';
import { type Hearing, heardMessage, type Message, type TopicMessage } from '../serial/hearing.ts';
import { ownMessages } from '../serial/own-messages.ts';

export interface OwnVoiceOptions {
  readonly robot: RobotAddress;
  readonly protocol: Protocol;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly ids: HeaderIdSource;
  readonly record: Hearing['record'];
}

/** A message of ours as it goes out. */
export interface OwnMessage {
  readonly topic: string;
  readonly text: string;
}

/** Makes the messages of one process for a robot, and knows them again when they come back. */
export interface OwnVoice {
  connection(state: Exclude<ConnectionState, 'CONNECTION_BROKEN'>): OwnMessage;
  /** What the broker publishes if the connection that is opened next breaks. */
  will(): OwnMessage;
  /** `encode` gives the text with this header, for this topic. */
  message(name: OwnTopic, encode: (header: Header, topic: string) => string): OwnMessage;
  /** Undefined for what is none of the robot's. */
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
