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

/**
 * The text that an interpreter is given. An editor of Windows ends lines with CR LF and begins the file with a byte order mark,
 * which a shell takes for parts of its commands: both are left out of a script that was saved so. Python takes both.
 */
export function interpretedText(content: Uint8Array, format: ScriptFormat): Uint8Array {
  if (format === 'python') return content;
  const text = Buffer.from(content.buffer, content.byteOffset, content.length);
  const begin = text.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0;
  const firstEnd = text.indexOf(LF);
  const isOfWindows = firstEnd > 0 && text[firstEnd - 1] === CR;
  if (!isOfWindows) return text.subarray(begin);
  return text.subarray(begin).filter((octet, at, all) => octet !== CR || all[at + 1] !== LF);
}

const BYTE_ORDER_MARK = Buffer.from('\u{feff}');
const CR = 0x0d;
const LF = 0x0a;
