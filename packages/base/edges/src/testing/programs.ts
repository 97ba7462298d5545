import type {
  ProcessIdentity,
  ProgramEnd,
  ProgramExit,
  ProgramStart,
  ProgramStream,
  Programs,
  StartedProgram,
} from '../programs.ts';

/** A program that does what a test lets it do. */
export class SimulatedProgram implements StartedProgram {
  readonly identity: ProcessIdentity;
  readonly start: ProgramStart;
  readonly ended: Promise<ProgramExit>;
  readonly signals: string[] = [];
  /** Whether its gate is open. */
  begun = false;
  /** What it does when it gets a signal; of SIGKILL it ends whatever this says. */
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

/** Programs of a machine that has none. */
export class SimulatedPrograms implements Programs {
  /** All that were started, in their order. */
  readonly started: SimulatedProgram[] = [];
  /** Ids of the processes that an earlier life left behind, and the signals that end them. */
  readonly leftOver = new Map<number, 'SIGTERM' | 'SIGKILL'>();
  /** Told of each as soon as it stands at its gate. */
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
