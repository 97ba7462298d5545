import { type EntityRef, GatewayRefused } from '@medkit/client';
import { useEffect, useRef, useState } from 'react';
import { blockingLock, lockRemainingMs } from '../access/blocking-lock.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { gatewayAddress } from '../routes/base-path.ts';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { LockCountdown } from './lock-countdown.tsx';
import './locks.css';
import { lockText } from '../access/use-disabled-reason.ts';
import { TakeOver } from './take-over.tsx';

const LOOK_MS = 500;
/** Lock expiry is reported in whole seconds, so a lock may be held this much longer. */
const ROUNDED_MS = 1200;
/** Pause after a retry that was refused again: the lock is held longer than this page knows. */
const AGAIN_MS = 2000;

/** Returns whether a request was refused because another client holds a lock. */
export const isHeld = (error: Error | undefined): error is GatewayRefused =>
  error instanceof GatewayRefused && error.code === 'lock-broken';

interface LockConflictProps {
  readonly entity: EntityRef;
  readonly collection: 'configurations' | 'operations' | 'data';
  /** The refusal; its parameters name the holder and the expiry. */
  readonly error: GatewayRefused;
  /**
   * Called when the lock has expired or was taken over, and again while the refusal remains. For commands that move the
   * robot, this asks for confirmation again.
   */
  readonly onRetry: () => Promise<void>;
  readonly onClose: () => void;
}

/** Choices if another client holds a lock: wait until it expires, take it over, or give up. */
export function LockConflict({ entity, collection, error, onRetry, onClose }: LockConflictProps) {
  const conflict = texts.entities.conflict[collection];
  const [isWaiting, setWaiting] = useState(false);
  const [isTakingOver, setTakingOver] = useState(false);
  const mayBreak = usePermission('locks.break');
  // While the user waits, the list is also polled: its event may come before the list is read.
  const locks = useRoute('listLocks', { entity, query: { effective: true } }, isWaiting ? { everyMs: AGAIN_MS } : {});
  const [readBefore] = useState(locks.dataUpdatedAt);
  const { holder, lock_expiration } = error.parameters;
  const held = {
    holder: typeof holder === 'string' ? holder : '?',
    lock_expiration: typeof lock_expiration === 'string' ? lock_expiration : '',
  };
  const lock = blockingLock(locks.data?.items ?? [], collection);
  const lockedEntity = lock?.entity ? { kind: lock.entity.type, id: lock.entity.id } : entity;
  const isGone = locks.dataUpdatedAt !== readBefore && lock === undefined;
  const endsAt = lock?.lock_expiration ?? held.lock_expiration;
  const retry = useRef(onRetry);
  retry.current = onRetry;
  const nextTryMs = useRef(0);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const look = () => {
      const isOver = isGone || lockRemainingMs({ lock_expiration: endsAt }) <= -ROUNDED_MS;
      if (!isOver || performance.now() < nextTryMs.current) return;
      nextTryMs.current = Number.POSITIVE_INFINITY;
      void retry.current().finally(() => {
        nextTryMs.current = performance.now() + AGAIN_MS;
      });
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [isWaiting, isGone, endsAt]);
  return (
    <div className="stack lock-conflict">
      <div className="row">
        <div role="alert">
          <p>
            {conflict.refused} {lockText(held)}
          </p>
        </div>
        <LockCountdown lock={{ lock_expiration: endsAt }} />
      </div>
      <div className="row">
        {isWaiting ? (
          <>
            <span>{conflict.waiting}</span>
            <button type="button" className="button" onClick={() => setWaiting(false)}>
              {texts.entities.stopWaiting}
            </button>
          </>
        ) : (
          <button type="button" className="button" onClick={() => setWaiting(true)}>
            {conflict.wait}
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

/** Returns a message to the holder of the lock, with the URL of the page where the lock can be released. */
function requestFor(holder: string, entity: EntityRef): string {
  return texts.entities.askHolderWords(holder, entity.id, `${gatewayAddress()}${addressOf('entity.locks', entity)}`);
}
