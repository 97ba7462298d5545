import assert from 'node:assert/strict';
import { type RunningPlc, startPlc, tankNodeMapFile } from '@medkit/plc';
import { eventually } from '../harness/eventually.ts';
import { type MedkitProcess, Sandbox } from '../scenes/medkit-process.ts';

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
export type Json = any;

const START_MS = 60_000;

export interface PlcGatewayOptions {
  readonly plc?: Parameters<typeof startPlc>[0];
  /** Settings of the plugin other than the endpoint. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Settings of the gateway. */
  readonly gateway?: Readonly<Record<string, string>>;
}

/** A gateway without a robot, connected to the tank PLC only: real processes, and access to the API. */
export class PlcGateway implements AsyncDisposable {
  readonly sandbox = new Sandbox();
  readonly #options: PlcGatewayOptions;
  plc!: RunningPlc;
  medkit!: MedkitProcess;
  url = '';

  private constructor(options: PlcGatewayOptions) {
    this.#options = options;
  }

  static async open(options: PlcGatewayOptions = {}): Promise<PlcGateway> {
    const scene = new PlcGateway(options);
    try {
      scene.plc = await startPlc(options.plc);
      await scene.start();
      return scene;
    } catch (error) {
      await scene[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts the gateway, with the data of the previous run if there is one. Resolves when the PLC is in its tree. */
  async start(): Promise<void> {
    const settings = {
      'ros.enabled': 'false',
      plugins: 'opcua',
      'plugins.opcua.endpoint_url': this.plc.endpointUrl,
      'plugins.opcua.node_map_path': tankNodeMapFile,
      'plugins.opcua.poll_interval_ms': '100',
      'plugins.opcua.subscription_interval_ms': '100',
      ...this.#options.settings,
      ...this.#options.gateway,
    };
    const sets = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    this.medkit = this.sandbox.start(['up', '--port', '0', '--data-dir', `${this.sandbox.folder}/data`, ...sets]);
    this.url = await this.medkit.printed(/(http:\/\/127\.0\.0\.1:\d+)/, START_MS);
    await eventually('the PLC is online', () => this.#isOnline(), START_MS);
  }

  /** Starts a new PLC instead of the previous one. */
  async reopen(port: number): Promise<void> {
    this.plc = await startPlc({ ...this.#options.plc, port });
  }

  async ask(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: Json }> {
    const reply = await fetch(`${this.url}/api/v1${path}`, {
      method,
      signal: AbortSignal.timeout(8000),
      ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  async get(path: string): Promise<Json> {
    const { status, body } = await this.ask('GET', path);
    assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
    return body;
  }

  async #isOnline(): Promise<boolean> {
    const { body } = await this.ask('GET', '/apps/tank');
    return body['x-medkit']?.is_online === true;
  }

  /** Returns the codes of active faults. */
  async faults(): Promise<readonly string[]> {
    return (await this.get('/faults')).items.map(({ fault_code }: Json) => fault_code).sort();
  }

  untilFaults(codes: readonly string[], withinMs = 20_000): Promise<unknown> {
    const wanted = JSON.stringify([...codes].sort());
    return eventually(`the faults ${codes}`, async () => JSON.stringify(await this.faults()) === wanted, withinMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.plc?.stop();
    await this.sandbox[Symbol.asyncDispose]();
  }
}
