import type { FleetCampaignDetail } from '@medkit/contract';
import { useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { gateway } from '../gateway/gateway.ts';
import { usePrincipal } from '../gateway/principal.ts';
import { Confirm } from '../regions/confirm.tsx';
import { actionsOf, type CampaignAction, canRollBack, waveToApprove } from './campaign-progress.ts';
import { NewCampaignDialog } from './new-campaign-dialog.tsx';
import { StopDialog } from './stop-dialog.tsx';
import { t } from './texts.ts';
import { refetchCampaigns } from './use-campaigns.ts';

interface CampaignProps {
  readonly campaign: FleetCampaignDetail;
}

/** The decisions on a campaign. Buttons that the user cannot use are disabled, with the reasons beside them. */
export function CampaignActions({ campaign }: CampaignProps) {
  const a = t.actions;
  const [open, setOpen] = useState<CampaignAction | 'again'>();
  const refusals = useRefusals(campaign);
  const again = useRefusal('campaigns.write');
  const actions = actionsOf(campaign);
  const wave = waveToApprove(campaign) ?? 0;
  const reasons = new Set([...actions.map((action) => refusals[action]), again].filter((each) => each !== undefined));
  return (
    <>
      <div className="row">
        {actions.map((action) => (
          <button
            key={action}
            type="button"
            className={`button ${action === 'approve' ? 'primary' : 'danger'}`}
            disabled={refusals[action] !== undefined}
            title={refusals[action]}
            onClick={() => setOpen(action)}
          >
            {action === 'approve' ? a.approve(wave) : a[action]}
          </button>
        ))}
        <button
          type="button"
          className="button"
          disabled={again !== undefined}
          title={again}
          onClick={() => setOpen('again')}
        >
          {t.page.again}
        </button>
        {[...reasons].map((reason) => (
          <span key={reason} className="soft">
            {reason}
          </span>
        ))}
      </div>
      {open !== undefined && <ActionDialog campaign={campaign} action={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

/** Returns why the user cannot take each action; `undefined` if nothing prevents it. */
function useRefusals({ kind, created_by, plan }: FleetCampaignDetail) {
  const [stop, approve] = [useRefusal('campaigns.stop'), useRefusal('campaigns.approve')];
  const isCreator = usePrincipal()?.principal === created_by;
  return {
    approve: approve ?? (isCreator && plan.gate?.approval === 'other' ? t.actions.isCreator : undefined),
    stop,
    roll_back: stop ?? (!canRollBack(kind) ? t.actions.noRollBack : undefined),
    cancel: stop,
  } as const satisfies Readonly<Record<CampaignAction, string | undefined>>;
}

interface ActionDialogProps extends CampaignProps {
  readonly action: CampaignAction | 'again';
  readonly onClose: () => void;
}

function ActionDialog({ campaign, action, onClose }: ActionDialogProps) {
  const a = t.actions;
  const { id, plan } = campaign;
  const path = { campaign: id };
  if (action === 'again') return <NewCampaignDialog plan={{ id: `${id}-2`, ...plan }} onClose={onClose} />;
  if (action === 'stop' || action === 'roll_back')
    return <StopDialog campaign={campaign} action={action} onClose={onClose} />;
  if (action === 'cancel')
    return (
      <Confirm
        title={a.cancelTitle(id)}
        action={a.cancelNow}
        onConfirm={async () => {
          await gateway().call('cancelFleetCampaign', { path });
          refetchCampaigns();
        }}
        onClose={onClose}
      >
        <p>{a.cancelEffect}</p>
      </Confirm>
    );
  return <ApproveDialog campaign={campaign} onClose={onClose} />;
}

/** Approves the wave that needed it when the dialog was opened, whatever others approve meanwhile. */
function ApproveDialog({ campaign, onClose }: Omit<ActionDialogProps, 'action'>) {
  const a = t.actions;
  const { id, waves } = campaign;
  const [wave] = useState(() => waveToApprove(campaign) ?? 1);
  return (
    <Confirm
      title={a.approveTitle(wave, id)}
      action={a.approveNow}
      onConfirm={async () => {
        await gateway().call('approveFleetCampaign', { path: { campaign: id }, body: { wave } });
        refetchCampaigns();
      }}
      onClose={onClose}
    >
      <p>{a.approveEffect(waves[wave - 1]?.robots ?? 0)}</p>
    </Confirm>
  );
}
