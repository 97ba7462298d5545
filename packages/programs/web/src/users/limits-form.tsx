import type { FleetGrant } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { chosenLimits, limitChoices, placeKey, placeText, rolesOf } from './limits.ts';
import { t } from './texts.ts';

interface LimitsFormProps {
  readonly grants: readonly FleetGrant[];
  readonly roles: readonly string[];
  /** Why the form cannot be sent. */
  readonly refusal: string | undefined;
  readonly onSave: (grants: FleetGrant[]) => Promise<void>;
}

/**
 * Selects the sites and groups of a fleet hub to which a user is limited, each with a role. Empty on a gateway that is
 * no hub.
 */
export function LimitsForm({ grants, roles, refusal, onSave }: LimitsFormProps) {
  const u = t.users;
  const sites = useRoute('listFleetSites', {}).data?.items ?? [];
  const groups = useRoute('listFleetGroups', {}).data?.items ?? [];
  const choices = limitChoices(grants, sites, groups);
  const [chosen, setChosen] = useState(() => rolesOf(grants));
  const isUnchanged =
    chosen.size === grants.length && grants.every((grant) => chosen.get(placeKey(grant)) === (grant.role ?? ''));
  if (choices.length === 0) return null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void onSave(chosenLimits(choices, chosen));
  };
  const choose = (key: string, role: string | undefined): void => {
    const next = new Map(chosen);
    if (role === undefined) next.delete(key);
    else next.set(key, role);
    setChosen(next);
  };
  return (
    <form className="stack users-change" onSubmit={submit}>
      <fieldset className="users-limits">
        <legend>{u.limits}</legend>
        <span className="soft">{chosen.size === 0 ? u.wholeFleet : u.limitsHelp}</span>
        {choices.map((choice) => {
          const key = placeKey(choice);
          return (
            <Limit
              key={key}
              limit={choice}
              roles={roles}
              role={chosen.get(key)}
              onChoose={(role) => choose(key, role)}
            />
          );
        })}
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

interface LimitProps {
  /** The limit as it can be chosen, with its stored role. */
  readonly limit: FleetGrant;
  readonly roles: readonly string[];
  /** `undefined` if the limit is not chosen; empty for the role of the user. */
  readonly role: string | undefined;
  readonly onChoose: (role: string | undefined) => void;
}

function Limit({ limit, roles, role, onChoose }: LimitProps) {
  const u = t.users;
  const place = placeText(limit);
  const offered = new Set([...roles, ...(limit.role ? [limit.role] : [])]);
  return (
    <div className="users-limit">
      <label>
        <input
          type="checkbox"
          checked={role !== undefined}
          onChange={({ target }) => onChoose(target.checked ? (limit.role ?? '') : undefined)}
        />
        {place}
      </label>
      {role !== undefined && (
        <select aria-label={u.roleAt(place)} value={role} onChange={({ target }) => onChoose(target.value)}>
          <option value="">{u.sameRole}</option>
          {[...offered].map((name) => (
            <option key={name} value={name}>
              {name.slice(0, 80)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
