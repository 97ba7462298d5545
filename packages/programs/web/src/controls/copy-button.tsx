import { useState } from 'react';
import { texts } from '../texts/texts.ts';

const FEEDBACK_MS = 2000;

/**
 * Copies a text to the clipboard. Falls back to `execCommand`, because browsers offer no clipboard API over plain HTTP.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  area.className = 'visually-hidden';
  const place = document.querySelector('dialog[open]') ?? document.body;
  place.append(area);
  const focused = document.activeElement as HTMLElement | null;
  area.select();
  document.execCommand('copy');
  area.remove();
  focused?.focus();
}

interface CopyButtonProps {
  readonly text: string | (() => string);
  readonly label: string;
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(typeof text === 'function' ? text() : text);
    setCopied(true);
    setTimeout(() => setCopied(false), FEEDBACK_MS);
  };
  return (
    <button type="button" className="button" onClick={() => void copy()}>
      <span aria-live="polite">{isCopied ? texts.region.copied : label}</span>
    </button>
  );
}
