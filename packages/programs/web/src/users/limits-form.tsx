import type { FleetGrant } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { limitChoices, limitText } from './limits.ts';
import { t } from './texts.ts';

interface LimitsFormProps {
  readonly grants: readonly FleetGrant[];
  /** Why the form cannot be sent. */
  readonly refusal: string | undefined;
  readonly onSave: (grants: FleetGrant[]) => Promise<void>;
}

/** Selects the sites and groups of a fleet hub to which a user is limited. Empty on a gateway that is no hub. */
export function LimitsForm({ grants, refusal, onSave }: LimitsFormProps) {
  const u = t.users;
  const sites = useRoute('listFleetSites', {}).data?.items ?? [];
  const groups = useRoute('listFleetGroups', {}).data?.items ?? [];
  const choices = limitChoices(grants, sites, groups);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(grants.map(limitText)));
  const isUnchanged = chosen.size === grants.length && grants.every((grant) => chosen.has(limitText(grant)));
  if (choices.length === 0) return null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void onSave(choices.filter((choice) => chosen.has(limitText(choice))));
  };
  const toggle = (text: string): void => {
    const next = new Set(chosen);
    if (!next.delete(text)) next.add(text);
    setChosen(next);
  };
  return (
    <form className="stack users-change" onSubmit={submit}>
      <fieldset className="users-permissions">
        <legend>{u.limits}</legend>
        <span className="soft">{chosen.size === 0 ? u.wholeFleet : u.limitsHelp}</span>
        {choices.map(limitText).map((text) => (
          <label key={text} className="row">
            <input type="checkbox" checked={chosen.has(text)} onChange={() => toggle(text)} />
            {text}
          </label>
        ))}
      </fieldset>
      <div className="row">
        <button type="submit" className="button" disabled={refusal !== undefined || isUnchanged}>
          {u.saveLimits}
        </button>
        {refusal && <span className="soft">{refusal}</span>}
      </div>
    </form>
  );
}
