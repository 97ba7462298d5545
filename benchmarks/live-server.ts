import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type DataProvider, type DataSample, openModel } from '@medkit/core';
import { app, memoryRuntime } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { listen } from '../packages/gateway/src/listen.ts';
import { commentFrame, eventFrame } from '../packages/gateway/src/sse/event-frame.ts';
import { testConfig } from '../packages/gateway/src/testing/test-gateway.ts';
import { testServer } from '../packages/gateway/src/testing/test-server.ts';
import type { Publish, Published } from './sse-server.ts';

/**
 * A gateway of an in-memory robot that publishes this many values, and the calibrator: a bare sender that writes one
 * event with all of them to every socket. Uses the protocol of `sse-server.ts`; an event is one value of each item.
 */
const HOST = '127.0.0.1';
const SETTLED_MS = 300;
const [clients = 0, count = 0] = process.argv.slice(2).map(Number);

const names = Array.from({ length: count }, (_none, at) => `joint_${at}_state`);
const jointState = (at: number) => ({
  header: { frame: 'arm' },
  position: at + Math.random(),
  velocity: [0.1, 0.2, 0.3],
});
const listeners = new Map<string, (sample: DataSample) => void | Promise<void>>();
const robot = memoryRuntime({
  apps: [app('arm_driver', { node: '/arm', address: { runtime: 'memory', nativeId: '/arm' } })],
  data: { '/arm': Object.fromEntries(names.map((name, at) => [`/${name}`, { value: jointState(at) }])) },
});
const { data } = robot.providers;
/** Replaces the `watch` of the memory runtime: its lookup for each value is not a cost of the gateway. */
const watchable: DataProvider = {
  ...data!,
  watch: async (_nativeId, dataId, onSample) => {
    listeners.set(dataId, onSample);
    return { close: async () => void listeners.delete(dataId) };
  },
};
const runtime = { ...robot, providers: { ...robot.providers, data: watchable } };
const log = (): void => undefined;
const model = await openModel({ runtimes: [runtime], clock: systemClock, log });
const config = await testConfig({ sse: { max_clients: clients + 1 } });
const gateway = await testServer({ config, model, clock: systemClock, log });
const gatewayPort = await listen(gateway, { host: HOST, port: 0, clock: systemClock });

const sockets = new Set<Socket>();
const sender = createServer({ noDelay: true }, (socket) => {
  sockets.add(socket);
  socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  socket.once('data', () => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n');
    socket.write(commentFrame('connected').chunk);
  });
});
sender.listen(0, HOST);
await once(sender, 'listening');
const { port: baselinePort } = sender.address() as AddressInfo;

const watch = names.map((name) => `apps/arm_driver/data/${name}:/position`);
/** Builds one event with a value of every item, as the gateway writes it. */
function frame(values: readonly ReturnType<typeof jointState>[]): Buffer {
  const at_ms = Date.now();
  const samples = values.map(({ position }) => ({ value: position, at_ms }));
  return eventFrame({ event: 'values', data: JSON.stringify({ at_ms, values: { ...samples } }) }).chunk;
}

async function publish({ by, events, perSecond }: Publish): Promise<Published> {
  const before = process.cpuUsage();
  const startMs = performance.now();
  let octets = 0;
  for (let sent = 0; sent < events; sent += 1) {
    const values = names.map((_name, at) => jointState(at));
    if (by === 'baseline') {
      const chunk = frame(values);
      octets += chunk.length;
      for (const socket of sockets) socket.write(chunk);
    } else {
      const timestampNs = systemClock.wallNs();
      for (const [at, name] of names.entries()) void listeners.get(`/${name}`)?.({ value: values[at]!, timestampNs });
    }
    await delay(Math.max(0, startMs + ((sent + 1) * 1000) / perSecond - performance.now()));
  }
  await delay(SETTLED_MS);
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: user + system, userUs: user, octets };
}

process.on('message', async (order: Publish) => process.send?.(await publish(order)));
process.on('disconnect', () => process.exit(0));
const live = `http://${HOST}:${gatewayPort}/api/v1/x-medkit-live?events=none&interval=50&watch=${watch.join()}`;
process.send?.({ gateway: live, baseline: `http://${HOST}:${baselinePort}/` });
