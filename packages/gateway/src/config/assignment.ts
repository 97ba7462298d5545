/** A value given to a key by some source, as text; `null` where the source names the key and gives nothing. */
export interface Assignment {
  readonly key: string;
  readonly value: string | readonly string[] | null;
  /** Where a person finds it: `medkit.yaml:12`, `MEDKIT_SERVER_PORT`, `--port`. */
  readonly origin: string;
}

/** One line about the configuration for the person who starts the gateway. */
export interface Notice {
  readonly level: 'warning' | 'error';
  readonly text: string;
}

/** What one source says: its values, and what is wrong with how it says them. */
export interface SourceReading {
  readonly assignments: readonly Assignment[];
  readonly notices: readonly Notice[];
}

/** The configuration cannot be used; each line says what is wrong and where. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}
