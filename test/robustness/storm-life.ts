import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../harness/eventually.ts';
import { filesOf } from './robot.ts';
import type { StormEvents } from './storm-events.ts';
import { UNFINISHED } from './storm-evidence.ts';
import type { StormSetting } from './storm-setting.ts';

export interface StormOptions {
  readonly folder: string;
  /** Concurrent reports. */
  readonly inFlight: number;
  readonly seed: number;
  readonly setting: StormSetting;
}

/**
 * When a robot is killed: after this many milliseconds, or with this delay after it has printed a number of lines and
 * finished a number of recordings.
 */
export interface KillPoint {
  readonly newsBefore: number;
  readonly recordingsBefore?: number;
  readonly delayMs: number;
}

/** Generous for a busy machine. */
const RECORDINGS_MS = 60_000;

function finishedRecordings(folder: string): number {
  const { recordings } = filesOf(folder);
  return existsSync(recordings) ? readdirSync(recordings).filter((name) => name !== UNFINISHED).length : 0;
}

/** A loaded robot that waits for its storm: starting its process takes longer than its life. */
export class StormLife {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #exited: Promise<unknown[]>;
  readonly #news: AsyncIterator<string>;

  /** @param cacheFolder for compiled code, which is shared by all lives, and for temporary files */
  constructor(cacheFolder: string) {
    this.#child = spawn(process.execPath, [join(import.meta.dirname, 'storm-robot.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_NO_WARNINGS: '1',
        NODE_TEST_CONTEXT: undefined,
        NODE_COMPILE_CACHE: cacheFolder,
        // A killed process does not remove its temporary files.
        TMPDIR: cacheFolder,
      },
    });
    this.#exited = once(this.#child, 'exit');
    this.#news = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** Lets it live until `kill`. Returns what it printed, and whether SIGKILL ended it. */
  async live(storm: StormOptions, kill: KillPoint) {
    const events: StormEvents[] = [];
    await this.#news.next();
    this.#child.stdin.write(`${JSON.stringify(storm)}\n`);
    /** Returns why it was killed early, if it was. */
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
    // Reads what it wrote before it died.
    for (let line = await this.#news.next(); !line.done; line = await this.#news.next()) {
      events.push(JSON.parse(line.value));
      if (events.length === kill.newsBefore) dying = die();
    }
    const early = await dying;
    if (early !== undefined) throw early;
    const [, signal] = await this.#exited;
    return { events, signal };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
