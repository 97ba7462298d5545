import type { FleetChangeMessage } from '@medkit/contract';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

export interface PublishedMessage {
  readonly subject: string;
  /** `Nats-Msg-Id`. */
  readonly id: string;
  readonly body: FleetChangeMessage;
}

/** Reads all messages of a stream, in its order. */
export async function publishedMessages(url: string, stream: string): Promise<readonly PublishedMessage[]> {
  const connection = await connect({ servers: url.slice('nats://'.length) });
  try {
    const { streams } = await jetstreamManager(connection);
    const { state } = await streams.info(stream);
    const messages: PublishedMessage[] = [];
    for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq += 1) {
      const stored = (await streams.getMessage(stream, { seq }))!;
      messages.push({
        ...{ subject: stored.subject, id: stored.header.get('Nats-Msg-Id') },
        body: stored.json<FleetChangeMessage>(),
      });
    }
    return messages;
  } finally {
    await connection.close();
  }
}
