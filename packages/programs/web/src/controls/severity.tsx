import { CircleAlert, CircleX, Info, TriangleAlert } from 'lucide-react';
import { texts } from '../texts/texts.ts';

const ICONS = [Info, TriangleAlert, CircleAlert, CircleX] as const;

/** A severity as icon and word; colour is secondary. */
export function Severity({ severity, short = false }: { readonly severity: number; readonly short?: boolean }) {
  const level = Math.min(3, Math.max(0, Math.trunc(severity) || 0)) as 0 | 1 | 2 | 3;
  const Icon = ICONS[level];
  return (
    <span className={`row severity-${level}`} style={{ gap: 4, flexWrap: 'nowrap' }}>
      <Icon size={16} aria-hidden="true" />
      <span className={short ? 'visually-hidden' : ''}>{texts.severity[level]}</span>
    </span>
  );
}
