import assert from 'node:assert/strict';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';
import { type MedkitProcess, Sandbox } from './medkit-process.ts';

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

/** Faults that load adds to an incident: the gate or its gateway waited too long for the processor. */
export const LATE_FAULTS = /SCAN_STALE|INGEST_SILENT/;

/** Generous for a busy machine. */
const START_MS = 60_000;

/** A running `medkit demo` on a separate port and domain, with access to its API. */
export class DemoScene {
  readonly sandbox: Sandbox;
  readonly domain: number;
  readonly medkit: MedkitProcess;
  url = '';

  private constructor(sandbox: Sandbox, domain: number, args: readonly string[], environment?: NodeJS.ProcessEnv) {
    this.sandbox = sandbox;
    this.domain = domain;
    this.medkit = this.sandbox.start(['demo', '--domain', String(this.domain), ...args], environment);
  }

  /**
   * Starts a demo and waits until it reports that the robot is up. Without `whole` only the robot and its gateway
   * start. `args` are further options, `environment` settings.
   */
  static async open(
    args: readonly string[] = [],
    { whole = false, environment }: { readonly whole?: boolean; readonly environment?: NodeJS.ProcessEnv } = {},
  ): Promise<DemoScene> {
    const sandbox = new Sandbox();
    // A test can start it again on its port.
    const all = ['--port', String(await freePort()), ...(whole ? [] : ['--lite']), ...args];
    const scene = new DemoScene(sandbox, await sandbox.domain(), all, environment);
    try {
      scene.url = await scene.medkit.printed(/^ +Page +(\S+)\/$/m, START_MS);
      await scene.medkit.printed(/Ctrl-C ends/);
      return scene;
    } catch (error) {
      await scene[Symbol.asyncDispose]();
      throw error;
    }
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get(path: string): Promise<{ readonly status: number; readonly body: Json }> {
    return this.request('GET', path);
  }

  /** Sends a request; the body of the result is `undefined` if it is empty. */
  async request(method: string, path: string, body?: unknown) {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      signal: AbortSignal.timeout(8000),
      ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Json };
  }

  /** Returns the value of a topic through REST. */
  async read(app: string, data: string): Promise<Json> {
    const { status, body } = await this.get(`/apps/${app}/data/${data}`);
    assert.equal(status, 200, `${app} ${data}: ${JSON.stringify(body)}`);
    return body.data;
  }

  async appIds(): Promise<readonly string[]> {
    const { body } = await this.get('/apps');
    return body.items.map(({ id }: Json) => id);
  }

  /** Waits until all of these apps are online. The failure says which are, and what the demo printed. */
  waitForApps(apps: readonly string[]): Promise<unknown> {
    return eventually(`${apps} online`, async () => {
      const { body } = await this.get('/apps');
      const online = body.items.filter((item: Json) => item['x-medkit'].is_online).map(({ id }: Json) => id);
      if (apps.every((app) => online.includes(app))) return true;
      throw new Error(`online: ${online}; running: ${this.medkit.processes()}; ${this.medkit.errors}`);
    });
  }

  /** Returns the robot's actual forward speed in m/s, whichever node controls it. */
  async speed(): Promise<number> {
    return (await this.read('wheel_odometry', 'odom')).twist.twist.linear.x;
  }

  /** Waits until the robot moves towards a goal. */
  untilDriving(): Promise<unknown> {
    return eventually('the robot drives', async () => (await this.speed()) > 0.3);
  }

  /** Runs `medkit demo <args>` like from another shell. */
  command(...args: string[]) {
    return this.sandbox.run(['demo', ...args, '--domain', String(this.domain)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox[Symbol.asyncDispose]();
  }
}
