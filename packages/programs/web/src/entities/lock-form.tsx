import type { EntityRef } from '@medkit/client';
import { LOCK_SCOPES } from '@medkit/core/locks';
import { type FormEvent, useState } from 'react';
import { useChange } from '../gateway/gateway.ts';
import { useIsLost } from '../live/live-stream.ts';
import { Failure } from '../regions/failure.tsx';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';

const MINUTES = [1, 5, 15, 30, 60] as const;

/** Locks an entity, or only the ticked collections. */
export function LockForm({ entity }: { readonly entity: EntityRef }) {
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const [minutes, setMinutes] = useState(5);
  const acquire = useChange('acquireLock', { touches: ['listLocks', 'listAllLocks'] });
  const isLost = useIsLost();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    acquire.mutate({
      entity,
      body: { lock_expiration: minutes * 60, ...(scopes.length > 0 && { scopes: [...scopes] }) },
    });
  };
  const toggle = (scope: string) =>
    setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]);
  return (
    <Region title={texts.entities.lockIt}>
      <form className="stack" onSubmit={submit}>
        <p className="soft">{texts.entities.lockHelp}</p>
        <fieldset className="lock-scopes">
          <legend className="visually-hidden">{texts.entities.scopes}</legend>
          {LOCK_SCOPES.map((scope) => (
            <label key={scope} className="row">
              <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
              <code>{scope}</code>
            </label>
          ))}
        </fieldset>
        <div className="row">
          <label className="row">
            <span className="soft">{texts.entities.forHow}</span>
            <select value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
              {MINUTES.map((count) => (
                <option key={count} value={count}>
                  {count} min
                </option>
              ))}
            </select>
          </label>
          <button type="submit" className="button primary" disabled={isLost || acquire.isPending}>
            {scopes.length > 0 ? texts.entities.lockScopes(scopes.length) : texts.entities.lockAll}
          </button>
        </div>
        {acquire.error && <Failure error={acquire.error} />}
      </form>
    </Region>
  );
}
