import { useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { gateway, refetchRoutes, useChange } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Failure } from '../regions/failure.tsx';
import { goTo } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import type { InstallFacts } from './install-facts.ts';
import type { RegisteredMembers } from './registered-members.ts';
import { t } from './texts.ts';
import { actionsOf, type UpdateAction, type UpdateLabel } from './update-state.ts';

type ConfirmedAction = Exclude<UpdateAction, 'prepare'>;

const ROUTES = { execute: 'executeUpdate', automate: 'automateUpdate', rollBack: 'rollBackUpdate' } as const;

interface UpdateActionsProps {
  readonly id: string;
  readonly label: UpdateLabel;
  readonly members: RegisteredMembers;
  readonly facts: InstallFacts;
  /** Seconds left to confirm the update, if it waits for that. */
  readonly confirmSec: number | undefined;
  /** Called after each action, to load the new state. */
  readonly onDone: () => void;
}

/** The possible actions on an update. All except `prepare` need a confirmation. */
export function UpdateActions({ id, label, members, facts, confirmSec, onDone }: UpdateActionsProps) {
  const [dialog, open] = useState<ConfirmedAction>();
  const prepare = useChange('prepareUpdate');
  const confirm = useChange('confirmUpdate');
  const mayUpdate = usePermission('updates');
  const refusal = useRefusal('updates');
  const path = { update_id: id };
  const actions = actionsOf(label, members.isAutomated);
  if (!mayUpdate) return <span className="soft">{refusal}</span>;
  const perform = async (action: ConfirmedAction) => {
    if (action === 'delete') {
      await gateway().call('deleteUpdate', { path });
      refetchRoutes(['listUpdates']);
      goTo(addressOf('updates', {}));
      return;
    }
    await gateway().call(ROUTES[action], { path });
    onDone();
  };
  const begin = (action: UpdateAction) => {
    if (action === 'prepare') prepare.mutate({ path }, { onSettled: onDone });
    else open(action);
  };
  const help = label === 'inUse' ? t.deleteInUse : actions.length === 0 ? t.busyHelp : undefined;
  const note = refusal ?? (confirmSec === undefined ? help : t.waitsForConfirmation(confirmSec));
  return (
    <div className="row">
      {note && <span className="soft">{note}</span>}
      {confirmSec !== undefined && (
        <button
          type="button"
          className="button primary"
          disabled={refusal !== undefined || confirm.isPending}
          onClick={() => confirm.mutate({ path }, { onSettled: onDone })}
        >
          {t.confirmUpdate}
        </button>
      )}
      {actions.map((action, place) => (
        <button
          key={action}
          type="button"
          className={`button ${place === 0 ? 'primary' : action === 'delete' ? 'danger' : ''}`}
          disabled={refusal !== undefined || prepare.isPending}
          onClick={() => begin(action)}
        >
          {t.actions[action]}
        </button>
      ))}
      {prepare.error && <Failure error={prepare.error} />}
      {confirm.error && <Failure error={confirm.error} />}
      {dialog && (
        <Confirm
          title={t.titles[dialog](id)}
          action={t.confirmed[dialog]}
          onConfirm={() => perform(dialog)}
          onClose={() => open(undefined)}
        >
          {dialog === 'delete' ? <p>{t.deleteEffect}</p> : <SwitchEffect members={members} facts={facts} />}
        </Confirm>
      )}
    </div>
  );
}

/** What happens to the robot if the release in use is replaced. */
function SwitchEffect({ members, facts }: Pick<UpdateActionsProps, 'members' | 'facts'>) {
  const watched = [...new Set([...members.components, ...members.affected])];
  return (
    <>
      <p>{t.switchEffect(facts.inUse)}</p>
      <p>{t.gateEffect(watched.join(', ') || t.wholeRobot, facts.gateSec)}</p>
    </>
  );
}
