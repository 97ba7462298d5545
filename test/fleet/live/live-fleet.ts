import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RobotOrder } from './robot-process.ts';
import type { RobotReport } from './simulated-robot.ts';

/** Robots of one process. */
const TOGETHER = 20;

type Reply = { readonly result: unknown } | { readonly error: string };

/** Processes of simulated robots. */
export interface LiveFleet extends AsyncDisposable {
  readonly robots: number;
  readonly pids: readonly number[];
  connect(): Promise<void>;
  /** Sets the events of each robot per second. Each names the phase of the scene. */
  write(perSec: number, phase: string): Promise<void>;
  /** Cuts the connections of the first processes, those of at least this many robots; returns how many they have. */
  cut(robots: number): Promise<number>;
  /** Lets all robots connect again. */
  mend(): Promise<void>;
  reports(): Promise<readonly RobotReport[]>;
}

/** Starts the processes, and enrols their robots with an invitation for all of them. */
export async function startLiveFleet(count: number, link: string): Promise<LiveFleet> {
  const script = join(import.meta.dirname, 'robot-process.ts');
  const sizes = Array.from({ length: Math.ceil(count / TOGETHER) }, (_, at) =>
    Math.min(TOGETHER, count - at * TOGETHER),
  );
  const env = { ...process.env, NODE_NO_WARNINGS: '1', NODE_TEST_CONTEXT: undefined };
  const children = sizes.map(() => fork(script, { env }));
  const ended = children.map((child) => once(child, 'exit'));
  await Promise.all(children.map((child) => once(child, 'message')));
  await Promise.all(
    children.map((child, at) => ask(child, { order: 'enrol', link, first: at * TOGETHER, count: sizes[at]! })),
  );
  const askAll = (order: RobotOrder): Promise<unknown[]> => Promise.all(children.map((child) => ask(child, order)));
  return {
    robots: count,
    pids: children.map(({ pid }) => pid!),
    connect: async () => void (await askAll({ order: 'connect' })),
    write: async (perSec, phase) => void (await askAll({ order: 'rate', perSec, phase })),
    cut: async (robots) => {
      const cut = Math.ceil(robots / TOGETHER);
      await Promise.all(children.slice(0, cut).map((child) => ask(child, { order: 'cut' })));
      return sizes.slice(0, cut).reduce((sum, size) => sum + size, 0);
    },
    mend: async () => void (await askAll({ order: 'mend' })),
    reports: async () => ((await askAll({ order: 'report' })) as RobotReport[][]).flat(),
    [Symbol.asyncDispose]: async () => {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(ended);
    },
  };
}

/** Sends an order, and waits for its reply. A process answers one order at a time. */
function ask(child: ChildProcess, order: RobotOrder): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('a process of robots ended'));
    child.once('exit', onExit);
    child.once('message', (reply: Reply) => {
      child.off('exit', onExit);
      if ('error' in reply) reject(new Error(reply.error));
      else resolve(reply.result);
    });
    child.send(order);
  });
}
