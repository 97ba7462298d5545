import type { Clock } from '@medkit/edges';

/** Nodes that are remembered as mute; a graph can have more, which are then asked each time. */
const MAX_MUTE = 4096;
/** Mute nodes that a question is left open to, so that they are known at once when they answer. */
const MAX_QUESTIONS = 256;

/** Asks a node something small and resolves when it answers, however late. Rejects at the latest when `signal` aborts. */
export type OpenQuestion = (signal: AbortSignal) => Promise<unknown>;

interface Mute {
  readonly reason: string;
  readonly question: AbortController;
  readonly timer: { cancel(): void };
}

/**
 * Nodes that did not answer. Nobody waits for them again for a while, unless they show themselves: a question to them
 * stays open, and the graph tells of new services.
 */
export class MuteNodes {
  readonly #clock: Clock;
  readonly #muteMs: number;
  readonly #mute = new Map<string, Mute>();
  #questions = 0;

  /** `muteMs` is how long a node is not asked again; 0 for never. */
  constructor({ clock, muteMs }: { readonly clock: Clock; readonly muteMs: number }) {
    this.#clock = clock;
    this.#muteMs = muteMs;
  }

  /** Why a node counts as mute, in words; `undefined` where it does not. */
  reasonOf(fqn: string): string | undefined {
    return this.#mute.get(fqn)?.reason;
  }

  /** Takes a node for mute until it answers `ask` or its time is over. */
  add(fqn: string, reason: string, ask: OpenQuestion): void {
    if (this.#muteMs === 0 || this.#mute.has(fqn) || this.#mute.size >= MAX_MUTE) return;
    const question = new AbortController();
    const timer = this.#clock.after(this.#muteMs, () => this.remove(fqn));
    this.#mute.set(fqn, { reason, question, timer });
    if (this.#questions < MAX_QUESTIONS) void this.#leaveOpen(fqn, question.signal, ask);
  }

  /** The node has shown itself, or is gone. */
  remove(fqn: string): void {
    const mute = this.#mute.get(fqn);
    this.#mute.delete(fqn);
    mute?.timer.cancel();
    mute?.question.abort();
  }

  close(): void {
    for (const fqn of [...this.#mute.keys()]) this.remove(fqn);
  }

  async #leaveOpen(fqn: string, signal: AbortSignal, ask: OpenQuestion): Promise<void> {
    this.#questions++;
    // No answer is what is expected of it: it stays mute until its time is over.
    const answered = await ask(signal).then(
      () => true,
      () => false,
    );
    this.#questions--;
    if (answered && !signal.aborted) this.remove(fqn);
  }
}
