import { type ExecutionFacts, type ExecutionOutput, keyOf, type ScriptRef } from './execution.ts';
import type { ScriptRun } from './script-run.ts';

/** A known execution. */
export interface Entry {
  facts: ExecutionFacts;
  /** Bytes that it wrote. */
  bytes: number;
  /** Present while it runs. */
  run?: ScriptRun;
  /** Resolves when it has ended and that is on disk. */
  ended?: Promise<void>;
  /** Its output while it is not on disk yet. */
  unsaved?: ExecutionOutput;
}

/** Maximum bytes of output of all remembered executions. */
const MAX_HISTORY_BYTES = 64 * 1024 * 1024;

/** The known executions by script, in the order of their ends. The oldest are forgotten in favor of new ones. */
export class ExecutionHistory {
  readonly #maxEnded: number;
  readonly #byScript = new Map<string, Map<number, Entry>>();
  readonly #ended = new Set<Entry>();
  #bytes = 0;

  constructor(maxEnded: number) {
    this.#maxEnded = maxEnded;
  }

  /** Number of ended executions. */
  get size(): number {
    return this.#ended.size;
  }

  find(script: ScriptRef, number: number): Entry | undefined {
    return this.#byScript.get(keyOf(script))?.get(number);
  }

  /** Returns the executions of a script, newest first. */
  of(script: ScriptRef): readonly Entry[] {
    const entries = [...(this.#byScript.get(keyOf(script))?.values() ?? [])];
    return entries.sort((a, b) => b.facts.number - a.facts.number);
  }

  /** Returns the executions of all scripts of an entity. */
  ofOwner(owner: string): readonly Entry[] {
    return [...this.#byScript.values()].flatMap((entries) => {
      const [first] = entries.values();
      return first?.facts.owner === owner ? [...entries.values()] : [];
    });
  }

  underWay(): readonly Entry[] {
    return [...this.#byScript.values()].flatMap((entries) => [...entries.values()].filter(({ run }) => run));
  }

  put(entry: Entry): void {
    const key = keyOf(entry.facts);
    const entries = this.#byScript.get(key) ?? new Map<number, Entry>();
    this.#byScript.set(key, entries.set(entry.facts.number, entry));
  }

  /** Marks an execution as ended. Returns the executions that are forgotten in exchange. */
  end(entry: Entry): readonly ExecutionFacts[] {
    this.#ended.add(entry);
    this.#bytes += entry.bytes;
    const forgotten: ExecutionFacts[] = [];
    for (const oldest of this.#ended) {
      const isTooMuch = this.#ended.size > this.#maxEnded || this.#bytes > MAX_HISTORY_BYTES;
      // Keeps the execution that has just ended: its client waits for it.
      if (!isTooMuch || oldest === entry) break;
      this.forget(oldest);
      forgotten.push(oldest.facts);
    }
    return forgotten;
  }

  forget(entry: Entry): void {
    const key = keyOf(entry.facts);
    const entries = this.#byScript.get(key);
    entries?.delete(entry.facts.number);
    if (entries?.size === 0) this.#byScript.delete(key);
    if (this.#ended.delete(entry)) this.#bytes -= entry.bytes;
  }
}
