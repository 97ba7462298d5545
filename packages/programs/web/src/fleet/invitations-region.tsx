import type { FleetInvitation } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { useIsLost } from '../live/live-stream.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import type { Column } from '../tables/columns.ts';
import { DataTable } from '../tables/data-table.tsx';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { t } from './texts.ts';

const EVERY_MS = 15_000;

/** The open invitations, without their codes. */
export function InvitationsRegion() {
  const list = useRoute('listFleetInvitations', {}, { everyMs: EVERY_MS });
  const [withdrawn, withdraw] = useState<FleetInvitation>();
  const isLost = useIsLost();
  const columns = useMemo(() => invitationColumns(isLost, withdraw), [isLost]);
  const i = t.invitations;
  return (
    <Region title={i.title}>
      <Loaded query={list} height={80}>
        {({ items }) => (
          <DataTable
            label={i.title}
            rows={items.filter(({ state }) => state === 'open')}
            keyOf={({ id }) => id}
            columns={columns}
            emptyText={i.none}
          />
        )}
      </Loaded>
      {withdrawn && (
        <Confirm
          title={i.withdrawTitle(targetOf(withdrawn))}
          action={i.withdrawNow}
          onConfirm={async () => {
            await gateway().call('withdrawFleetInvitation', { path: { invite: withdrawn.id } });
            refetchRoutes(['listFleetInvitations']);
          }}
          onClose={() => withdraw(undefined)}
        >
          <p>{i.withdrawEffect}</p>
        </Confirm>
      )}
    </Region>
  );
}

/** Returns the name of the robot, or the pattern of the names. */
const targetOf = ({ robot, name_pattern, id }: FleetInvitation): string => robot ?? name_pattern ?? id;

function invitationColumns(
  isLost: boolean,
  withdraw: (invitation: FleetInvitation) => void,
): readonly Column<FleetInvitation>[] {
  const i = t.invitations;
  return [
    {
      id: 'for',
      title: i.for,
      sortBy: targetOf,
      cell: (invitation) => <strong title={targetOf(invitation)}>{targetOf(invitation)}</strong>,
      under: ({ left, uses, created_by }) => `${i.leftOf(left, uses)} · ${created_by}`,
    },
    { id: 'site', title: t.site, width: '16%', isWideOnly: true, cell: ({ site }) => site ?? '–' },
    {
      id: 'left',
      title: i.left,
      width: '8rem',
      className: 'number',
      isWideOnly: true,
      cell: ({ left, uses }) => i.leftOf(left, uses),
    },
    { id: 'by', title: i.by, width: '16%', isWideOnly: true, cell: ({ created_by }) => created_by },
    { id: 'expires', title: i.expires, width: '11rem', cell: ({ expires_at }) => <Time ms={timeMs(expires_at)} /> },
    {
      id: 'withdraw',
      title: '',
      width: '8.5rem',
      cell: (invitation) => (
        <button
          type="button"
          className="button fleet-row-action"
          disabled={isLost}
          onClick={() => withdraw(invitation)}
        >
          {i.withdraw}
        </button>
      ),
    },
  ];
}
