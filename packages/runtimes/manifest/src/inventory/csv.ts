/** A row of a table, and the line of the text that it begins on. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads comma-separated values (RFC 4180): a cell in quotes may hold commas, line ends and `""`, and is kept as it is;
 * others are trimmed. A byte order mark, carriage returns outside of quotes and blank lines count for nothing.
 */
export function readCsv(text: string): readonly CsvRow[] {
  const reader = new CsvReader(text.replace(/^\uFEFF/, ''));
  return [...reader.rows()].filter(({ cells }) => cells.length > 1 || cells[0] !== '');
}

class CsvReader {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  *rows(): Iterable<CsvRow> {
    while (this.#at < this.#text.length) {
      const line = this.#line;
      const cells = [this.#cell()];
      while (this.#text[this.#at] === ',') {
        this.#at++;
        cells.push(this.#cell());
      }
      this.#at++;
      this.#line++;
      yield { line, cells };
    }
  }

  /** One cell, up to the comma or line end behind it. */
  #cell(): string {
    const begin = this.#at;
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
    if (this.#text[this.#at] === '"') {
      const quoted = this.#quoted();
      this.#skipTo(/[,\n]/g);
      return quoted;
    }
    this.#skipTo(/[,\n]/g);
    return this.#text.slice(begin, this.#at).trim();
  }

  /** What stands between quotes; to the end of the text where they are not closed. */
  #quoted(): string {
    let value = '';
    this.#at++;
    for (;;) {
      const begin = this.#at;
      this.#skipTo(/"/g);
      value += this.#text.slice(begin, this.#at);
      this.#at++;
      if (this.#text[this.#at] !== '"') break;
      value += '"';
      this.#at++;
    }
    this.#line += value.split('\n').length - 1;
    return value;
  }

  #skipTo(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    this.#at = pattern.exec(this.#text)?.index ?? this.#text.length;
  }
}
