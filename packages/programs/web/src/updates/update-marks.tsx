import {
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleEllipsis,
  CircleX,
  Clock3,
  History,
  LoaderCircle,
  type LucideIcon,
  PackageCheck,
  Undo2,
} from 'lucide-react';
import { t } from './texts.ts';
import type { UpdateLabel } from './update-state.ts';
import type { StepState } from './update-steps.ts';

const ICONS: Readonly<Record<UpdateLabel, LucideIcon>> = {
  registered: CircleDashed,
  queued: Clock3,
  preparing: LoaderCircle,
  prepared: PackageCheck,
  executing: LoaderCircle,
  inUse: CircleCheck,
  executed: History,
  rolledBack: Undo2,
  refused: CircleX,
  failed: CircleX,
  deleting: LoaderCircle,
};

interface UpdateStateProps {
  readonly label: UpdateLabel;
  readonly percent?: number | null | undefined;
}

/** The state of an update as icon and word, with the percent of a running step. */
export function UpdateState({ label, percent }: UpdateStateProps) {
  const Icon = ICONS[label];
  return (
    <span className={`update-mark update-is-${label}`}>
      <Icon size={16} aria-hidden="true" />
      <span>
        {t.states[label]}
        {typeof percent === 'number' && <span className="number"> {percent} %</span>}
      </span>
    </span>
  );
}

const STEP_ICONS: Readonly<Record<StepState, LucideIcon>> = {
  done: CircleCheck,
  running: LoaderCircle,
  failed: CircleX,
  waiting: CircleDashed,
  undone: Undo2,
  unknown: CircleEllipsis,
};

/** The state of a step as icon, with its word for screen readers. */
export function StepMark({ state }: { readonly state: StepState }) {
  const Icon = STEP_ICONS[state] ?? CircleDot;
  return (
    <span className={`update-mark update-step-${state}`}>
      <Icon size={18} aria-hidden="true" />
      <span className="visually-hidden">{t.stepStates[state]}</span>
    </span>
  );
}

/** The result of one check; nothing while it has not ended. */
export function Check({ state, name }: { readonly state: StepState; readonly name: string }) {
  if (state !== 'done' && state !== 'failed') return null;
  const Icon = STEP_ICONS[state];
  return (
    <span
      className={`update-mark update-step-${state}`}
      title={(state === 'done' ? t.checkPassed : t.checkFailed)(name)}
    >
      <Icon size={16} aria-hidden="true" />
      <span>{name}</span>
      <span className="visually-hidden">{t.stepStates[state]}</span>
    </span>
  );
}
