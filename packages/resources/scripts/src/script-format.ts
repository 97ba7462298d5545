import type { ScriptFormat } from '@medkit/core';

interface FormatWords {
  /** The program that runs it. */
  readonly interpreter: string;
  /** Of the file that it is kept in. */
  readonly extension: string;
}

export const FORMATS: Readonly<Record<ScriptFormat, FormatWords>> = {
  python: { interpreter: 'python3', extension: 'py' },
  bash: { interpreter: 'bash', extension: 'bash' },
  sh: { interpreter: 'sh', extension: 'sh' },
};

/** By the extension of the file, `.py`, `.bash`; anything else is `sh`. */
export function formatOf(filename: string): ScriptFormat {
  if (filename.endsWith('.py')) return 'python';
  return filename.endsWith('.bash') ? 'bash' : 'sh';
}
