/** A node map cannot be used as a whole; each line says where, what was expected and what was found. */
export class NodeMapRefused extends Error {
  override readonly name = 'NodeMapRefused';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}
