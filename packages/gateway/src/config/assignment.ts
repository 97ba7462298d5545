/** A value that a source assigns to a key, as text; `null` if the source names the key without a value. */
export interface Assignment {
  readonly key: string;
  readonly value: string | readonly string[] | null;
  /** Where the value is set: `medkit.yaml:12`, `MEDKIT_SERVER_PORT`, `--port`. */
  readonly origin: string;
}

/** One line about the configuration for the operator who starts the gateway. */
export interface Notice {
  readonly level: 'warning' | 'error';
  readonly text: string;
}

/** The content of one source: its values and its syntax problems. */
export interface SourceReading {
  readonly assignments: readonly Assignment[];
  readonly notices: readonly Notice[];
}

/** The configuration cannot be used; each line names a problem and its location. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}
