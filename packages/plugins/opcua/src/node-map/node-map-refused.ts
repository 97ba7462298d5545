/** A node map that cannot be used at all; each line has a location, the expected and the found value. */
export class NodeMapRefused extends Error {
  override readonly name = 'NodeMapRefused';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}
