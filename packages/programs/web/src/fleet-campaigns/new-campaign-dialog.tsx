import type { FleetCampaignDetail, NewFleetCampaign } from '@medkit/contract';
import { type FormEvent, useId, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { gateway } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { goTo } from '../routes/location.ts';
import { pageOfCampaign } from './campaign-columns.tsx';
import { parsePlan, planText } from './plan-text.ts';
import { t } from './texts.ts';
import { refetchCampaigns } from './use-campaigns.ts';

/** Maximum length of a plan: longer bodies are beyond every limit of the hub. */
const MAX_PLAN = 262_144;

const EXAMPLE = planText({
  id: 'slower-in-halls',
  kind: 'configuration',
  changes: [{ entity: 'apps/controller_server', parameter: 'max_vel_x', from: 0.5, to: 0.4 }],
  targets: { group: 'amr-200' },
  waves: [{ robots: ['amr-17'] }, { percent: 25, spread: 'site' }, { percent: 100 }],
  gate: { soak_sec: 3600 },
  on_stop: 'roll_back_all',
});

interface NewCampaignDialogProps {
  /** The plan to begin with. */
  readonly plan?: NewFleetCampaign;
  readonly onClose: () => void;
}

/** Checks the plan of a campaign, and starts it. */
export function NewCampaignDialog({ plan: initial, onClose }: NewCampaignDialogProps) {
  const n = t.newCampaign;
  const id = useId();
  const [text, setText] = useState(initial ? planText(initial) : '');
  const [isJson, setJson] = useState(true);
  const [checked, setChecked] = useState<FleetCampaignDetail>();
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const refusal = useRefusal('campaigns.write');
  const send = async (isDryRun: boolean): Promise<void> => {
    const parsed = parsePlan(text);
    setJson('plan' in parsed);
    setChecked(undefined);
    setError(undefined);
    if (!('plan' in parsed)) return;
    setAtWork(true);
    try {
      const body = { ...parsed.plan, dry_run: isDryRun };
      const reply = await gateway().call('createFleetCampaign', { body });
      if (isDryRun) setChecked(reply);
      else {
        refetchCampaigns();
        onClose();
        goTo(pageOfCampaign(reply));
        return;
      }
    } catch (failure) {
      setError(failure as Error);
    }
    setAtWork(false);
  };
  const check = (event: FormEvent): void => {
    event.preventDefault();
    void send(true);
  };
  const startRefusal = refusal ?? (checked ? undefined : n.checkFirst);
  return (
    <Dialog title={n.title} onClose={onClose} className="campaign-dialog">
      <form className="stack" noValidate onSubmit={check}>
        <div className="fleet-field">
          <label htmlFor={id}>{n.plan}</label>
          <textarea
            id={id}
            rows={12}
            className="mono"
            spellCheck={false}
            value={text}
            maxLength={MAX_PLAN}
            placeholder={EXAMPLE}
            aria-invalid={!isJson}
            aria-describedby={`${id}-text`}
            onChange={({ target }) => {
              setText(target.value);
              setJson(true);
              setChecked(undefined);
            }}
          />
          <span id={`${id}-text`} className={isJson ? 'soft' : 'fleet-problem'}>
            {isJson ? n.help : n.notJson}
          </span>
        </div>
        {error && <Failure error={error} />}
        <div role="status">{checked && <CheckedPlan campaign={checked} />}</div>
        <div className="row">
          <button type="submit" className="button" disabled={isAtWork || refusal !== undefined || text.trim() === ''}>
            {n.check}
          </button>
          <button
            type="button"
            className="button primary"
            disabled={isAtWork || startRefusal !== undefined}
            onClick={() => void send(false)}
          >
            {n.start}
          </button>
          {startRefusal && <span className="soft">{startRefusal}</span>}
        </div>
      </form>
    </Dialog>
  );
}

/** What a campaign would do: its waves, and the robots that could not begin now. */
function CheckedPlan({ campaign: { waves, not_fulfilled: unfulfilled } }: { readonly campaign: FleetCampaignDetail }) {
  const n = t.newCampaign;
  return (
    <div className="stack">
      <p>
        <strong>{n.checked}</strong>
      </p>
      <table className="fleet-figures">
        <thead>
          <tr>
            <th scope="col">{t.wave}</th>
            <th scope="col">{t.robots}</th>
          </tr>
        </thead>
        <tbody>
          {waves.map(({ wave, robots }) => (
            <tr key={wave}>
              <th scope="row">{wave}</th>
              <td className="number">{robots}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {unfulfilled && unfulfilled.length > 0 ? (
        <>
          <p>{n.unfulfilled(unfulfilled.length)}</p>
          <ul className="campaign-unfulfilled">
            {unfulfilled.map(({ robot, reason }) => (
              <li key={robot}>
                <b>{robot}</b> {reason}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p>{n.fulfilled}</p>
      )}
    </div>
  );
}
