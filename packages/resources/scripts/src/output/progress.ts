/** `PROGRESS 40`, on standard output. */
const ON_OUTPUT = /^PROGRESS[ :]\s*(\d{1,3})\s*%?\s*$/;
/** On descriptor 3, where nothing else comes, the number alone will do. */
const ON_REPORT = /^(?:PROGRESS[ :])?\s*(\d{1,3})\s*%?\s*$/;
/** Characters of a line that may still become one of these. */
const MAX_LINE_LENGTH = 32;

/** Reads what a script says of its progress out of a stream, and gives the rest of it. */
export class ProgressLines {
  readonly #decoder = new TextDecoder();
  readonly #pattern: RegExp;
  readonly #mayHold: (lines: string) => boolean;
  readonly #onProgress: (percent: number) => void;
  /** The beginning of a line whose end has not come. */
  #held = '';
  /** Whether the line was too long, and its beginning is given away. */
  #passing = false;

  constructor(stream: 'output' | 'report', onProgress: (percent: number) => void) {
    this.#pattern = stream === 'output' ? ON_OUTPUT : ON_REPORT;
    this.#mayHold = stream === 'output' ? (lines) => lines.includes('PROGRESS') : () => true;
    this.#onProgress = onProgress;
  }

  /** Gives the text without the lines of progress, as far as it is known to be without. */
  take(octets: Uint8Array): string {
    const given = this.#held + this.#decoder.decode(octets, { stream: true });
    const end = given.lastIndexOf('\n') + 1;
    const last = given.slice(end);
    const text = this.#withoutProgress(given.slice(0, end));
    if (end > 0) this.#passing = false;
    this.#passing ||= last.length > MAX_LINE_LENGTH;
    this.#held = this.#passing ? '' : last;
    return this.#passing ? text + last : text;
  }

  /** What was held back; the stream is over. */
  end(): string {
    const last = this.#held + this.#decoder.decode();
    this.#held = '';
    return !this.#passing && this.#isProgress(last) ? '' : last;
  }

  /** Of whole lines. Those of a script that writes much and says nothing of its progress are not looked at one by one. */
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
