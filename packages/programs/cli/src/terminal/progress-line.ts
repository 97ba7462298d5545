import { cutToWidth, plainLine } from './display-width.ts';

/** A progress line on standard error. Prints nothing if that is not a terminal. */
export interface ProgressLine {
  show(text: string): void;
  /** Erases the line, so that other output can follow. */
  clear(): void;
}

const BACK_AND_ERASE = '\r\x1b[K';

export function progressLine(): ProgressLine {
  const { stderr } = process;
  let isVisible = false;
  return {
    show(text) {
      if (!stderr.isTTY) return;
      stderr.write(`${BACK_AND_ERASE}${cutToWidth(plainLine(text), (stderr.columns || 80) - 1)}`);
      isVisible = true;
    },
    clear() {
      if (isVisible) stderr.write(BACK_AND_ERASE);
      isVisible = false;
    },
  };
}
