import type {
  ProcessIdentity,
  ProgramEnd,
  ProgramExit,
  ProgramStart,
  ProgramStream,
  Programs,
  StartedProgram,
} from '../programs.ts';

/** A program that a test controls. */
export class SimulatedProgram implements StartedProgram {
  readonly identity: ProcessIdentity;
  readonly start: ProgramStart;
  readonly ended: Promise<ProgramExit>;
  readonly signals: string[] = [];
  /** Whether the gate is open. */
  begun = false;
  /** Called for each signal; SIGKILL always ends the program. */
  onSignal: (signal: string) => void = () => undefined;
  readonly #end: (exit: ProgramExit) => void;

  constructor(start: ProgramStart, identity: ProcessIdentity) {
    const { promise, resolve } = Promise.withResolvers<ProgramExit>();
    this.start = start;
    this.identity = identity;
    this.ended = promise;
    this.#end = resolve;
  }

  begin(): void {
    this.begun = true;
  }

  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.signals.push(signal);
    this.onSignal(signal);
    if (signal === 'SIGKILL') this.#end({ signal });
  }

  write(text: string, stream: ProgramStream = 'output'): void {
    this.start.onOutput(stream, Buffer.from(text));
  }

  exit(code: number): void {
    this.#end({ code });
  }
}

/** Simulated programs, for tests. */
export class SimulatedPrograms implements Programs {
  /** All started programs, in order. */
  readonly started: SimulatedProgram[] = [];
  /** Processes left over from an earlier run by id, and the signal that ends each. */
  readonly leftOver = new Map<number, 'SIGTERM' | 'SIGKILL'>();
  /** Called for each program as soon as it waits at its gate. */
  onStart: (program: SimulatedProgram) => void = () => undefined;
  failure: Error | undefined;

  async start(start: ProgramStart): Promise<StartedProgram> {
    if (this.failure) throw this.failure;
    const processId = 1000 + this.started.length;
    const program = new SimulatedProgram(start, { processId, startTicks: 5, bootId: 'boot' });
    this.started.push(program);
    this.onStart(program);
    return program;
  }

  async run(): Promise<ProgramEnd> {
    return { outcome: 'missing' };
  }

  async signalLeftOver({ processId }: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): Promise<'sent' | 'gone'> {
    const endsOn = this.leftOver.get(processId);
    if (endsOn === undefined) return 'gone';
    if (endsOn === signal || signal === 'SIGKILL') this.leftOver.delete(processId);
    return 'sent';
  }
}
