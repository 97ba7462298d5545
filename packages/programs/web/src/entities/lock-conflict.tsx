import { type EntityRef, GatewayRefused } from '@medkit/client';
import { useEffect, useState } from 'react';
import { CopyButton } from '../controls/copy-button.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { gatewayNowMs } from '../live/gateway-clock.ts';
import { gatewayAddress } from '../routes/base-path.ts';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { closingLock, lockRestMs } from './closing-lock.ts';
import { LockRest } from './lock-rest.tsx';
import './locks.css';
import { TakeOver } from './take-over.tsx';
import { lockInWords } from './use-disabled-reason.ts';

const LOOK_MS = 500;
/** The end of a lock is told in whole seconds: it may hold for so much longer. */
const ROUNDED_MS = 1200;

/** Whether something was refused as somebody else holds a lock. */
export const isHeld = (error: Error | undefined): error is GatewayRefused =>
  error instanceof GatewayRefused && error.code === 'lock-broken';

interface LockConflictProps {
  readonly entity: EntityRef;
  readonly collection: 'configurations' | 'operations' | 'data';
  /** The refusal: who holds the lock and until when is in its parameters. */
  readonly error: GatewayRefused;
  /** The lock has ended, or was taken over. Where something begins to move, it is asked about once more. */
  readonly onRetry: () => Promise<void>;
  readonly onClose: () => void;
}

/** What can be done where somebody else holds a lock: wait until it ends, take it over, or leave it. */
export function LockConflict({ entity, collection, error, onRetry, onClose }: LockConflictProps) {
  const words = texts.entities.conflict[collection];
  const [isWaiting, setWaiting] = useState(false);
  const [isTakingOver, setTakingOver] = useState(false);
  const [sinceMs] = useState(gatewayNowMs);
  const mayBreak = usePermission('locks.break');
  const locks = useRoute('listLocks', { entity, query: { effective: true } });
  const { holder, lock_expiration } = error.parameters;
  const held = {
    holder: typeof holder === 'string' ? holder : '?',
    lock_expiration: typeof lock_expiration === 'string' ? lock_expiration : '',
  };
  const lock = closingLock(locks.data?.items ?? [], collection);
  const lockedEntity = lock?.entity ? { kind: lock.entity.type, id: lock.entity.id } : entity;
  const isGone = locks.dataUpdatedAt > sinceMs && lock === undefined;
  const endsAt = lock?.lock_expiration ?? held.lock_expiration;
  useEffect(() => {
    if (!isWaiting) return undefined;
    const retry = () => {
      setWaiting(false);
      void onRetry();
    };
    if (isGone) {
      retry();
      return undefined;
    }
    const timer = setInterval(() => lockRestMs({ lock_expiration: endsAt }) <= -ROUNDED_MS && retry(), LOOK_MS);
    return () => clearInterval(timer);
  }, [isWaiting, isGone, endsAt, onRetry]);
  return (
    <div className="stack lock-conflict">
      <div className="row">
        <div role="alert">
          <p>
            {words.refused} {lockInWords(held)}
          </p>
        </div>
        <LockRest lock={{ lock_expiration: endsAt }} />
      </div>
      <div className="row">
        {isWaiting ? (
          <>
            <span>{words.waiting}</span>
            <button type="button" className="button" onClick={() => setWaiting(false)}>
              {texts.entities.stopWaiting}
            </button>
          </>
        ) : (
          <button type="button" className="button" onClick={() => setWaiting(true)}>
            {words.wait}
          </button>
        )}
        {mayBreak && lock?.breakable !== false && lock && (
          <button type="button" className="button danger" onClick={() => setTakingOver(true)}>
            {texts.entities.takeOver}
          </button>
        )}
        <CopyButton text={() => requestFor(held.holder, lockedEntity)} label={texts.entities.askHolder(held.holder)} />
        <button type="button" className="button" onClick={onClose}>
          {texts.entities.leaveIt}
        </button>
        <CopyButton text={error.text} label={texts.region.copyCode} />
      </div>
      {isTakingOver && lock && (
        <TakeOver lock={lock} entity={entity} onTaken={onRetry} onClose={() => setTakingOver(false)} />
      )}
    </div>
  );
}

/** What one would write to whoever holds the lock, with the address of the page where it can be released. */
function requestFor(holder: string, entity: EntityRef): string {
  return texts.entities.askHolderWords(holder, entity.id, `${gatewayAddress()}${addressOf('entity.locks', entity)}`);
}
