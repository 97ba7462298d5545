import { useEffect, useRef } from 'react';
import { queries } from '../gateway/gateway.ts';
import { useHubRobot, useIsRobotAway } from '../gateway/robot-presence.ts';
import { ACCOUNT_PATH } from '../routes/base-path.ts';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Ago } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { RobotState } from './robot-state.tsx';
import { t } from './texts.ts';
import './fleet.css';

/** Above every page of a robot that a hub serves: which robot it is, and how old its state is while it is away. */
export function RobotStripe({ robot }: { readonly robot: string }) {
  const [data, isAway] = [useHubRobot(), useIsRobotAway()];
  useReload(data && isAway);
  return (
    <aside className={`fleet-stripe ${isAway ? 'fleet-stripe-away' : ''}`} aria-label={t.name}>
      <a href={ACCOUNT_PATH + addressOf('fleet', {})}>{texts.shell.fleet}</a>
      <a href={ACCOUNT_PATH + addressOf('fleet.robot', { robot })}>{robot}</a>
      {data && <RobotState robot={data} />}
      {data?.site && <span>{data.site}</span>}
      {data && isAway && (
        <span>
          {data.as_of && (
            <>
              {t.asOf} <Ago ms={timeMs(data.as_of)} />{' '}
            </>
          )}
          {t.away}
        </span>
      )}
    </aside>
  );
}

/** Loads everything again when the robot has left or returned: its values, or what the hub knew last. */
function useReload(isAway: boolean | undefined): void {
  const before = useRef(isAway);
  useEffect(() => {
    if (before.current !== undefined && isAway !== undefined && before.current !== isAway) {
      void queries.invalidateQueries();
    }
    if (isAway !== undefined) before.current = isAway;
  }, [isAway]);
}
