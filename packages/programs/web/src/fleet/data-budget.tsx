import type { FleetRobot, UplinkBudget } from '@medkit/contract';
import { isRobotConnected } from '@medkit/contract/robot-presence';
import { useQuery } from '@tanstack/react-query';
import { robotGateway } from '../gateway/gateway.ts';
import { formatSize } from '../recordings/format-size.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { t } from './texts.ts';

/** The data budget of a robot, which is asked once: each reply uses a part of it. */
export function useDataBudget({ id, presence }: Pick<FleetRobot, 'id' | 'presence'>): UplinkBudget | undefined {
  const { data } = useQuery({
    queryKey: ['data budget', id],
    queryFn: ({ signal }) => robotGateway(id).call('getUplink', { signal }),
    enabled: isRobotConnected(presence),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return data?.budget ?? undefined;
}

/** What the connection of a robot has used today, of which budget, and for what. */
export function DataBudget({ budget }: { readonly budget: UplinkBudget }) {
  const { used_bytes: used, limit_bytes: limit, renews, classes, metered, bulk_waits: waits } = budget;
  const b = t.budget;
  const parts = classes
    .map(({ class: each, sent_bytes: sent, received_bytes: received }) => ({ each, bytes: sent + received }))
    .filter(({ bytes }) => bytes > 0);
  return (
    <>
      {limit == null ? b.used(formatSize(used)) : b.usedOf(formatSize(used), formatSize(limit))}{' '}
      {metered && <span className="chip">{b.metered}</span>}{' '}
      <span className="soft">
        {parts.map(({ each, bytes }) => `${b.classes[each] ?? each}: ${formatSize(bytes)}`).join(', ')}
        {waits != null && `; ${b.waits}: ${waits}`}
        {limit != null && (
          <>
            {'; '}
            {b.renews} <Time ms={timeMs(renews)} />
          </>
        )}
      </span>
    </>
  );
}
