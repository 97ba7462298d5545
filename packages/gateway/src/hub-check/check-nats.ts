import { hostname } from 'node:os';
import { errorMessage } from '@medkit/core';
import type { Files } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';
import { tenantOfSchema } from '../config/tenant-list.ts';
import { type ChangeSubjects, changeSubjects } from '../fleet/changes/change-subjects.ts';
import { isSupported, neededUpdate, OLDEST_NATS } from '../fleet/changes/nats-version.ts';
import type { HubFinding } from './judge-server.ts';

interface CheckNatsOptions {
  readonly config: GatewayConfig;
  readonly files: Pick<Files, 'readText'>;
}

/** Examines each server of NATS of a hub: its version, JetStream, and the stream. Changes nothing. */
export async function checkNats({ config, files }: CheckNatsOptions): Promise<readonly HubFinding[]> {
  const { nats, schema } = config.fleet;
  const subjects = changeSubjects(nats.hub_name || hostname(), tenantOfSchema(schema), nats.stream);
  const found = await Promise.all(
    nats.servers.map((server) =>
      checkServer(server, { credentials: nats.credentials_file, subjects, files }).catch(
        (error: unknown): readonly HubFinding[] => [{ state: 'error', text: errorMessage(error) }],
      ),
    ),
  );
  return found.flat();
}

interface ServerOptions extends Pick<CheckNatsOptions, 'files'> {
  readonly credentials: string;
  readonly subjects: ChangeSubjects;
}

async function checkServer(
  server: string,
  { credentials, subjects, files }: ServerOptions,
): Promise<readonly HubFinding[]> {
  const { connectNats, findStream, missingSubjects } = await import('../fleet/changes/nats-stream.ts');
  const connection = await connectNats({ servers: [server], credentials_file: credentials }, files);
  try {
    const { version = '' } = connection.info ?? {};
    if (!isSupported(version)) {
      const remedy = `update the server to ${OLDEST_NATS} or newer`;
      return [{ state: 'error', text: `${server} has NATS ${version}, which a hub cannot use`, remedy }];
    }
    const stream = await findStream(connection, subjects.stream);
    const about = stream
      ? `the stream ${subjects.stream} has ${stream.state.messages} changes`
      : `the hub creates the stream ${subjects.stream}`;
    const found: HubFinding[] = [{ state: 'ok', text: `${server}: NATS ${version} with JetStream, ${about}` }];
    const update = neededUpdate(version);
    if (update !== undefined) {
      const remedy = `update the server to ${update}, or let only hubs on a private network reach it`;
      found.push({ state: 'warning', text: `${server}: NATS ${version} has published vulnerabilities`, remedy });
    }
    const [missing] = stream ? missingSubjects(stream, subjects.published) : [];
    if (missing !== undefined) {
      const remedy = `add the subject ${subjects.all} to the stream, or set fleet.nats.stream to another name`;
      found.push({
        state: 'error',
        text: `the stream ${subjects.stream} does not have the subject ${missing}`,
        remedy,
      });
    }
    return found;
  } finally {
    await connection.close();
  }
}
