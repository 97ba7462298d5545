import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { StormNews } from './storm-news.ts';
import type { StormSetting } from './storm-setting.ts';

export interface StormOptions {
  readonly folder: string;
  /** Reports that are under way at once. */
  readonly inFlight: number;
  readonly seed: number;
  readonly setting: StormSetting;
}

/** When a robot is killed: after so many milliseconds, or so long after it has told so many things. */
export interface KillPoint {
  readonly newsBefore: number;
  readonly delayMs: number;
}

/** A robot that is loaded and waits for its storm: to start its process takes longer than to live. */
export class StormLife {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #exited: Promise<unknown[]>;
  readonly #news: AsyncIterator<string>;

  /** @param cacheFolder for compiled code, which is kept from life to life, and for what is temporary */
  constructor(cacheFolder: string) {
    this.#child = spawn(process.execPath, [join(import.meta.dirname, 'storm-robot.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_NO_WARNINGS: '1',
        NODE_TEST_CONTEXT: undefined,
        NODE_COMPILE_CACHE: cacheFolder,
        // Nobody who is killed removes what is temporary.
        TMPDIR: cacheFolder,
      },
    });
    this.#exited = once(this.#child, 'exit');
    this.#news = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** Lets it live until `kill`, and gives what it told, and whether it was SIGKILL that ended it. */
  async live(storm: StormOptions, kill: KillPoint) {
    const told: StormNews[] = [];
    await this.#news.next();
    this.#child.stdin.write(`${JSON.stringify(storm)}\n`);
    const die = async () => {
      await delay(kill.delayMs);
      this.#child.kill('SIGKILL');
    };
    if (kill.newsBefore === 0) void die();
    // What it wrote before it died is still read.
    for (let line = await this.#news.next(); !line.done; line = await this.#news.next()) {
      told.push(JSON.parse(line.value));
      if (told.length === kill.newsBefore) void die();
    }
    const [, signal] = await this.#exited;
    return { told, signal };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
