import { useQuery } from '@tanstack/react-query';
import { accountGateway } from '../gateway/gateway.ts';
import { ACCOUNT_PATH } from '../routes/base-path.ts';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Ago } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { RobotState } from './robot-state.tsx';
import { t } from './texts.ts';
import './fleet.css';

const EVERY_MS = 5000;

/** Above every page of a robot that a hub serves: which robot it is, and how old its state is while it is away. */
export function RobotStripe({ robot }: { readonly robot: string }) {
  const { data } = useQuery({
    queryKey: ['robot of the hub', robot],
    queryFn: ({ signal }) => accountGateway().call('getFleetRobot', { path: { robot }, signal }),
    refetchInterval: EVERY_MS,
  });
  const isAway = data !== undefined && data.presence !== 'online';
  return (
    <aside className={`fleet-stripe ${isAway ? 'fleet-stripe-away' : ''}`} aria-label={t.name}>
      <a href={ACCOUNT_PATH + addressOf('fleet', {})}>{texts.shell.fleet}</a>
      <a href={ACCOUNT_PATH + addressOf('fleet.robot', { robot })}>{robot}</a>
      {data && <RobotState robot={data} />}
      {data?.site && <span>{data.site}</span>}
      {isAway && (
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
