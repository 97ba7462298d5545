import type { ScriptNews } from '@medkit/core';
import type { Clock, ProgramExit, ProgramStream, StartedProgram } from '@medkit/edges';

/** Maximum time that `news` waits for output. */
const PATIENCE_MS = 1000;
/** Maximum bytes of unread output; a script that writes more before the next read loses the excess. */
const MAX_WAITING_BYTES = 17 * 1024 * 1024;

/** A script in its container. Stores the output and the exit until they are read. */
export class ContainerJob {
  readonly #clock: Clock;
  #waiting: { readonly stream: ProgramStream; readonly octets: Uint8Array }[] = [];
  #bytes = 0;
  #exit: ProgramExit | undefined;
  #wake: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(stream: ProgramStream, octets: Uint8Array): void {
    if (this.#bytes + octets.length > MAX_WAITING_BYTES) return;
    this.#bytes += octets.length;
    this.#waiting.push({ stream, octets });
    this.#wake();
  }

  /** Follows the program of the engine, which ends when the container does. */
  async follow(program: StartedProgram): Promise<void> {
    program.begin();
    this.#exit = await program.ended;
    this.#wake();
  }

  async news(): Promise<ScriptNews> {
    if (this.#waiting.length === 0 && !this.#exit) await this.#something();
    const taken = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    const of = (wanted: ProgramStream) =>
      Buffer.concat(taken.filter(({ stream }) => stream === wanted).map(({ octets }) => octets));
    return { output: of('output'), errors: of('errors'), ...(this.#exit && { exit: this.#exit }) };
  }

  #something(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(PATIENCE_MS, resolve);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
  }
}
