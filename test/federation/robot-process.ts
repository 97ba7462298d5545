/**
 * A gateway of an in-memory robot in a separate process: `robot-process.ts <port> <file>`. Its faults change every few
 * milliseconds. It writes each event to the file before publishing it, and reads them after a restart.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { app, fault, faultEvent, memoryFaults } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { realGateway } from './real-gateway.ts';

const EVERY_MS = 5;

const [, , port = '0', file = ''] = process.argv;
const eventOf = (id: number) => faultEvent(id, { fault: fault(`F${id}`), timeNs: systemClock.wallNs() });
const known = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
const events = known.map((id) => eventOf(Number(id)));
const gateway = await realGateway({
  instance: `yard-${process.pid}`,
  port: Number(port),
  robot: { apps: [app('crane')], providers: { faults: memoryFaults({ events }) } },
});
systemClock.every(EVERY_MS, () => {
  const event = eventOf((events.at(-1)?.id ?? 0) + 1);
  events.push(event);
  appendFileSync(file, `${event.id}\n`);
  gateway.runtime.announce(event);
});
process.stdout.write(`listens at ${gateway.url}\n`);
