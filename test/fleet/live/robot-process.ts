import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { getPriority, setPriority } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { systemClock } from '@medkit/edges/node';
import { type SimulatedRobot, simulatedRobot } from './simulated-robot.ts';

/** What the scene asks of a process of robots. Each message is answered once. */
export type RobotOrder =
  | { readonly order: 'enrol'; readonly link: string; readonly first: number; readonly count: number }
  | { readonly order: 'connect' }
  /** Events of each robot per second from now on, and the phase of the scene that they name. */
  | { readonly order: 'rate'; readonly perSec: number; readonly phase: string }
  /** Cuts all connections, and further attempts until `mend`. */
  | { readonly order: 'cut' | 'mend' }
  | { readonly order: 'report' }
  | { readonly order: 'close' };

/** Interval in which events are written: below the time in which the hub collects records. */
const TICK_MS = 20;
/** Events after which other work of the process gets a turn, however late the events are. */
const TOGETHER = 20;
/** Below the priority of the hub: real robots do not use its cores. */
const NICE = getPriority() + 2;

const robots: SimulatedRobot[] = [];
const sockets = new Set<Socket>();
let isCut = false;
subscribe('net.client.socket', (message) => {
  const { socket } = message as { readonly socket: Socket };
  if (isCut) socket.destroy(new Error('the network is cut'));
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
});

let [perSec, phase, sinceMs, written] = [0, '', 0, 0];
let isWriting = false;
const dueEvents = (): number => ((systemClock.monotonicMs() - sinceMs) / 1000) * perSec * robots.length;
systemClock.every(TICK_MS, async () => {
  if (isWriting || perSec === 0) return;
  isWriting = true;
  // The robots take turns, so that their events are spread over the second.
  for (; written < dueEvents(); written += 1) {
    await robots[written % robots.length]!.addEvent(phase);
    if (written % TOGETHER === 0) await setImmediate();
  }
  isWriting = false;
});

async function follow(message: RobotOrder): Promise<unknown> {
  switch (message.order) {
    case 'enrol':
      for (let number = message.first; number < message.first + message.count; number += 1) {
        robots.push(await simulatedRobot(message.link, String(number), number));
      }
      return undefined;
    case 'connect':
      for (const robot of robots) robot.connect();
      return undefined;
    case 'rate':
      ({ perSec, phase } = message);
      [sinceMs, written] = [systemClock.monotonicMs(), 0];
      return undefined;
    case 'cut':
      isCut = true;
      for (const socket of sockets) socket.resetAndDestroy();
      return undefined;
    case 'mend':
      isCut = false;
      return undefined;
    case 'report':
      return Promise.all(robots.map((robot) => robot.report()));
    case 'close':
      return void (await Promise.all(robots.map((robot) => robot.close())));
  }
}

setPriority(NICE);
process.on('message', (message: RobotOrder) => {
  follow(message).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ result: 'ready' });
