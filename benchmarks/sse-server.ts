import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultEvent } from '@medkit/core';
import { fault, faultEvent } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { faultFrame } from '../packages/gateway/src/fault-stream/fault-feed.ts';
import { listen } from '../packages/gateway/src/listen.ts';
import { commentFrame } from '../packages/gateway/src/sse/event-frame.ts';
import { testGateway } from '../packages/gateway/src/testing/test-gateway.ts';

/**
 * A gateway of an in-memory robot, and the calibrator: a bare sender that writes the same bytes to every socket. Sends
 * both addresses on the IPC channel. On request it publishes a number of events at a pace, and replies with their cost.
 */
export interface Publish {
  readonly by: 'gateway' | 'baseline';
  readonly events: number;
  readonly perSecond: number;
}

export interface Published {
  /** Processor time in microseconds from before the first event until all were written, and its share in user mode. */
  readonly cpuUs: number;
  readonly userUs: number;
  /** Bytes sent to each client. */
  readonly octets: number;
}

const HOST = '127.0.0.1';
const SETTLED_MS = 300;

const gateway = await testGateway({ sse: { max_clients: Number(process.argv[2]) } });
const gatewayPort = await listen(gateway.app, { host: HOST, port: 0, clock: systemClock });

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

const frameOf = (event: FaultEvent): Buffer => faultFrame(gateway.model.tree, event).chunk;
const senders: Readonly<Record<Publish['by'], (event: FaultEvent) => void>> = {
  gateway: (event) => gateway.model.events.emit('fault.event', { runtime: 'memory', event }),
  baseline: (event) => {
    const octets = frameOf(event);
    for (const socket of sockets) socket.write(octets);
  },
};

let nextId = 1_000_000;

async function publish({ by, events, perSecond }: Publish): Promise<Published> {
  const before = process.cpuUsage();
  const startMs = performance.now();
  let octets = 0;
  for (let sent = 0; sent < events; ) {
    const due = Math.min(events, Math.floor(((performance.now() - startMs) / 1000) * perSecond) + 1);
    for (; sent < due; sent += 1) {
      const event = faultEvent(nextId++, {
        fault: fault('MOTOR_HOT', { description: String(process.hrtime.bigint()) }),
      });
      senders[by](event);
      octets += frameOf(event).length;
    }
    await delay(1);
  }
  await delay(SETTLED_MS);
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: user + system, userUs: user, octets };
}

process.on('message', async (order: Publish) => process.send?.(await publish(order)));
process.on('disconnect', () => process.exit(0));
process.send?.({
  gateway: `http://${HOST}:${gatewayPort}/api/v1/faults/stream`,
  baseline: `http://${HOST}:${baselinePort}/`,
});
