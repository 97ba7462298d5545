/** Maximum lines; more have the same cause. */
const MAX_LINES = 100;

/** Collects problems of a document that affect only a part of it; bounded. */
export class Warnings {
  readonly #warn: (line: string) => void;
  readonly #lines: string[] = [];
  #more = 0;

  constructor(warn: (line: string) => void = () => undefined) {
    this.#warn = warn;
  }

  add(line: string): void {
    if (this.#lines.length === MAX_LINES) {
      this.#more++;
      return;
    }
    this.#lines.push(line);
    this.#warn(line);
  }

  /** All warnings, with the number of those that did not fit. */
  get lines(): readonly string[] {
    return this.#more === 0 ? this.#lines : [...this.#lines, `and ${this.#more} more`];
  }
}
