/** More lines than this have one cause; nobody reads them all. */
const MAX_LINES = 100;

/** What is wrong with a document and harms no more than the part that it stands in; bounded. */
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

  /** All of them, and how many more there were. */
  get lines(): readonly string[] {
    return this.#more === 0 ? this.#lines : [...this.#lines, `and ${this.#more} more`];
  }
}
