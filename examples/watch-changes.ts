/**
 * Prints the changes of a fleet that a hub publishes to NATS, each once, also after a restart of this program:
 * `npm run example -- examples/watch-changes.ts CHANGES_my-hub nats.example.com:4222`. See docs/guides/nats.md.
 */
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const [stream = 'CHANGES_hub', servers = '127.0.0.1:4222'] = process.argv.slice(2);
const connection = await connect({ servers, maxReconnectAttempts: -1 });
const manager = await jetstreamManager(connection);
// The server remembers what this consumer has acknowledged.
await manager.consumers.add(stream, { durable_name: 'watch-changes', ack_policy: AckPolicy.Explicit });
const consumer = await jetstream(connection).consumers.get(stream, 'watch-changes');
for await (const message of await consumer.consume()) {
  const { at, topic, change, robot = '-', event, id } = message.json<Readonly<Record<string, string>>>();
  const code = Object(event).fault?.fault_code ?? '';
  console.log(at, topic, change, robot, code, id);
  message.ack();
}
