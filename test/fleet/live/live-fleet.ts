import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RobotOrder } from './robot-process.ts';
import type { RobotReport } from './simulated-robot.ts';

/** Robots of one process, unless the scene says otherwise. */
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

export interface LiveFleetOptions {
  readonly robots: number;
  /** Robots of one process. */
  readonly together?: number;
  /** Environment of the processes, in addition to that of this one. */
  readonly env?: Readonly<Record<string, string>>;
  /** Creates an invitation for the robots of a process. Returns its link. */
  readonly invite: (robots: number) => Promise<string>;
}

/** Starts the processes, and enrols their robots. */
export async function startLiveFleet(options: LiveFleetOptions): Promise<LiveFleet> {
  const { robots: count, together = TOGETHER, invite } = options;
  const script = join(import.meta.dirname, 'robot-process.ts');
  const sizes = Array.from({ length: Math.ceil(count / together) }, (_, at) =>
    Math.min(together, count - at * together),
  );
  const env = { ...process.env, ...options.env, NODE_NO_WARNINGS: '1', NODE_TEST_CONTEXT: undefined };
  const children = sizes.map(() => fork(script, { env }));
  const ended = children.map((child) => once(child, 'exit'));
  const end = async (): Promise<void> => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(ended);
  };
  const enrol = async (child: ChildProcess, at: number): Promise<unknown> => {
    const link = await invite(sizes[at]!);
    return await ask(child, { order: 'enrol', link, first: at * together, count: sizes[at]! });
  };
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    await Promise.all(children.map(enrol));
  } catch (error) {
    await end();
    throw error;
  }
  const askAll = (order: RobotOrder): Promise<unknown[]> => Promise.all(children.map((child) => ask(child, order)));
  return {
    robots: count,
    pids: children.map(({ pid }) => pid!),
    connect: async () => void (await askAll({ order: 'connect' })),
    write: async (perSec, phase) => void (await askAll({ order: 'rate', perSec, phase })),
    cut: async (robots) => {
      const cut = Math.ceil(robots / together);
      await Promise.all(children.slice(0, cut).map((child) => ask(child, { order: 'cut' })));
      return sizes.slice(0, cut).reduce((sum, size) => sum + size, 0);
    },
    mend: async () => void (await askAll({ order: 'mend' })),
    reports: async () => ((await askAll({ order: 'report' })) as RobotReport[][]).flat(),
    [Symbol.asyncDispose]: end,
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
