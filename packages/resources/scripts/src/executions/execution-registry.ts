import { SovdError } from '@medkit/contract';
import {
  errorMessage,
  type Log,
  loading,
  type RecentScriptExecution,
  type ScriptAction,
  type ScriptExecution,
} from '@medkit/core';
import type { Clock, Programs, Quota } from '@medkit/edges';
import {
  type ExecutionFacts,
  executionId,
  executionNumber,
  isRunning,
  keyOf,
  NOTHING_WRITTEN,
  type ScriptRef,
} from './execution.ts';
import { executionOf } from './execution-body.ts';
import { type Entry, ExecutionHistory } from './execution-history.ts';
import type { ExecutionStorage } from './execution-storage.ts';
import { endOrphans } from './orphans.ts';
import { RunningSlots } from './running-slots.ts';
import type { ScriptRun } from './script-run.ts';

export interface ExecutionRegistryOptions {
  readonly storage: ExecutionStorage;
  readonly programs: Programs;
  readonly clock: Clock;
  readonly log: Log;
  /** `scripts.max_concurrent_executions` */
  readonly maxRunning: number;
  /** `scripts.max_execution_history` */
  readonly maxHistory: number;
}

/** A script that is ready to run. */
export interface PreparedRun {
  readonly run: ScriptRun;
  readonly digest: string;
  readonly runner: string;
  readonly clientId: string;
  /** Removes its temporary files. Never rejects. */
  cleanUp(): Promise<void>;
}

/**
 * The executions of all scripts: the running ones, and a bounded number of ended ones. Each is on disk with its process
 * before its script does anything, so that none is lost or runs unnoticed after a crash.
 */
export class ExecutionRegistry {
  readonly #options: ExecutionRegistryOptions;
  readonly #slots: RunningSlots;
  readonly #history: ExecutionHistory;
  readonly #lastNumbers = new Map<string, number>();
  /** Resolve when executions have ended and that is on disk. */
  readonly #ends = new Set<Promise<void>>();
  readonly #loading = loading(() => this.#load());
  #closed = false;

  constructor(options: ExecutionRegistryOptions) {
    this.#options = options;
    this.#slots = new RunningSlots(options.maxRunning);
    this.#history = new ExecutionHistory(options.maxHistory);
  }

  get running(): number {
    return this.#slots.taken;
  }

  get remembered(): number {
    return this.#history.size;
  }

  /** Why the stored executions cannot be read; `undefined` if they were read. */
  get failure(): string | undefined {
    return this.#loading.failure;
  }

  /**
   * Resolves when the executions of an earlier process are loaded and ended. Throws if they cannot be read; the next
   * call retries.
   */
  loaded(): Promise<void> {
    return this.#loading.loaded();
  }

  /** Quota of running scripts. */
  get quota(): Quota {
    return this.#slots.quota;
  }

