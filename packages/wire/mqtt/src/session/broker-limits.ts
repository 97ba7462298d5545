import type { PublishOptions } from '../broker-connection.ts';

/** Limits that a broker announces with MQTT 5 when it accepts a connection. MQTT 3.1.1 has no such announcement. */
export interface BrokerLimits {
  readonly maxPacketBytes?: number;
  /** Maximum unacknowledged messages of QoS 1. */
  readonly receiveMaximum?: number;
  readonly maxQos?: number;
  readonly retains?: boolean;
}

/** A message to be sent. */
export interface OutgoingMessage extends PublishOptions {
  readonly topic: string;
  readonly payload: string;
}

/** Returns why a broker with these limits would end the connection for a message, or `undefined` if it would not. */
export function limitProblem(limits: BrokerLimits, message: OutgoingMessage): string | undefined {
  const { topic, qos, retain } = message;
  const { maxPacketBytes = Number.POSITIVE_INFINITY, maxQos = 2, retains = true } = limits;
  const bytes = publishBytes(message);
  if (bytes > maxPacketBytes) {
    return `the message to ${topic} has ${bytes} bytes, but the broker accepts at most ${maxPacketBytes}: shorten it, or raise max_packet_size of the broker`;
  }
  if (qos > maxQos) return `the broker does not support QoS ${qos}, which the message to ${topic} needs`;
  if (retain && !retains) return `the broker does not support retained messages, which the message to ${topic} needs`;
  return undefined;
}

/** Size of a PUBLISH packet without properties (MQTT 5.0, 3.3). */
function publishBytes({ topic, payload, qos }: OutgoingMessage): number {
  const rest = 2 + Buffer.byteLength(topic) + (qos > 0 ? 2 : 0) + 1 + Buffer.byteLength(payload);
  return 1 + lengthBytes(rest) + rest;
}

/** Size of a Variable Byte Integer (MQTT 5.0, 1.5.5). */
const lengthBytes = (length: number): number => (length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4);
