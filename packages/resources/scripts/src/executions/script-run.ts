import type { ScriptFailure } from '@medkit/core';
import type { Clock, ProcessIdentity, ProgramExit, ProgramStart, StartedProgram, Timer } from '@medkit/edges';
import { Capture } from '../output/capture.ts';
import { ProgressLines } from '../output/progress.ts';
import type { ExecutionFacts, ExecutionOutput } from './execution.ts';

/** Time between SIGTERM and SIGKILL. */
export const GRACE_MS = 2000;
/** Maximum bytes of all streams together: a script that writes more is in an endless loop. */
export const MAX_STREAMED_BYTES = 16 * 1024 * 1024;
/** Maximum characters of a script's error text in a message. */
const MAX_MESSAGE_LENGTH = 500;

export type ScriptRunEnd = Pick<ExecutionFacts, 'status' | 'progress' | 'exitCode' | 'error'>;

/** How a script ended; `lost` is the reason why its end is unknown. */
export type ScriptExit = ProgramExit | { readonly lost: string };

/** A started script: a process of this machine, or a job of a plugin. */
export interface StartedScript extends Pick<StartedProgram, 'begin' | 'signal'> {
  /** Absent if it is no process of this machine. */
  readonly identity?: ProcessIdentity;
  readonly ended: Promise<ScriptExit>;
}

export interface ScriptRunOptions {
  /** Starts the script up to its gate. */
  readonly start: (onOutput: ProgramStart['onOutput']) => Promise<StartedScript>;
  readonly clock: Clock;
  readonly timeoutSec: number;
}

/** One running script: its output, its timeout and how it ended. */
export class ScriptRun {
  readonly #options: ScriptRunOptions;
  readonly #output = new Capture();
  readonly #errors = new Capture();
  readonly #lines = {
    output: new ProgressLines('output', (percent) => this.#report(percent)),
    report: new ProgressLines('report', (percent) => this.#report(percent)),
  };
  readonly #errorText = new TextDecoder();
  #program: StartedScript | undefined;
  #streamed = 0;
  #progress: number | undefined;
  /** Why it was asked to end. */
  #stopCause: { readonly reason: ScriptFailure; readonly message: string } | undefined;
  #timeout: Timer | undefined;
  #grace: Timer | undefined;

  constructor(options: ScriptRunOptions) {
    this.#options = options;
  }

  /** Starts the script up to its gate. Returns its process, if it is one of this machine. */
  async prepare(): Promise<ProcessIdentity | undefined> {
    this.#program = await this.#options.start((stream, octets) => this.#take(stream, octets));
    return this.#program.identity;
  }

  get progress(): number | undefined {
    return this.#progress;
  }

  /** Its output so far. */
  get written(): ExecutionOutput {
    return { output: this.#output.output, errors: this.#errors.output };
  }

  /** Lets the script run. Resolves when it has ended. */
  async run(): Promise<ScriptRunEnd> {
    const { clock, timeoutSec } = this.#options;
    const program = this.#prepared;
    this.#timeout = clock.after(timeoutSec * 1000, () => {
      this.end('timed-out', `Script execution timed out: it took longer than ${timeoutSec} s`);
    });
    program.begin();
    const exit = await program.ended;
    this.#timeout.cancel();
    this.#grace?.cancel();
    this.#output.take(this.#lines.output.end());
    this.#lines.report.end();
    this.#errors.take(this.#errorText.decode());
    return this.#endOf(exit);
  }

  /** Asks the script to end, and kills it after the grace period; immediately if `forced`. */
  end(reason: ScriptFailure, message: string, forced = false): void {
    this.#stopCause ??= { reason, message };
    const program = this.#prepared;
    program.signal(forced ? 'SIGKILL' : 'SIGTERM');
    if (forced) return;
    this.#grace ??= this.#options.clock.after(GRACE_MS, () => program.signal('SIGKILL'));
  }

  get #prepared(): StartedScript {
    if (!this.#program) throw new Error('the script is not prepared');
    return this.#program;
  }

  #take(stream: 'output' | 'errors' | 'report', octets: Uint8Array): void {
    if (this.#streamed > MAX_STREAMED_BYTES) return;
    this.#streamed += octets.length;
    if (this.#streamed > MAX_STREAMED_BYTES) {
      this.end('too-much-output', `The script wrote more than ${MAX_STREAMED_BYTES} bytes`, true);
    }
    if (stream === 'errors') this.#errors.take(this.#errorText.decode(octets, { stream: true }));
    else if (stream === 'output') this.#output.take(this.#lines.output.take(octets));
    else this.#lines.report.take(octets);
  }

  #report(percent: number): void {
    this.#progress = percent;
  }

  #endOf(exit: ScriptExit): ScriptRunEnd {
    const exitCode = 'code' in exit ? exit.code : undefined;
    const ended = {
      ...(this.#progress !== undefined && { progress: this.#progress }),
      ...(exitCode !== undefined && { exitCode }),
    };
    if (this.#stopCause && !('lost' in exit)) return { ...ended, status: 'terminated', error: this.#stopCause };
    if ('lost' in exit) {
      const message = `The outcome of the script is unknown: ${exit.lost}`;
      return { ...ended, status: 'terminated', error: { reason: 'runner-lost', message } };
    }
    if ('signal' in exit) {
      const message = `Script was ended by ${exit.signal}`;
      return { ...ended, status: 'terminated', error: { reason: 'signal', message } };
    }
    if (exitCode === 0) return { ...ended, status: 'completed', progress: 100 };
    const said = this.#errors.output.text.trim().slice(0, MAX_MESSAGE_LENGTH);
    const message = said || `Script exited with code ${exitCode}`;
    return { ...ended, status: 'failed', error: { reason: 'exit-code', message } };
  }
}
