import type { FleetCampaignDetail, FleetCampaignStopAction } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { TextField } from '../fleet/text-field.tsx';
import { gateway } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { t } from './texts.ts';
import { refetchCampaigns } from './use-campaigns.ts';

/** Maximum length of the reason that the hub accepts. */
const MAX_REASON = 1000;

interface StopDialogProps {
  readonly campaign: FleetCampaignDetail;
  /** Whether the campaign still runs, or is stopped and is to be rolled back. */
  readonly action: 'stop' | 'roll_back';
  readonly onClose: () => void;
}

/** Stops a campaign with a reason, or rolls back a campaign that is stopped. */
export function StopDialog({ campaign: { id, kind, plan }, action, onClose }: StopDialogProps) {
  const a = t.actions;
  const isStop = action === 'stop';
  const [reason, setReason] = useState('');
  const [rollBack, setRollBack] = useState<FleetCampaignStopAction>(
    isStop ? (plan.on_stop ?? 'hold') : 'roll_back_all',
  );
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const refusal = useRefusal('campaigns.stop');
  const stop = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAtWork(true);
    setError(undefined);
    try {
      const body = { roll_back: rollBack, ...(reason.trim() && { reason: reason.trim() }) };
      await gateway().call('stopFleetCampaign', { path: { campaign: id }, body });
      refetchCampaigns();
      onClose();
    } catch (failure) {
      setError(failure as Error);
      setAtWork(false);
    }
  };
  return (
    <Dialog title={isStop ? a.stopTitle(id) : a.rollBackTitle(id)} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void stop(event)}>
        <p>{isStop ? a.stopEffect : a.rollBackEffect}</p>
        <TextField
          label={a.why}
          value={reason}
          onType={setReason}
          maxLength={MAX_REASON}
          autoComplete="off"
          help={a.whyHelp}
        />
        {kind === 'configuration' && (
          <label className="fleet-field">
            {a.rollBackField}
            <select value={rollBack} onChange={({ target }) => setRollBack(target.value as FleetCampaignStopAction)}>
              {Object.entries(t.rollBacks)
                .filter(([each]) => isStop || each !== 'hold')
                .map(([value, text]) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
            </select>
          </label>
        )}
        {error && <Failure error={error} />}
        <div className="row">
          <button type="submit" className="button danger" disabled={isAtWork || refusal !== undefined}>
            {isStop ? a.stopNow : a.rollBackNow}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
    </Dialog>
  );
}
