import {
  Box,
  CircleCheck,
  CircleDashed,
  CircleStop,
  CircleX,
  LoaderCircle,
  type LucideIcon,
  ShieldCheck,
  ShieldOff,
} from 'lucide-react';
import { confinementOf } from './script-facts.ts';
import { t } from './texts.ts';

const ICONS: Readonly<Record<string, LucideIcon>> = {
  prepared: CircleDashed,
  running: LoaderCircle,
  completed: CircleCheck,
  failed: CircleX,
  terminated: CircleStop,
};

/** Returns the state of a run as a word. */
export function runStateText(status: string): string {
  return Object.hasOwn(t.states, status) ? t.states[status as keyof typeof t.states] : status;
}

/** The state of a run as icon and word. */
export function RunState({ status }: { readonly status: string }) {
  const Icon = ICONS[status] ?? CircleDashed;
  return (
    <span className={`run-state run-${status}`}>
      <Icon size={16} aria-hidden="true" />
      <span>{runStateText(status)}</span>
    </span>
  );
}

/** Whether a script runs in a sandbox, as icon and word. A plugin that runs it is named. */
export function Confinement({ runner }: { readonly runner: string | null | undefined }) {
  const confinement = confinementOf(runner);
  if (!confinement || !runner) return <span className="soft">–</span>;
  if (confinement === 'plugin') {
    return (
      <span className="run-state" title={t.pluginHelp(runner)}>
        <Box size={16} aria-hidden="true" />
        <span>{runner}</span>
      </span>
    );
  }
  const Icon = confinement === 'confined' ? ShieldCheck : ShieldOff;
  return (
    <span className={`run-state script-${confinement}`} title={t[`${confinement}Help`]}>
      <Icon size={16} aria-hidden="true" />
      <span>{t[confinement]}</span>
    </span>
  );
}
