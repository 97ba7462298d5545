import type { Clock, Random } from '@medkit/edges';
import {
  type ConnectionState,
  type Header,
  headerMaker,
  type Protocol,
  type RobotAddress,
  topicOf,
} from '@medkit/vda5050';
import { firstIdIn } from '../serial/header-series.ts';
import { type Hearing, heardMessage, type Message, type TopicMessage } from '../serial/hearing.ts';
import { ownMessages } from '../serial/own-messages.ts';

export interface OwnVoiceOptions {
  readonly robot: RobotAddress;
  readonly protocol: Protocol;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly random: Random;
  /** Of this installation: see serial/header-series.ts. */
  readonly series: number;
}

/** A message of ours as it goes out. */
export interface OwnMessage {
  readonly topic: string;
  readonly text: string;
}

type OwnTopic = 'connection' | 'state' | 'factsheet';

/** Makes the messages of one process for a robot, and knows them again when they come back. */
export interface OwnVoice {
  /** Also for a will, which may be said long after. */
  connection(state: ConnectionState): OwnMessage;
  /** `encode` gives the text with this header, for this topic. */
  message(name: OwnTopic, encode: (header: Header, topic: string) => string): OwnMessage;
  /** Undefined for what is none of the robot's. */
  heard(message: TopicMessage): Message | undefined;
}

export function ownVoice({ robot, protocol, clock, random, series }: OwnVoiceOptions): OwnVoice {
  const headers = (): (() => Header) => headerMaker(robot, () => clock.wallMs(), firstIdIn(series, random));
  const nextHeader: Readonly<Record<OwnTopic, () => Header>> = {
    connection: headers(),
    state: headers(),
    factsheet: headers(),
  };
  const hearing: Hearing = { robot, protocol, own: ownMessages(), series };

  const message: OwnVoice['message'] = (name, encode) => {
    const topic = topicOf(robot, name);
    const text = encode(nextHeader[name](), topic);
    hearing.own.add(topic, text);
    return { topic, text };
  };
  return {
    message,
    connection: (state) => message('connection', (header) => protocol.encodeConnection(header, state)),
    heard: (heard) => heardMessage(hearing, heard),
  };
}
