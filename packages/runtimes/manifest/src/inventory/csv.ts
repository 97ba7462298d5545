/** A row of a table, with the line on which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads comma-separated values (RFC 4180). Quoted cells may contain commas, line breaks and `""` and are not trimmed;
 * other cells are trimmed. A byte order mark, carriage returns outside quotes and blank lines are ignored.
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

  /** Reads one cell, up to the next comma or line end. */
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

  /** Reads a quoted text; up to the end of the text if the quote is not closed. */
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
