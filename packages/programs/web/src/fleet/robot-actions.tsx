import type { FleetRobot, NewFleetInvitation } from '@medkit/contract';
import { useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { useIsLost } from '../live/live-stream.ts';
import { Confirm } from '../regions/confirm.tsx';
import { goTo } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { InvitationCommand } from './invite-dialog.tsx';
import { ParkDialog } from './park-dialog.tsx';
import { t } from './texts.ts';

type Action = 'approve' | 'keep' | 'replace' | 'retire' | 'revoke' | 'rotate' | 'unpark';

/** Returns what may be done with a robot in its state. */
function actionsFor({ state, park }: FleetRobot): readonly Action[] {
  if (state === 'pending') return ['approve', 'retire'];
  if (state === 'approved') return [...(park ? (['unpark'] as const) : []), 'rotate', 'replace', 'revoke', 'retire'];
  if (state === 'quarantined') return ['keep', 'replace', 'retire'];
  return state === 'revoked' ? ['replace', 'retire'] : [];
}

const NEEDS = {
  approve: 'fleet.enrol',
  keep: 'fleet.manage',
  replace: 'fleet.enrol',
  retire: 'fleet.manage',
  revoke: 'fleet.manage',
  rotate: 'fleet.manage',
  unpark: 'fleet.manage',
} as const satisfies Record<Action, string>;

/** The buttons of a robot, each with a confirmation. */
export function RobotActions({ robot }: { readonly robot: FleetRobot }) {
  const [action, choose] = useState<Action>();
  const [isParking, park] = useState(false);
  const [invitation, setInvitation] = useState<NewFleetInvitation>();
  const may = { 'fleet.enrol': usePermission('fleet.enrol'), 'fleet.manage': usePermission('fleet.manage') };
  const isLost = useIsLost();
  const path = { robot: robot.id };
  const act: Readonly<Record<Action, () => Promise<unknown>>> = {
    approve: () => gateway().call('approveFleetRobot', { path }),
    keep: () => gateway().call('settleFleetRobot', { path, body: { action: 'keep' } }),
    replace: async () => setInvitation(await gateway().call('replaceFleetRobot', { path })),
    retire: () => gateway().call('retireFleetRobot', { path }),
    revoke: () => gateway().call('revokeFleetRobot', { path }),
    rotate: () => gateway().call('rotateFleetRobot', { path }),
    unpark: () => gateway().call('unparkFleetRobot', { path }),
  };
  const confirm = async (chosen: Action): Promise<void> => {
    await act[chosen]();
    refetchRoutes(['getFleetRobot', 'listFleetRobots', 'listFleetInvitations', 'listFleetPresence']);
    if (chosen === 'retire') goTo(addressOf('fleet', {}));
  };
  const a = t.actions;
  return (
    <div className="row">
      {robot.state === 'approved' && !robot.park && may['fleet.manage'] && (
        <button type="button" className="button" disabled={isLost} onClick={() => park(true)}>
          {a.park}
        </button>
      )}
      {actionsFor(robot)
        .filter((each) => may[NEEDS[each]])
        .map((each) => (
          <button
            key={each}
            type="button"
            className={`button ${each === 'approve' ? 'primary' : ''}`}
            disabled={isLost}
            onClick={() => choose(each)}
          >
            {a[each]}
          </button>
        ))}
      {action && (
        <Confirm
          title={a[`${action}Title`](robot.id)}
          action={a[`${action}Now`]}
          {...(action === 'retire' && { typed: robot.id })}
          onConfirm={() => confirm(action)}
          onClose={() => choose(undefined)}
        >
          <p>{a[`${action}Effect`]}</p>
          {action === 'approve' && <code className="fleet-command">{robot.fingerprint}</code>}
        </Confirm>
      )}
      {isParking && <ParkDialog robot={robot.id} onClose={() => park(false)} />}
      {invitation && (
        <Dialog title={t.invitation.title} onClose={() => setInvitation(undefined)}>
          <InvitationCommand invitation={invitation} onDone={() => setInvitation(undefined)} />
        </Dialog>
      )}
    </div>
  );
}
