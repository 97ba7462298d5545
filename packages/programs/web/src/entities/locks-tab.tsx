import type { Lock } from '@medkit/contract';
import { useState } from 'react';
import { useChange, useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { useIsLost } from '../live/live-stream.ts';
import { Failure } from '../regions/failure.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { EntityLink } from './entity-link.tsx';
import { LockCountdown } from './lock-countdown.tsx';
import { LockForm } from './lock-form.tsx';
import './locks.css';
import type { EntityRef } from '@medkit/client';
import { TakeOver } from './take-over.tsx';

/** The locks that apply to an entity: its own locks and those of its ancestors. */
export function LocksTab({ entity }: { readonly entity: EntityRef }) {
  const list = useRoute('listLocks', { entity, query: { effective: true } });
  const mayLock = usePermission('locks');
  return (
    <>
      <Region title={texts.entities.tab.locks}>
        <Loaded query={list} height={100}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="soft">{texts.entities.noLocks}</p>
            ) : (
              <ul className="stack">
                {items.map((lock) => (
                  <LockRow key={lock.id} lock={lock} entity={entity} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Region>
      {mayLock && list.data && <LockForm entity={entity} />}
    </>
  );
}

/** Duration of an extension, seconds. */
const EXTENSION_SEC = 300;

function LockRow({ lock, entity }: { readonly lock: Lock; readonly entity: EntityRef }) {
  const { type: kind, id } = lock.entity ?? { type: entity.kind, id: entity.id };
  const path = { lock_id: lock.id };
  const extend = useChange('extendLock', { touches: ['listLocks', 'listAllLocks'] });
  const release = useChange('releaseLock', { touches: ['listLocks', 'listAllLocks'] });
  const [isTakingOver, setTakingOver] = useState(false);
  const [mayBreak, isLost] = [usePermission('locks.break'), useIsLost()];
  const error = extend.error ?? release.error;
  return (
    <li className="stack lock-row">
      <div className="spread">
        <p className="row">
          <strong>{lock.owned ? texts.entities.you : lock.holder}</strong>
          <span>
            <EntityLink entity={{ kind, id }} name={id} />
          </span>
          <span className="soft">
            {lock.scopes && lock.scopes.length > 0 ? lock.scopes.join(', ') : texts.entities.allScopes}
          </span>
          <LockCountdown lock={lock} />
        </p>
        <div className="row">
          {lock.owned && (
            <>
              <button
                type="button"
                className="button"
                disabled={isLost || extend.isPending}
                onClick={() => extend.mutate({ entity: { kind, id }, path, body: { lock_expiration: EXTENSION_SEC } })}
              >
                {texts.entities.extend(EXTENSION_SEC / 60)}
              </button>
              <button
                type="button"
                className="button"
                disabled={isLost || release.isPending}
                onClick={() => release.mutate({ entity: { kind, id }, path })}
              >
                {texts.entities.release}
              </button>
            </>
          )}
          {!lock.owned && mayBreak && (
            <button
              type="button"
              className="button danger"
              disabled={isLost || lock.breakable === false}
              onClick={() => setTakingOver(true)}
            >
              {texts.entities.takeOver}
            </button>
          )}
        </div>
      </div>
      {lock['x-medkit']?.problem && <p className="partial">{lock['x-medkit'].problem}</p>}
      {error && <Failure error={error} />}
      {isTakingOver && <TakeOver lock={lock} entity={entity} onClose={() => setTakingOver(false)} />}
    </li>
  );
}
