import type { ScriptFormat } from '@medkit/core';

interface FormatInfo {
  /** The program that runs it. */
  readonly interpreter: string;
  /** Extension of the stored file. */
  readonly extension: string;
}

export const FORMATS: Readonly<Record<ScriptFormat, FormatInfo>> = {
  python: { interpreter: 'python3', extension: 'py' },
  bash: { interpreter: 'bash', extension: 'bash' },
  sh: { interpreter: 'sh', extension: 'sh' },
};

/** Returns the format by file extension, `.py` or `.bash`; otherwise `sh`. */
export function formatOf(filename: string): ScriptFormat {
  if (filename.endsWith('.py')) return 'python';
  return filename.endsWith('.bash') ? 'bash' : 'sh';
}

/**
 * Returns the text for the interpreter. Windows editors end lines with CR LF and may add a byte order mark, which
 * shells treat as parts of commands. Removes both from shell scripts; Python accepts them.
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
