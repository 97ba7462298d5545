import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';
import type { MedkitProcess, Sandbox } from './medkit-process.ts';

const demo = join(import.meta.dirname, '..', '..', 'packages', 'programs', 'demo', 'src');
/** Configuration file of the demo's gateway. */
export const DEMO_CONFIG = join(demo, 'gateway', 'medkit.yaml');
const START_MS = 60_000;
/**
 * Navigation gives up after five seconds; a dead node is detected after its lease; a goal within the hall is reached in
 * time.
 */
const CONFIRM_MS = 60_000;
const HEAL_MS = 120_000;

/** Active faults while an obstacle is in the robot's way: reported by the bridges and by the robot itself. */
export const STANDING = [
  'ACTION_NAVIGATE_TO_POSE_ABORTED',
  'CONTROLLER_SERVER_PATH_FOLLOWING',
  'LIDAR_DRIVER_PROTECTIVE_FIELD',
  'NAVIGATION_GOAL_ABORTED',
];

export interface GatewayOptions {
  readonly config?: string;
  readonly port?: number;
  /** Further options of `medkit up`. */
  readonly args?: readonly string[];
}

/** The demo robot and a gateway with its configuration, which start and stop independently. */
export class RestartScene {
  readonly #sandbox: Sandbox;
  readonly #domain: number;
  #robot: ChildProcess | undefined;
  #gateway: MedkitProcess | undefined;
  #url = '';
  #port: number | undefined;

  readonly #options: GatewayOptions;

  /** @param options the configuration of the demo on a reserved port unless given */
  constructor(sandbox: Sandbox, domain: number, options: GatewayOptions = {}) {
    this.#sandbox = sandbox;
    this.#domain = domain;
    this.#options = options;
  }

  /** Address of the gateway. */
  get url(): string {
    return this.#url;
  }

  async startRobot(): Promise<void> {
    const folder = join(this.#sandbox.folder, 'robot');
    mkdirSync(folder, { recursive: true });
    const args = ['robot', '--domain', String(this.#domain), '--seed', '1', '--folder', folder];
    const robot = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(demo, 'main.ts'), ...args], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // Compiled once, like with the launcher.
      env: {
        ...this.#sandbox.environment,
        ...this.#ros,
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      },
    });
    this.#robot = robot;
    const messages: { kind: string }[] = [];
    robot.on('message', (message: { kind: string }) => messages.push(message));
    await eventually('the robot', async () => messages.some(({ kind }) => kind === 'ready'), START_MS);
  }

  async startGateway(): Promise<void> {
    const { config = DEMO_CONFIG, args = [] } = this.#options;
    // The same port after a restart.
    this.#port ??= this.#options.port ?? (await freePort());
    const settings = ['--config', config, '--data-dir', join(this.#sandbox.folder, 'data')];
    this.#gateway = this.#sandbox.start(['up', '--port', String(this.#port), ...settings, ...args], this.#ros);
    this.#url = await this.#gateway.printed(/(http:\/\/127\.0\.0\.1:\d+)/, START_MS);
  }

  async endRobot(signal: NodeJS.Signals): Promise<void> {
    const robot = this.#robot;
    this.#robot = undefined;
    if (!robot || robot.exitCode !== null) return;
    robot.kill(signal);
    await once(robot, 'exit');
  }

  async endGateway(how: 'killed' | 'in order'): Promise<void> {
    if (how === 'killed') this.#gateway?.killGroup();
    else this.#gateway?.interrupt();
    await this.#gateway?.exitCode(START_MS);
  }

  /** Sends a signal, such as `SIGSTOP`, to the robot or the gateway. */
  signal(part: 'robot' | 'gateway', signal: NodeJS.Signals): void {
    const pid = part === 'robot' ? this.#robot?.pid : this.#gateway?.processOf('up');
    assert.ok(pid !== undefined, `the ${part} runs`);
    process.kill(pid, signal);
  }

  async obstacle(command: 'inject' | 'clear'): Promise<void> {
    const { code, errors } = await this.#sandbox.run(['demo', command, 'obstacle', '--domain', String(this.#domain)]);
    assert.equal(code, 0, errors);
  }

  /** Returns the codes of active faults. */
  async standing(): Promise<readonly string[]> {
    const reply = await fetch(`${this.#url}/api/v1/faults`, { signal: AbortSignal.timeout(8000) });
    const { items } = (await reply.json()) as { readonly items: readonly { readonly fault_code: string }[] };
    return items.map(({ fault_code }) => fault_code);
  }

  untilConfirmed(): Promise<unknown> {
    const isThere = async () => {
      const standing = await this.standing();
      return STANDING.every((code) => standing.includes(code));
    };
    return eventually('every fault of the stop', isThere, CONFIRM_MS);
  }

  async untilHealed(): Promise<void> {
    let last: readonly string[] = [];
    const isWell = async () => {
      last = await this.standing();
      return !last.some((code) => STANDING.includes(code));
    };
    await eventually('all is healed', isWell, HEAL_MS).catch((error: unknown) => {
      assert.fail(`${error}: ${last.join(', ')} stand`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endRobot('SIGKILL');
    await this.#sandbox[Symbol.asyncDispose]();
  }

  get #ros() {
    return { ROS_DOMAIN_ID: String(this.#domain), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
  }
}
