/** `PROGRESS 40` on standard output. */
const ON_OUTPUT = /^PROGRESS[ :]\s*(\d{1,3})\s*%?\s*$/;
/** Descriptor 3 has only progress, so the bare number suffices. */
const ON_REPORT = /^(?:PROGRESS[ :])?\s*(\d{1,3})\s*%?\s*$/;
/** Maximum characters of a progress line. */
const MAX_LINE_LENGTH = 32;

/** Extracts the progress lines from a stream, and returns the rest of it. */
export class ProgressLines {
  readonly #decoder = new TextDecoder();
  readonly #pattern: RegExp;
  readonly #mayHold: (lines: string) => boolean;
  readonly #onProgress: (percent: number) => void;
  /** The beginning of an incomplete line. */
  #held = '';
  /** True if the line was too long and its beginning was already returned. */
  #passing = false;

  constructor(stream: 'output' | 'report', onProgress: (percent: number) => void) {
    this.#pattern = stream === 'output' ? ON_OUTPUT : ON_REPORT;
    this.#mayHold = stream === 'output' ? (lines) => lines.includes('PROGRESS') : () => true;
    this.#onProgress = onProgress;
  }

  /** Returns the text without progress lines; holds back an incomplete line. */
  take(octets: Uint8Array): string {
    const pending = this.#held + this.#decoder.decode(octets, { stream: true });
    const end = pending.lastIndexOf('\n') + 1;
    const last = pending.slice(end);
    const text = this.#withoutProgress(pending.slice(0, end));
    if (end > 0) this.#passing = false;
    this.#passing ||= last.length > MAX_LINE_LENGTH;
    this.#held = this.#passing ? '' : last;
    return this.#passing ? text + last : text;
  }

  /** Returns the held-back text at the end of the stream. */
  end(): string {
    const last = this.#held + this.#decoder.decode();
    this.#held = '';
    return !this.#passing && this.#isProgress(last) ? '' : last;
  }

  /** Removes progress lines from whole lines. Skips the check of each line if the text cannot contain progress. */
  #withoutProgress(lines: string): string {
    if (!this.#mayHold(lines)) return lines;
    let isRest = this.#passing;
    return lines
      .split(/(?<=\n)/)
      .filter((line) => {
        const isText = isRest || !this.#isProgress(line.slice(0, -1));
        isRest = false;
        return isText;
      })
      .join('');
  }

  #isProgress(line: string): boolean {
    const percent = this.#pattern.exec(line)?.[1];
    if (percent === undefined) return false;
    this.#onProgress(Math.min(100, Number(percent)));
    return true;
  }
}
