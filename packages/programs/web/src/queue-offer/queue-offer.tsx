import type { queueableRequest } from '@medkit/client';
import type { FleetRobot } from '@medkit/contract';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { accountGateway } from '../gateway/gateway.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Failure } from '../regions/failure.tsx';
import { ACCOUNT_PATH } from '../routes/base-path.ts';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { clockTime, timeMs } from '../time/times.ts';
import { t } from './texts.ts';

const HOUR_MS = 3_600_000;
const HOURS = [1, 8, 24, 168, 720] as const;

interface QueueOfferProps {
  /** Action and target, as of the dialog that acts on a connected robot. */
  readonly title: string;
  readonly robot: FleetRobot;
  readonly requests: readonly ReturnType<typeof queueableRequest>[];
  /** The effect of the action. */
  readonly children: ReactNode;
  /** Called when the dialog closes after all requests were queued. */
  readonly onQueued?: (() => void) | undefined;
  readonly onClose: () => void;
}

/** Offers to do something when a robot that is away is back. */
export function QueueOffer({ title, robot, requests: given, children, onQueued, onClose }: QueueOfferProps) {
  const [requests] = useState(given);
  const [openedMs] = useState(gatewayNowMs);
  const [hours, setHours] = useState<(typeof HOURS)[number]>(24);
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  /** Number of the requests that the hub has accepted: a second attempt sends the others. */
  const [accepted, setAccepted] = useState(0);
  const sinceMs = timeMs(robot.since);
  const endMs = openedMs + hours * HOUR_MS;
  const isDone = accepted === requests.length;
  const queue = async (): Promise<void> => {
    setAtWork(true);
    setError(undefined);
    try {
      for (const [index, request] of requests.entries()) {
        if (index < accepted) continue;
        const body = { ...request, expires_at: new Date(endMs).toISOString() };
        await accountGateway().call('queueFleetRequest', { path: { robot: robot.id }, body });
        setAccepted(index + 1);
      }
    } catch (failure) {
      setError(failure as Error);
    }
    setAtWork(false);
  };
  const close = (): void => {
    if (isDone) onQueued?.();
    onClose();
  };
  return (
    <Dialog title={title} onClose={close}>
      {children}
      <p>
        {t.away(robot.id, sinceMs === undefined ? undefined : clockTime(sinceMs))} <strong>{t.ask}</strong>
      </p>
      <label className="stack">
        {t.within}
        <select
          value={hours}
          disabled={isDone}
          onChange={({ target }) => setHours(HOURS.find((each) => String(each) === target.value) ?? 24)}
        >
          {HOURS.map((each) => (
            <option key={each} value={each}>
              {t.hours[each]}
            </option>
          ))}
        </select>
      </label>
      <p className="soft">{t.ends(clockTime(endMs))}</p>
      <div role="status">
        {isDone && (
          <p>
            {t.done(accepted)} <a href={ACCOUNT_PATH + addressOf('queue', {}, { robot: robot.id })}>{t.show}</a>
          </p>
        )}
      </div>
      {error && <Failure error={error} />}
      {!isDone && (
        <div className="row">
          <button type="button" className="button primary" disabled={isAtWork} onClick={() => void queue()}>
            {t.now}
          </button>
          <button type="button" className="button" onClick={close}>
            {texts.controls.cancel}
          </button>
        </div>
      )}
    </Dialog>
  );
}
