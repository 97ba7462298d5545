import { errorMessage } from '@medkit/core';
import type { Files } from '@medkit/edges';
import { jetstream, jetstreamManager, type StreamInfo } from '@nats-io/jetstream';
import { connect, type NatsConnection, nanos } from '@nats-io/transport-node';
import { type ChangeSubjects, includesSubject } from './change-subjects.ts';
import { natsAuthenticator } from './nats-credentials.ts';
import { isSupported, OLDEST_NATS } from './nats-version.ts';
import type { ChangeStream } from './publish-lanes.ts';

const CONNECT_TIMEOUT_MS = 5000;
/** Time for the acknowledgement of a message. A later one is lost: the message is sent again, with the same id. */
const ACK_TIMEOUT_MS = 5000;
const HOUR_MS = 3_600_000;
/** Age of the changes in a new stream. */
const MAX_AGE_MS = 24 * HOUR_MS;
/** Time in which the server recognizes a repeated message: longer than the longest delay between two attempts. */
const DUPLICATE_WINDOW_MS = 600_000;
/** Bytes of headers and protocol of a message. */
const OVERHEAD_BYTES = 1024;
const STREAM_NOT_FOUND = 10_059;

export interface NatsSettings {
  readonly servers: readonly string[];
  readonly credentials_file: string;
}

interface OpenStreamOptions {
  readonly settings: NatsSettings;
  readonly subjects: ChangeSubjects;
  readonly files: Pick<Files, 'readText'>;
}

/** Connects to one of the servers. Throws with the remedy. The client does not reconnect by itself. */
export async function connectNats(
  { servers, credentials_file: path }: NatsSettings,
  files: Pick<Files, 'readText'>,
): Promise<NatsConnection> {
  const text = path === '' ? undefined : await files.readText(path);
  if (path !== '' && text === undefined) throw new Error(`fleet.nats.credentials_file: ${path} does not exist`);
  const isEncrypted = servers.some((server) => server.startsWith('tls:'));
  try {
    return await connect({
      servers: servers.map((server) => new URL(server).host),
      name: 'medkit hub',
      reconnect: false,
      timeout: CONNECT_TIMEOUT_MS,
      ignoreClusterUpdates: true,
      ...(text !== undefined && { authenticator: natsAuthenticator(text, path) }),
      ...(isEncrypted && { tls: {} }),
    });
  } catch (error) {
    const remedy = 'start NATS, and compare fleet.nats with the configuration of the server';
    throw new Error(`cannot connect to ${servers.join(', ')}: ${errorMessage(error)}: ${remedy}`);
  }
}

/** Connects, and finds or creates the stream. Throws with the remedy if the server or the stream cannot be used. */
export async function openNatsStream({ settings, subjects, files }: OpenStreamOptions): Promise<ChangeStream> {
  const connection = await connectNats(settings, files);
  try {
    const { version = '', max_payload: maxPayload = 0 } = connection.info ?? {};
    if (!isSupported(version)) {
      throw new Error(`the server has NATS ${version}, and a hub needs ${OLDEST_NATS} or newer: update the server`);
    }
    await prepareStream(connection, subjects);
    const client = jetstream(connection, { timeout: ACK_TIMEOUT_MS });
    const closed = connection.closed().then((error) => (error ? errorMessage(error) : 'the connection was closed'));
    return {
      maxBytes: maxPayload - OVERHEAD_BYTES,
      closed,
      publish: async ({ id, topic }, body) => {
        const expect = { streamName: subjects.stream };
        await client.publish(subjects.of(topic), body, { msgID: id, expect, timeout: ACK_TIMEOUT_MS });
      },
      close: () => connection.close(),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Creates the stream if it is absent. Throws with the remedy if that fails, or if it does not have the subjects. */
async function prepareStream(connection: NatsConnection, subjects: ChangeSubjects): Promise<void> {
  const { stream, all, published } = subjects;
  const found = await findStream(connection, stream);
  if (found) {
    const missing = missingSubjects(found, published);
    if (missing.length === 0) return;
    throw new Error(
      `the stream ${stream} does not have the subject ${missing[0]}: add the subject ${all} to it, or set fleet.nats.stream to another name`,
    );
  }
  try {
    const manager = await jetstreamManager(connection, { timeout: ACK_TIMEOUT_MS });
    await manager.streams.add({
      name: stream,
      subjects: [all],
      storage: 'file',
      max_age: nanos(MAX_AGE_MS),
      duplicate_window: nanos(DUPLICATE_WINDOW_MS),
      num_replicas: connection.info?.cluster === undefined ? 1 : 3,
    });
  } catch (error) {
    const remedy = `enable JetStream and permit $JS.API.STREAM, or create the stream with the subject ${all}`;
    throw new Error(`cannot create the stream ${stream}: ${errorMessage(error)}: ${remedy}`);
  }
}

/** Returns the stream; `undefined` if it does not exist. Throws with the remedy if the server does not answer. */
export async function findStream(connection: NatsConnection, name: string): Promise<StreamInfo | undefined> {
  try {
    const manager = await jetstreamManager(connection, { timeout: ACK_TIMEOUT_MS, checkAPI: false });
    return await manager.streams.info(name);
  } catch (error) {
    if ((error as { readonly code?: number }).code === STREAM_NOT_FOUND) return undefined;
    const remedy = 'enable JetStream in the configuration of the server, and permit $JS.API.STREAM to the user';
    throw new Error(`cannot examine the stream ${name}: ${errorMessage(error)}: ${remedy}`);
  }
}

/** Returns the published subjects that a stream does not have. */
export const missingSubjects = ({ config }: StreamInfo, published: readonly string[]): readonly string[] =>
  published.filter((subject) => !config.subjects?.some((pattern) => includesSubject(pattern, subject)));
