import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock, Timer } from '@medkit/edges';
import type { CameraScene } from '../nodes/camera-driver.ts';
import { entryPoint } from './entry-point.ts';
import type { ChildReport } from './ipc.ts';

const SCENE_PERIOD_MS = 100;

export interface CameraSettings {
  readonly clock: Clock;
  /** Returns the scene of the camera; called several times per second. */
  readonly scene: () => CameraScene;
  readonly onFailure: (where: string, error: unknown) => void;
}

/** The camera of the robot, in a separate process so that it can be killed. */
export class CameraProcess {
  readonly #settings: CameraSettings;
  #child: ChildProcess | undefined;
  #timer: Timer | undefined;

  constructor(settings: CameraSettings) {
    this.#settings = settings;
  }

  get runs(): boolean {
    return this.#child !== undefined;
  }

  /** Starts the process and waits until its node runs or the process exits, without a timeout. */
  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    const { clock, scene, onFailure } = this.#settings;
    const child = spawn(process.execPath, [...process.execArgv, entryPoint, 'camera'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    // An undelivered scene is replaced by the next one. `exit` reports the end of the process.
    this.#timer = clock.every(SCENE_PERIOD_MS, () => void child.send(scene(), undefined, undefined, () => undefined));
    child.on('error', (error) => onFailure('camera_driver', error));
    child.on('exit', () => this.#forget(child));
    await this.#untilReady(child).catch((error: unknown) => {
      this.kill();
      throw error;
    });
  }

  /** Kills the process. Its node does not unregister and is detected as missing when its lease expires. */
  kill(): void {
    this.#child?.kill('SIGKILL');
    if (this.#child !== undefined) this.#forget(this.#child);
  }

  /** Shuts the process down. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#timer?.cancel();
    if (child.connected) child.disconnect();
    await ended;
  }

  #untilReady(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (text: string) => reject(new Error(`camera_driver did not start: ${text}`));
      child.once('exit', () => fail('its process ended'));
      child.on('message', (message: ChildReport) => {
        if (message.kind === 'failed') fail(message.text);
        else if (message.kind === 'ready') resolve();
      });
    });
  }

  #forget(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#timer?.cancel();
    this.#child = undefined;
  }
}
