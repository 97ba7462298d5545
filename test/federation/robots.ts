import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { app, area, component, fault, memoryConfigurations, memoryFaults, memoryUpdates } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { type RealGatewayOptions, realGateway } from './real-gateway.ts';

export type Gateway = Awaited<ReturnType<typeof realGateway>>;
type Robot = NonNullable<RealGatewayOptions['robot']>;

/** A robot with an arm in a shared area: a fault, and parameters, one of which cannot be reset on the robot `stiff`. */
export function armRobot(name: string, providers: Robot['providers'] = {}): Robot {
  const readOnly = name === 'stiff';
  return {
    areas: [area('hall')],
    components: [component(`${name}_base`, { areaId: 'hall', source: 'manifest' })],
    apps: [
      app(`${name}_arm`, {
        componentId: `${name}_base`,
        node: '/arm',
        address: { runtime: 'ros2', nativeId: '/arm' },
        source: 'manifest',
      }),
    ],
    data: { '/arm': { '/pose': { value: { of: name } } } },
    records: { isEntity: () => true },
    providers: {
      faults: memoryFaults({ faults: [fault('JAM', { description: `of ${name}`, sources: ['/arm'] })] }),
      configurations: memoryConfigurations({
        '/arm': { rate: { type: 'int', value: 1 }, frame: { type: 'string', value: name, readOnly } },
      }),
      ...providers,
    },
  };
}

/** Gateways of one test, each with a robot with an arm; closed in reverse order. */
export function armGateways() {
  const opened: Gateway[] = [];
  const close = async (gateway: Gateway): Promise<void> => {
    opened.splice(opened.indexOf(gateway), 1);
    await gateway.close();
  };
  return {
    close,
    start: async (instance: string, options: Partial<RealGatewayOptions> = {}): Promise<Gateway> => {
      const gateway = await realGateway({ instance, robot: armRobot(instance), ...options });
      opened.push(gateway);
      const { token } = options.config?.server ?? {};
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
      for (const name of Object.keys(options.peers ?? {})) {
        const isThere = async () => (await gateway.ask('GET', `/apps/${name}_arm`, undefined, headers)).status === 200;
        await eventually(`${name} at ${instance}`, isThere);
      }
      return gateway;
    },
    closeAll: async (): Promise<void> => {
      for (const gateway of [...opened].reverse()) await close(gateway);
    },
  };
}

/** Additional parts of a gateway that installs these updates, in memory. */
export async function withUpdates(...ids: readonly string[]) {
  const { provider, tasks } = memoryUpdates();
  for (const id of ids) {
    const metadata = { id, version: '2.1.0', automated: true, origins: ['remote'], updated_components: ['yard_base'] };
    await provider.register(metadata, undefined as never);
  }
  const plugins = {
    samplers: new Map(),
    transports: new Map(),
    conditions: { get: () => undefined, names: () => [] },
    updates: provider,
    logs: undefined,
    scripts: [],
    health: () => ({ warnings: [], blocks: {} }),
    routes: [],
  };
  return { tasks, options: { parts: { plugins }, config: { updates: { enabled: true } } } };
}

/** Waits until a gateway has noticed the loss of its only peer, which has an arm, and shows it in its tree. */
export const untilGone = (head: Gateway): Promise<unknown> =>
  eventually('the robot is gone', async () => {
    const { items } = (await head.ask('GET', '/x-medkit-peers')).body;
    const { status, body } = await head.ask('GET', '/apps/arm');
    return items[0].status === 'offline' && (status === 404 || body['x-medkit'].available === false);
  });

/** Opens a proxy in front of a gateway. It forwards the requests that `take` does not answer itself. */
export async function proxyFor(
  gateway: Pick<Gateway, 'url'>,
  take: (request: IncomingMessage, reply: ServerResponse) => boolean,
) {
  const passOn = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    reply.once('close', () => gone.abort());
    const { method = 'GET', headers } = request;
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host: _host, connection: _connection, ...sent } = headers as Record<string, string>;
    const answer = await fetch(new URL(request.url ?? '', gateway.url), {
      method,
      headers: sent,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      signal: gone.signal,
    });
    const forwarded = [...answer.headers].filter(([name]) => !HOP.has(name));
    reply.writeHead(answer.status, Object.fromEntries(forwarded)).flushHeaders();
    for await (const chunk of answer.body ?? []) reply.write(chunk);
    reply.end();
  };
  const server = createServer((request, reply) => {
    if (!take(request, reply)) passOn(request, reply).catch(() => reply.destroy());
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const HOP: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive']);
