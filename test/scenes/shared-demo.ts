import assert from 'node:assert/strict';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from './demo-scene.ts';

/** Changes that last no longer than their reply, or until the robot is ready again. */
const PASSING = /\/operations\/self_test\/executions$|\/camera_driver\/status\/restart$|\/x-medkit-webhooks\//;
const APPS = ['lidar_driver', 'bt_navigator', 'controller_server', 'battery_monitor'];

/** A completed request in the audit log. */
interface Change {
  readonly method: string;
  readonly path: string;
  readonly collection?: string;
  readonly client_id?: string;
  readonly lock_id?: string;
  readonly notes?: Readonly<Record<'created' | 'script' | 'execution', string | undefined>>;
}

/** Returns the id of what a request created. */
const idOf = ({ method, collection, lock_id, notes }: Change) =>
  method === 'POST'
    ? (notes?.created ?? notes?.execution ?? notes?.script ?? (collection === 'locks' ? lock_id : undefined))
    : undefined;

interface Fault {
  readonly fault_code: string;
}

/** A demo that several users share, one after the other, provided that each restores its state. */
export class SharedDemo implements AsyncDisposable {
  readonly scene: DemoScene;
  /** Names that were assigned here: numbers are not reused, and ended faults are remembered. */
  readonly #given = new Set<string>();
  #lastRecord = 0;

  private constructor(scene: DemoScene) {
    this.scene = scene;
  }

  static async open(args: readonly string[], how: { readonly whole: boolean }): Promise<SharedDemo> {
    const robot = new SharedDemo(await DemoScene.open(args, how));
    // The demo creates a trigger itself.
    await robot.#changes();
    return robot;
  }

  /** Waits until the robot drives. */
  async untilReady(): Promise<void> {
    await this.scene.waitForApps(APPS);
    await this.scene.untilDriving();
    const camera = async () => (await this.scene.get('/apps/camera_driver/status')).body.status;
    await eventually('the camera is ready', async () => (await camera()) === 'ready');
  }

  /**
   * Returns whether `text` names nothing that existed here before, so that nothing in it can succeed for that reason.
   */
  isNewTo(text: string): boolean {
    return !(text.match(/[\w-]+/g) ?? []).some((word) => this.#given.has(word));
  }

  /**
   * Deletes what was created since the last call. Returns any other difference from the original state; the robot can
   * then not be used any more.
   */
  async putBack(): Promise<string | undefined> {
    const made = new Map<string, string | undefined>();
    for (const change of await this.#changes()) {
      const { method, path, client_id } = change;
      const id = idOf(change);
      const nested = [...made.keys()].filter((each) => `${each}/`.startsWith(`${path}/`));
      const around = [...made.keys()].some((each) => path.startsWith(`${each}/`) || path === each);
      if (id !== undefined) {
        made.set(`${path}/${id}`, client_id);
        this.#given.add(id);
      } else if (method === 'DELETE' && nested.length > 0) {
        for (const each of nested) made.delete(each);
      } else if (!around && !PASSING.test(path)) {
        return `${method} ${path}`;
      }
    }
    for (const [path, client] of [...made].reverse()) await this.#delete(path, client);
    await this.#changes();
    const { items } = (await this.scene.get('/faults?status=all')).body;
    for (const { fault_code } of items as readonly Fault[]) this.#given.add(fault_code);
    const { body: current } = await this.scene.get('/faults');
    if (current.items.length > 0) return `faults: ${current.items.map(({ fault_code }: Fault) => fault_code)}`;
    const { output } = await this.scene.command('status');
    return output.includes('No failure scenario is active') ? undefined : output;
  }

  async #delete(path: string, client: string | undefined): Promise<void> {
    const headers = { 'X-Client-Id': client ?? 'nobody' };
    const { status } = await fetch(new URL(path, this.scene.url), { method: 'DELETE', headers });
    assert.ok(status === 204, `DELETE ${path}: ${status}`);
  }

  /** Returns the changes by requests since the last call, in order. */
  async #changes(): Promise<readonly Change[]> {
    const { items } = (await this.scene.get('/x-medkit-audit?kind=request&outcome=done&limit=500')).body;
    const records = items as readonly { readonly id: number; readonly request: Change }[];
    const later = records.filter(({ id }) => id > this.#lastRecord);
    this.#lastRecord = Math.max(this.#lastRecord, ...later.map(({ id }) => id));
    return later.map(({ request }) => request).reverse();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.scene[Symbol.asyncDispose]();
  }
}
