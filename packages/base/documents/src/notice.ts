/** One line for the person who starts medkit: where something stands, what it is, and what was done about it. */
export interface Notice {
  readonly level: 'warning' | 'error';
  readonly text: string;
}

/** A document cannot be used; each line says what is wrong and where. */
export class DocumentRefused extends Error {
  override readonly name = 'DocumentRefused';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}