  /** Runs a script for an owner; `prepare` receives the id of the execution. Throws `x-medkit-concurrency-limit`. */
  async start(
    script: ScriptRef,
    owner: string | undefined,
    prepare: (id: string) => Promise<PreparedRun>,
  ): Promise<ScriptExecution> {
    await this.loaded();
    const leave = this.#slots.take(script, owner);
    const [number, giveBack] = this.#nextNumber(script);
    let prepared: PreparedRun | undefined;
    try {
      prepared = await prepare(executionId({ number }));
      return executionOf((await this.#begin({ ...script, number }, prepared, leave)).facts);
    } catch (error) {
      await prepared?.cleanUp();
      giveBack();
      leave();
      throw error;
    }
  }

  /** Lists the executions of a script, newest first. */
  async list(script: ScriptRef): Promise<readonly ScriptExecution[]> {
    await this.loaded();
    return this.#history.of(script).map((entry) => executionOf(presentFacts(entry)));
  }

  /** Lists the executions of all scripts of an entity. */
  async ofOwner(owner: string): Promise<readonly RecentScriptExecution[]> {
    await this.loaded();
    return this.#history
      .ofOwner(owner)
      .map((entry) => ({ scriptId: entry.facts.scriptId, execution: executionOf(presentFacts(entry)) }));
  }

  async get(script: ScriptRef, id: string): Promise<ScriptExecution> {
    const entry = await this.#find(script, id);
    const written = entry.run?.written ?? entry.unsaved ?? (await this.#options.storage.written(entry.facts));
    return executionOf(presentFacts(entry), written);
  }

  /** Ends an execution and returns it. Throws `x-medkit-script-not-running` if it has already ended. */
  async control(script: ScriptRef, id: string, action: ScriptAction): Promise<ScriptExecution> {
    const entry = await this.#find(script, id);
    if (!entry.run) {
      const message = `${id} has already ended: its status is ${entry.facts.status}`;
      throw new SovdError({ code: 'x-medkit-script-not-running', message });
    }
    const forced = action === 'forced_termination';
    entry.run.end('stopped', forced ? 'Script was killed by request' : 'Script was stopped by request', forced);
    await entry.ended;
    return this.get(script, id);
  }

  /** Forgets an ended execution. */
  async remove(script: ScriptRef, id: string): Promise<void> {
    const entry = await this.#find(script, id);
    if (entry.run) {
      throw new SovdError({ code: 'x-medkit-script-running', message: `${id} is running: stop it first` });
    }
    await this.#options.storage.forget([entry.facts]);
    this.#history.forget(entry);
  }

  /** Removes a script with `work`, and forgets its executions. Throws `x-medkit-script-running` while it runs. */
  async removeScript(script: ScriptRef, work: () => Promise<void>): Promise<void> {
    await this.loaded();
    await this.#slots.remove(script, async () => {
      await work();
      await this.#options.storage.removeScript(script);
      for (const entry of this.#history.of(script)) this.#history.forget(entry);
      this.#lastNumbers.delete(keyOf(script));
    });
  }

  /** Ends all running executions and starts no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#loading.settled();
    for (const { run } of this.#history.underWay())
      run?.end('gateway-ended', 'The gateway was stopped during the execution');
    await Promise.all(this.#ends);
  }

  /**
   * Returns the number of the next execution of a script, and a function that gives it back if the execution does not
   * start.
   */
  #nextNumber(script: ScriptRef): readonly [number, () => void] {
    const key = keyOf(script);
    const last = this.#lastNumbers.get(key) ?? 0;
    const number = last + 1;
    this.#lastNumbers.set(key, number);
    const giveBack = (): void => {
      if (this.#lastNumbers.get(key) === number) this.#lastNumbers.set(key, last);
    };
    return [number, giveBack];
  }

  async #begin(of: ScriptRef & { readonly number: number }, prepared: PreparedRun, leave: () => void): Promise<Entry> {
    const { storage, clock } = this.#options;
    const { run, digest, runner, clientId } = prepared;
    const process = await run.prepare();
    const facts: ExecutionFacts = { ...of, status: 'running', startedMs: clock.wallMs(), clientId, digest, runner };
    try {
      await storage.begin(facts, process);
      if (this.#closed) throw new SovdError({ code: 'x-medkit-gateway-shutdown' });
    } catch (error) {
      run.end('not-started', 'The execution could not be recorded', true);
      throw error;
    }
    const entry: Entry = { facts, bytes: 0, run };
    this.#history.put(entry);
    const ended = this.#follow(entry, run, prepared, leave).finally(() => this.#ends.delete(ended));
    this.#ends.add(ended);
    entry.ended = ended;
    return entry;
  }

  /** Follows an execution to its end. Never rejects. */
  async #follow(entry: Entry, run: ScriptRun, { cleanUp }: PreparedRun, leave: () => void): Promise<void> {
    const { clock, log, storage } = this.#options;
    const end = await run.run();
    leave();
    const written = run.written;
    entry.facts = { ...entry.facts, ...end, completedMs: clock.wallMs() };
    entry.bytes = Buffer.byteLength(written.output.text) + Buffer.byteLength(written.errors.text);
    entry.unsaved = written;
    delete entry.run;
    const forgotten = this.#history.end(entry);
    await cleanUp();
    try {
      await storage.end(entry.facts, written, forgotten);
      delete entry.unsaved;
    } catch (error) {
      log('error', `The end of ${whatOf(entry.facts)} is not on disk: ${errorMessage(error)}`);
    }
  }

  async #find(script: ScriptRef, id: string): Promise<Entry> {
    await this.loaded();
    const number = executionNumber(id);
    const entry = number === undefined ? undefined : this.#history.find(script, number);
    if (entry) return entry;
    throw new SovdError({ code: 'resource-not-found', message: `Execution "${id}" not found` });
  }

  async #load(): Promise<void> {
    const { storage, ...edges } = this.#options;
    const { executions, lastNumbers } = await storage.load();
    const orphans = executions.filter(({ facts }) => isRunning(facts));
    await endOrphans(
      orphans.flatMap(({ facts, process }) => (process ? [{ what: whatOf(facts), process }] : [])),
      edges,
    );
    const error = { reason: 'gateway-ended', message: 'The gateway exited during the execution' } as const;
    const ended = orphans.map(({ facts }) => {
      const completedMs = edges.clock.wallMs();
      return { facts: { ...facts, status: 'terminated' as const, completedMs, error }, bytes: 0 };
    });
    for (const { facts } of ended) await storage.end(facts, NOTHING_WRITTEN, []);
    // Nothing fails from here on, so a retry does not add anything twice.
    for (const { last, ...script } of lastNumbers) this.#lastNumbers.set(keyOf(script), last);
    const finished = executions.filter(({ facts }) => !isRunning(facts));
    const forgotten = [...finished, ...ended].flatMap(({ facts, bytes }) => this.#restore({ facts, bytes }));
    if (forgotten.length === 0) return;
    await storage.forget(forgotten).catch((error: unknown) => {
      edges.log('warn', `Old executions could not be removed from disk: ${errorMessage(error)}`);
    });
  }

  #restore(entry: Entry): readonly ExecutionFacts[] {
    this.#history.put(entry);
    return this.#history.end(entry);
  }
}

/** Returns the facts with the progress of a running execution. */
function presentFacts({ facts, run }: Entry): ExecutionFacts {
  return run?.progress === undefined ? facts : { ...facts, progress: run.progress };
}

function whatOf(facts: ExecutionFacts): string {
  return `${keyOf(facts)} ${executionId(facts)}`;
}
