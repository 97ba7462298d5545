import type { UpdateStatus } from '@medkit/contract';
import type { InstallFacts, InstallStage } from './install-facts.ts';
import { problemOf } from './update-state.ts';

/** The steps of an update, in order. `prepare` does the first three, `execute` the others. */
export const STEPS = ['signature', 'identity', 'files', 'switch', 'start', 'gate'] as const;
export type StepName = (typeof STEPS)[number];
export type StepState = 'done' | 'running' | 'failed' | 'waiting' | 'undone' | 'unknown';

export interface UpdateStep {
  readonly name: StepName;
  readonly state: StepState;
  /** Percent of a running step, if known. */
  readonly percent?: number;
}

/** The step at which an update is refused or fails, by reason. */
const FAILED_AT: Readonly<Record<string, StepName>> = {
  signature: 'signature',
  identity: 'identity',
  epoch: 'identity',
  manifest: 'identity',
  'no-room': 'files',
  'in-use': 'files',
  digest: 'files',
  artifact: 'files',
  storage: 'switch',
  activation: 'start',
  fault: 'gate',
  'not-in-time': 'gate',
  unconfirmed: 'gate',
};

const STEP_OF_STAGE: Readonly<Record<InstallStage, StepName>> = {
  switching: 'switch',
  activating: 'start',
  gating: 'gate',
  confirming: 'gate',
  'rolling-back': 'switch',
  executed: 'gate',
  'rolled-back': 'switch',
};

interface StepInput {
  readonly id: string;
  readonly status: UpdateStatus;
  readonly facts: InstallFacts;
  /** True if the update was registered with the digest of its manifest, which is compared before the signature. */
  readonly hasDigest: boolean;
}

/** Returns the steps of an update with their states. */
export function stepsOf({ id, status, facts, hasDigest }: StepInput): readonly UpdateStep[] {
  const { phase } = status['x-medkit'];
  const isPending = status.status === 'pending';
  const before = (at: StepName | undefined, current: StepState = 'waiting', percent?: number) =>
    STEPS.map((name): UpdateStep => {
      const [place, end] = [STEPS.indexOf(name), at === undefined ? STEPS.length : STEPS.indexOf(at)];
      if (place !== end) return { name, state: place < end ? 'done' : 'waiting' };
      return { name, state: current, ...(percent !== undefined && { percent }) };
    });
  const part = (name: string) => status.sub_progress?.find((one) => one.name === name)?.progress;
  switch (phase) {
    case 'preparing': {
      const files = part('files');
      if (isPending) return before('signature');
      return files === undefined ? before('signature', 'running') : before('files', 'running', files);
    }
    case 'prepared':
      return before('switch');
    case 'executing': {
      if (isPending) return before('switch');
      const step = currentStep(id, facts, part('switch'));
      return step === 'gate' ? before(step, 'running', part('gate')) : before(step, 'running');
    }
    case 'executed':
      return before(undefined);
    case 'failed':
      return failedSteps(status, hasDigest);
    default:
      return before('signature');
  }
}

/** The journal names the step; the progress of another gateway only distinguishes the gate from the steps before. */
function currentStep(id: string, { last }: InstallFacts, switched: number | undefined): StepName {
  if (last?.id === id) return STEP_OF_STAGE[last.stage] ?? 'switch';
  return switched === 100 ? 'gate' : 'switch';
}

function failedSteps(status: UpdateStatus, hasDigest: boolean): readonly UpdateStep[] {
  const isRolledBack = status['x-medkit'].error?.vendor_code === 'x-medkit-update-rolled-back';
  const reason = problemOf(status)?.reason;
  const at = reason !== undefined && Object.hasOwn(FAILED_AT, reason) ? FAILED_AT[reason] : undefined;
  const end = STEPS.indexOf(at ?? (isRolledBack ? 'start' : 'signature'));
  // These reasons can also be found before the signature is verified.
  const isEarly = reason === 'artifact' || (reason === 'digest' && hasDigest);
  return STEPS.map((name, place): UpdateStep => {
    if (name === at && !(isRolledBack && at === 'switch')) return { name, state: 'failed' };
    if (isRolledBack && name === 'switch') return { name, state: 'undone' };
    if (place < end) return { name, state: isEarly ? 'unknown' : 'done' };
    return { name, state: at === undefined ? 'unknown' : 'waiting' };
  });
}

/** Returns the seconds left at the gate, rounded up; `undefined` if its duration is unknown. */
export function gateSecondsLeft(
  percent: number | undefined,
  gateSec: number | undefined,
  ageMs: number,
): number | undefined {
  if (percent === undefined || gateSec === undefined) return undefined;
  return Math.max(0, Math.ceil((gateSec * (100 - percent)) / 100 - Math.max(0, ageMs) / 1000));
}
