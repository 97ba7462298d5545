import type { Lock } from '@medkit/contract';
import { useState } from 'react';
import { lockText, useRefusal } from '../access/use-disabled-reason.ts';
import { TakeOver } from '../entities/take-over.tsx';
import { useChange } from '../gateway/gateway.ts';
import { usePermission, usePrincipal } from '../gateway/principal.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Failure } from '../regions/failure.tsx';
import { t } from './texts.ts';

/** Duration of an extension, seconds. */
const EXTENSION_SEC = 300;
const TOUCHED = ['listAllLocks', 'listLocks'] as const;

type LockedEntity = NonNullable<Lock['entity']>;

/** What the user can do with a lock: extend or release it, or take over the lock of another client. */
export function LockActions({ lock }: { readonly lock: Lock }) {
  if (!lock.entity) return null;
  return lock.owned ? <HeldActions lock={lock} of={lock.entity} /> : <OtherActions lock={lock} of={lock.entity} />;
}

interface ActionsProps {
  readonly lock: Lock;
  readonly of: LockedEntity;
}

function HeldActions({ lock, of }: ActionsProps) {
  const [entity, path] = [{ kind: of.type, id: of.id }, { lock_id: lock.id }];
  const extend = useChange('extendLock', { touches: TOUCHED });
  const release = useChange('releaseLock', { touches: TOUCHED });
  const refusal = useRefusal('locks');
  const error = extend.error ?? release.error;
  return (
    <span className="locks-actions">
      <button
        type="button"
        className="button"
        aria-label={`${t.extend(EXTENSION_SEC / 60)}: ${t.extendOf(of.id)}`}
        title={refusal}
        disabled={refusal !== undefined || extend.isPending}
        onClick={() => extend.mutate({ entity, path, body: { lock_expiration: EXTENSION_SEC } })}
      >
        {t.extend(EXTENSION_SEC / 60)}
      </button>
      <button
        type="button"
        className="button"
        aria-label={`${t.release}: ${t.releaseOf(of.id)}`}
        title={refusal}
        disabled={refusal !== undefined || release.isPending}
        onClick={() => release.mutate({ entity, path })}
      >
        {t.release}
      </button>
      {error && <Failure error={error} />}
    </span>
  );
}

/** Taking over the lock of another client requires the permission `locks.break`. */
function OtherActions({ lock, of }: ActionsProps) {
  const [entity, path] = [{ kind: of.type, id: of.id }, { lock_id: lock.id }];
  const [asked, ask] = useState<'take over' | 'release'>();
  const mayBreak = usePermission('locks.break');
  // The gateway lets only a signed-in user end the lock of another client without taking it over.
  const isKnown = !['anonymous', 'gateway', undefined].includes(usePrincipal()?.kind);
  const refusal = useRefusal('locks.break');
  const release = useChange('releaseLock', { touches: TOUCHED });
  const close = (): void => ask(undefined);
  if (!mayBreak) return null;
  const isFixed = lock.breakable === false;
  return (
    <span className="locks-actions">
      <button
        type="button"
        className="button danger"
        aria-label={`${t.takeOver} ${t.takeOverOf(of.id)}`}
        title={isFixed ? t.unbreakable : refusal}
        disabled={refusal !== undefined || isFixed}
        onClick={() => ask('take over')}
      >
        {t.takeOver}
      </button>
      {isKnown && (
        <button
          type="button"
          className="button"
          aria-label={`${t.end} ${t.releaseOf(of.id)}`}
          title={refusal}
          disabled={refusal !== undefined}
          onClick={() => ask('release')}
        >
          {t.end}
        </button>
      )}
      {asked === 'take over' && <TakeOver lock={lock} entity={entity} onClose={close} />}
      {asked === 'release' && (
        <Confirm
          title={t.releaseOf(of.id)}
          action={t.endNow}
          typed={of.id}
          onConfirm={() => release.mutateAsync({ entity, path })}
          onClose={close}
        >
          <p>{lockText(lock)}</p>
          <p>{t.endEffect(lock.holder ?? '?')}</p>
        </Confirm>
      )}
    </span>
  );
}
