import { type ExecutionFacts, type ExecutionOutput, keyOf, type ScriptRef } from './execution.ts';
import type { ScriptRun } from './script-run.ts';

/** An execution that is known. */
export interface Entry {
  facts: ExecutionFacts;
  /** Octets that it wrote. */
  bytes: number;
  /** While it is under way. */
  run?: ScriptRun;
  /** Resolves when it has ended and that is on disk. */
  ended?: Promise<void>;
  /** What it wrote, as long as that is not on disk. */
  unsaved?: ExecutionOutput;
}

/** Octets that all executions that are remembered may have written. */
const MAX_HISTORY_BYTES = 64 * 1024 * 1024;

/** The executions that are known, by script, and in the order in which they ended: the oldest are forgotten for new ones. */
export class ExecutionHistory {
  readonly #maxEnded: number;
  readonly #byScript = new Map<string, Map<number, Entry>>();
  readonly #ended = new Set<Entry>();
  #bytes = 0;

  constructor(maxEnded: number) {
    this.#maxEnded = maxEnded;
  }

  /** Executions that have ended. */
  get size(): number {
    return this.#ended.size;
  }

  find(script: ScriptRef, number: number): Entry | undefined {
    return this.#byScript.get(keyOf(script))?.get(number);
  }

  /** Those of a script, the newest first. */
  of(script: ScriptRef): readonly Entry[] {
    const entries = [...(this.#byScript.get(keyOf(script))?.values() ?? [])];
    return entries.sort((a, b) => b.facts.number - a.facts.number);
  }

  /** Those of all scripts of an entity. */
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

  /** Says that an execution has ended. Gives those that are forgotten for it. */
  end(entry: Entry): readonly ExecutionFacts[] {
    this.#ended.add(entry);
    this.#bytes += entry.bytes;
    const forgotten: ExecutionFacts[] = [];
    for (const oldest of this.#ended) {
      const isTooMuch = this.#ended.size > this.#maxEnded || this.#bytes > MAX_HISTORY_BYTES;
      // The one that has just ended is what its client waits for.
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
