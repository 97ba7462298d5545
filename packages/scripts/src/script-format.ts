/** What runs a script: by the extension of its file, `.py`, `.bash`; anything else is `sh`. */
export type ScriptFormat = 'python' | 'bash' | 'sh';

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

export function formatOf(filename: string): ScriptFormat {
  if (filename.endsWith('.py')) return 'python';
  return filename.endsWith('.bash') ? 'bash' : 'sh';
}
