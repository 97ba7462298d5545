import type { AddressInfo } from 'node:net';
import { openModel, type Runtime } from '@medkit/core';
import { memoryRuntime } from '@medkit/core/testing';
import type { Clock } from '@medkit/edges';
import { systemClock, systemFiles, systemNames, systemRandom } from '@medkit/edges/node';
import { systemHttpStreams } from '@medkit/edges/node/http-streams';
import type { GatewayConfig } from '../../packages/gateway/src/config/index.ts';
import type { GatewayServerOptions } from '../../packages/gateway/src/gateway-server.ts';
import { openPeers } from '../../packages/gateway/src/peers/open-peers.ts';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { testServer } from '../../packages/gateway/src/testing/test-server.ts';
import type { GatewayTraces } from '../../packages/gateway/src/traces/open-traces.ts';
import { freePort } from './free-port.ts';

export interface RealGatewayOptions {
  /** Unique instance id of this run. */
  readonly instance: string;
  readonly robot: Parameters<typeof memoryRuntime>[0];
  /** The addresses of other gateways by their names. */
  readonly peers?: Readonly<Record<string, string>>;
  /** Its port (default: a reserved one, so that a test can start it there again). */
  readonly port?: number;
  /** Whether replies are validated against their schemas (default); those of a malicious peer violate them. */
  readonly isChecked?: boolean;
  readonly config?: { readonly [Section in keyof GatewayConfig]?: Partial<GatewayConfig[Section]> };
  /** Clock for its timestamps (default: the clock of this machine). */
  readonly clock?: Clock;
  /** Other parts of its server, such as plugins. */
  readonly parts?: Partial<GatewayServerOptions>;
  readonly traces?: GatewayTraces;
}

/**
 * A gateway of an in-memory robot that listens on loopback, in real time, and communicates with its peers over HTTP.
 */
export async function realGateway({
  instance,
  robot,
  peers = {},
  port,
  isChecked = true,
  config: changes = {},
  clock = systemClock,
  parts = {},
  traces,
}: RealGatewayOptions) {
  const lines: string[] = [];
  const log = (_level: string, message: string): void => void lines.push(message);
  const aggregation = {
    enabled: Object.keys(peers).length > 0,
    peer_urls: Object.values(peers),
    peer_names: Object.keys(peers),
    // Background requests would affect the tests' counts.
    fault_copies_mb: 0,
    recording_copies_mb: 0,
    ...changes.aggregation,
  };
  const config = await testConfig({ ...changes, aggregation });
  const runtime = memoryRuntime({ name: 'ros2', ...robot });
  const open = await openPeers({
    config,
    gateway: instance,
    taken: [runtime.name],
    files: systemFiles,
    http: async () => systemHttpStreams,
    names: systemNames,
    clock,
    random: systemRandom,
    log,
  });
  const runtimes: readonly Runtime[] = [runtime, ...(open?.runtimes ?? [])];
  const model = await openModel({ runtimes, clock, log, gateway: instance, spansOf: traces?.spansOf });
  const server = await testServer({
    config,
    model,
    clock,
    log,
    bootId: instance,
    instance,
    ...(open && { peers: open }),
    ...(traces && { traces }),
    ...parts,
    ...(!isChecked && { onSend: (_request, _reply, payload, done) => done(null, payload) }),
  });
  await server.listen({ host: '127.0.0.1', port: port ?? (await freePort()) });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const ask = async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const reply = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    const isJson = reply.headers.get('content-type')?.includes('json') === true;
    return { status: reply.status, headers: reply.headers, text, body: isJson ? JSON.parse(text) : undefined };
  };
  /** Cuts all connections without notice; clients may reconnect. */
  const cut = (): void => server.server.closeAllConnections();
  const close = async (): Promise<void> => {
    cut();
    await server.close();
    await model.close();
    await traces?.close();
  };
  return { url, app: server, runtime, model, lines, ask, cut, close, [Symbol.asyncDispose]: close };
}
