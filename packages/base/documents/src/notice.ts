/** One line for the operator who starts medkit: the position, the problem, and what medkit did about it. */
export interface Notice {
  readonly level: 'warning' | 'error';
  readonly text: string;
}

/** A document cannot be used; each line states a problem and its position. */
export class DocumentRefused extends Error {
  override readonly name = 'DocumentRefused';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}
