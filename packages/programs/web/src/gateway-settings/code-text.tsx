import { numbered } from './numbered.ts';

/** A text in which words between backticks are code. */
export function CodeText({ text }: { readonly text: string }) {
  return numbered(text.split('`')).map(([id, part]) => (Number(id) % 2 === 1 ? <code key={id}>{part}</code> : part));
}
