import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { GATEWAYS, type GatewayName, SHAPES, type Shape, visibleFrom } from './federated-history.ts';
import { NO_ANSWER, sharedMs, type Taken } from './race-steps.ts';
import type { WrongBuild } from './wrong-builds.ts';

const root = join(import.meta.dirname, '..', '..');
const command = join(root, 'packages', 'programs', 'cli', 'src', 'main.ts');
const START_MS = 60_000;
const ANSWER_MS = 20_000;

/**
 * Returns whether the result of a request is unknown: a gateway on the route did not answer, or does not know the
 * entity (any more, or yet).
 */
const isNoAnswer = (status: number, body: Json): boolean =>
  (status >= 502 && status <= 504) || (status === 404 && body['error_code'] === 'entity-not-found');

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
export type Json = Readonly<Record<string, any>>;

export interface Reply {
  readonly sentMs: number;
  readonly gotMs: number;
  readonly status: number;
  readonly body: Json;
}

/** Three gateways, some of which aggregate others, each with a separate robot. Ports and folders survive a kill. */
export async function federatedGateways(folder: string, shape: Shape, wrong?: WrongBuild) {
  const ports = Object.fromEntries(await Promise.all(GATEWAYS.map(async (name) => [name, await freePort()])));
  const running = new Map<GatewayName, Program>();
  const urlOf = (name: GatewayName): string => `http://127.0.0.1:${ports[name]}`;
  const takenBy = (name: GatewayName): string => join(folder, `${name}.taken`);

  const start = async (name: GatewayName): Promise<void> => {
    const peers: readonly GatewayName[] = SHAPES[shape][name];
    const settings = [
      'ros.enabled=false',
      'scripts.runner=plain',
      'plugins=robot',
      `plugins.robot.path=${join(import.meta.dirname, 'federated-robot.ts')}`,
      `plugins.robot.name=${name}`,
      `plugins.robot.taken=${takenBy(name)}`,
      `aggregation.enabled=${peers.length > 0}`,
      `aggregation.peer_urls=${peers.map(urlOf)}`,
      `aggregation.peer_names=${peers}`,
    ];
    const args = ['up', '--port', String(ports[name]), '--data-dir', join(folder, name)];
    const preloaded = ['--import', join(import.meta.dirname, 'wrong-builds.ts')];
    const program = startProgram([...args, ...settings.flatMap((each) => ['--set', each])], {
      command: [process.execPath, ...(wrong ? preloaded : []), command],
      env: {
        // Each starts many times.
        NODE_COMPILE_CACHE: join(folder, 'compiled'),
        ...(wrong && { MEDKIT_TEST_WRONG_BUILD: wrong }),
      },
    });
    running.set(name, program);
    await program.printed(/Page +http/, START_MS);
  };

  const ask = async (
    name: GatewayName,
    method: string,
    path: string,
    body?: object,
    client?: string,
  ): Promise<Reply> => {
    const sentMs = sharedMs();
    try {
      const reply = await fetch(`${urlOf(name)}/api/v1${path}`, {
        method,
        headers: {
          ...(client !== undefined && { 'x-client-id': client }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const text = await reply.text();
      const document = text === '' ? {} : JSON.parse(text);
      const status = isNoAnswer(reply.status, document) ? NO_ANSWER : reply.status;
      return { sentMs, gotMs: sharedMs(), status, body: document };
    } catch (error) {
      return { sentMs, gotMs: sharedMs(), status: NO_ANSWER, body: { error } };
    }
  };

  /** Waits until each shows the robots of all its gateways. */
  const areWhole = async (): Promise<void> => {
    for (const name of GATEWAYS)
      await eventually(`all robots at ${name}`, async () => {
        const { body } = await ask(name, 'GET', '/apps');
        const isWhole = (await ask(name, 'GET', '/faults')).body['x-medkit']?.partial === undefined;
        return isWhole && body['items']?.length === visibleFrom(name, shape).size;
      });
  };

  await Promise.all(GATEWAYS.map(start));
  return {
    shape,
    urlOf,
    ask,
    areWhole,
    /** Kills a gateway and restarts it after a while. */
    killed: async (name: GatewayName, awayMs: number): Promise<void> => {
      await running.get(name)?.end('SIGKILL');
      await delay(awayMs);
      await start(name);
    },
    outputOf: (name: GatewayName): string => running.get(name)?.output() ?? '',
    /** Returns the values that the robot of a gateway was set to, over all its lives. */
    takenOf: (name: GatewayName): readonly Taken[] =>
      existsSync(takenBy(name))
        ? readFileSync(takenBy(name), 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line))
        : [],
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await Promise.all([...running.values()].map((program) => program.end('SIGKILL')));
    },
  };
}

export type FederatedGateways = Awaited<ReturnType<typeof federatedGateways>>;
