import type { Clock } from '@medkit/edges';

/** Maximum nodes marked as mute. Further unresponsive nodes are asked every time. */
const MAX_MUTE = 4096;
/** Maximum mute nodes with an open request, which detects immediately that they answer again. */
const MAX_QUESTIONS = 256;

/**
 * Sends a small request to a node and resolves when it answers, however late. Rejects at the latest when `signal`
 * aborts.
 */
export type Probe = (signal: AbortSignal) => Promise<unknown>;

interface Mute {
  readonly reason: string;
  readonly question: AbortController;
  readonly timer: { cancel(): void };
}

/**
 * Nodes that did not answer. Calls to them fail immediately for a while, unless the node answers the open request or
 * offers new services.
 */
export class UnresponsiveNodes {
  readonly #clock: Clock;
  readonly #muteMs: number;
  readonly #mute = new Map<string, Mute>();
  #questions = 0;

  /** `muteMs`: how long a node is not asked again; 0 disables the feature. */
  constructor({ clock, muteMs }: { readonly clock: Clock; readonly muteMs: number }) {
    this.#clock = clock;
    this.#muteMs = muteMs;
  }

  /** Returns why a node is mute; `undefined` if it is not. */
  errorMessage(fqn: string): string | undefined {
    return this.#mute.get(fqn)?.reason;
  }

  /** Marks a node as mute until it answers `ask` or the time is over. */
  add(fqn: string, reason: string, ask: Probe): void {
    if (this.#muteMs === 0 || this.#mute.has(fqn) || this.#mute.size >= MAX_MUTE) return;
    const question = new AbortController();
    const timer = this.#clock.after(this.#muteMs, () => this.remove(fqn));
    this.#mute.set(fqn, { reason, question, timer });
    if (this.#questions < MAX_QUESTIONS) void this.#leaveOpen(fqn, question.signal, ask);
  }

  /** Called when the node answers, offers a service or leaves the graph. */
  remove(fqn: string): void {
    const mute = this.#mute.get(fqn);
    this.#mute.delete(fqn);
    mute?.timer.cancel();
    mute?.question.abort();
  }

  close(): void {
    for (const fqn of [...this.#mute.keys()]) this.remove(fqn);
  }

  async #leaveOpen(fqn: string, signal: AbortSignal, ask: Probe): Promise<void> {
    this.#questions++;
    // A failure is expected here: the node stays mute until the time is over.
    const answered = await ask(signal).then(
      () => true,
      () => false,
    );
    this.#questions--;
    if (answered && !signal.aborted) this.remove(fqn);
  }
}
