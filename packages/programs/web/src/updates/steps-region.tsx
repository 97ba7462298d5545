import { useRef } from 'react';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Region } from '../regions/region.tsx';
import { useTick } from '../time/time.tsx';
import { t } from './texts.ts';
import { StepMark } from './update-marks.tsx';
import { gateSecondsLeft, type UpdateStep } from './update-steps.ts';

interface StepsRegionProps {
  readonly steps: readonly UpdateStep[];
  readonly gateSec: number | undefined;
  /** Time when the steps were loaded, by the clock of the browser. */
  readonly atMs: number;
  readonly isQueued: boolean;
}

/** Number of steps of `prepare`; the others belong to `execute`. */
const PREPARE_STEPS = 3;

/** The steps of an update in two groups, with the progress of the running step. */
export function StepsRegion({ steps, gateSec, atMs, isQueued }: StepsRegionProps) {
  const groups = [
    [t.prepareGroup, steps.slice(0, PREPARE_STEPS)],
    [t.executeGroup, steps.slice(PREPARE_STEPS)],
  ] as const;
  return (
    <Region title={t.steps}>
      {isQueued && <p className="soft">{t.queuedHelp}</p>}
      <div className="update-groups">
        {groups.map(([title, group]) => (
          <section key={title} aria-label={title} className="update-group">
            <h3>{title}</h3>
            <ol className="update-steps">
              {group.map((step) => (
                <li key={step.name} className={`update-step update-at-${step.state}`}>
                  <StepMark state={step.state} />
                  <div>
                    <span>{t.step[step.name]}</span>
                    {step.state === 'running' ? (
                      <StepProgress step={step} gateSec={gateSec} atMs={atMs} />
                    ) : (
                      <span className="soft update-step-help">{stepText(step)}</span>
                    )}
                  </div>
                </li>
              ))}
            </ol>
          </section>
        ))}
      </div>
    </Region>
  );
}

function stepText({ name, state }: UpdateStep): string {
  return state === 'done' ? t.stepHelp[name] : t.stepStates[state];
}

/** The progress of a running step. The gate counts down between two replies. */
function StepProgress({
  step,
  gateSec,
  atMs,
}: Pick<StepsRegionProps, 'gateSec' | 'atMs'> & { readonly step: UpdateStep }) {
  useTick(500);
  const reply = useRef({ atMs: 0, arrivedMs: 0 });
  if (reply.current.atMs !== atMs) reply.current = { atMs, arrivedMs: gatewayNowMs() };
  const { name, percent } = step;
  const left =
    name === 'gate' ? gateSecondsLeft(percent, gateSec, gatewayNowMs() - reply.current.arrivedMs) : undefined;
  const value = left !== undefined && gateSec ? 100 - (100 * left) / gateSec : percent;
  const text =
    left !== undefined
      ? t.gateLeft(left)
      : percent === undefined
        ? t.stepStates.running
        : name === 'gate'
          ? t.gateRunning(percent)
          : `${percent} %`;
  return (
    <span className="update-progress">
      <progress aria-label={`${t.progress}: ${t.step[name]}`} max={100} {...(value !== undefined && { value })} />
      <span className="number">{text}</span>
    </span>
  );
}
