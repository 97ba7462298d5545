import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../harness/eventually.ts';
import { filesOf } from './robot.ts';
import { UNFINISHED } from './storm-evidence.ts';
import type { StormNews } from './storm-news.ts';
import type { StormSetting } from './storm-setting.ts';

export interface StormOptions {
  readonly folder: string;
  /** Reports that are under way at once. */
  readonly inFlight: number;
  readonly seed: number;
  readonly setting: StormSetting;
}

/** When a robot is killed: after so many milliseconds, or so long after it has told so many things and finished so many recordings. */
export interface KillPoint {
  readonly newsBefore: number;
  readonly recordingsBefore?: number;
  readonly delayMs: number;
}

/** However busy the machine is. */
const RECORDINGS_MS = 60_000;

function finishedRecordings(folder: string): number {
  const { recordings } = filesOf(folder);
  return existsSync(recordings) ? readdirSync(recordings).filter((name) => name !== UNFINISHED).length : 0;
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
    /** Gives why it was killed before its time, if it was. */
    const die = async (): Promise<unknown> => {
      const { recordingsBefore = 0 } = kill;
      const isDone = async () => finishedRecordings(storm.folder) >= recordingsBefore;
      try {
        await eventually(`${recordingsBefore} recordings`, isDone, RECORDINGS_MS);
        await delay(kill.delayMs);
        return undefined;
      } catch (error) {
        return error;
      } finally {
        this.#child.kill('SIGKILL');
      }
    };
    let dying = kill.newsBefore === 0 ? die() : undefined;
    // What it wrote before it died is still read.
    for (let line = await this.#news.next(); !line.done; line = await this.#news.next()) {
      told.push(JSON.parse(line.value));
      if (told.length === kill.newsBefore) dying = die();
    }
    const early = await dying;
    if (early !== undefined) throw early;
    const [, signal] = await this.#exited;
    return { told, signal };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
