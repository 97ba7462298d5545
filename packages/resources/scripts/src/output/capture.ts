import type { ScriptOutput } from '@medkit/core';

/** Maximum stored bytes of each stream of an execution. */
const MAX_STORED_BYTES = 1024 * 1024;

/** Stores the beginning of a text that arrives in pieces. */
export class Capture {
  readonly #parts: string[] = [];
  readonly #maxBytes: number;
  #bytes = 0;
  #truncated = false;

  constructor(maxBytes: number = MAX_STORED_BYTES) {
    this.#maxBytes = maxBytes;
  }

  take(text: string): void {
    if (this.#truncated || text === '') return;
    const bytes = Buffer.byteLength(text);
    if (this.#bytes + bytes <= this.#maxBytes) {
      this.#bytes += bytes;
      this.#parts.push(text);
      return;
    }
    this.#truncated = true;
    // Whole characters only: the streaming decoder drops a partial character at the end.
    const fitting = Buffer.from(text).subarray(0, this.#maxBytes - this.#bytes);
    this.#parts.push(new TextDecoder().decode(fitting, { stream: true }));
  }

  get output(): ScriptOutput {
    const text = this.#parts.join('');
    this.#parts.splice(0, this.#parts.length, text);
    return { text, truncated: this.#truncated };
  }
}
