import type { Lock } from '@medkit/contract';
import { KeyRound } from 'lucide-react';
import { lockRemainingMs } from '../access/blocking-lock.ts';
import { useChange, useRoute } from '../gateway/gateway.ts';
import { useIsLost } from '../live/live-stream.ts';
import { Failure } from '../regions/failure.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { useTick } from '../time/time.tsx';
import { formatDuration } from '../time/times.ts';

/** Remaining time below which a lock is shown as about to expire. */
const WARNED_MS = 60_000;
const EXTENSION_SEC = 300;
const TOUCHED = ['listAllLocks', 'listLocks'] as const;

/** The locks held by this browser, shown on every page: remaining time, and a warning before the first lock expires. */
export function HeldLocks() {
  useTick(1000);
  const list = useRoute('listAllLocks', {});
  const heldLocks = (list.data?.items ?? []).filter((lock) => lock.owned && lockRemainingMs(lock) > 0);
  if (heldLocks.length === 0) return null;
  const first = Math.min(...heldLocks.map((lock) => lockRemainingMs(lock)));
  const ends = first < WARNED_MS;
  return (
    <details className="own-locks">
      <summary className={`chip ${ends ? 'own-locks-ending' : ''}`}>
        <KeyRound size={14} aria-hidden="true" />
        <span {...(ends && { role: 'status' })}>
          {texts.shell.heldLocks(heldLocks.length)} · {ends ? texts.shell.lockEnds : ''}{' '}
          <span className="number">{formatDuration(first)}</span>
        </span>
      </summary>
      <ul className="card stack">
        {heldLocks.map((lock) => (
          <HeldLock key={lock.id} lock={lock} />
        ))}
      </ul>
    </details>
  );
}

function HeldLock({ lock }: { readonly lock: Lock }) {
  const extend = useChange('extendLock', { touches: TOUCHED });
  const release = useChange('releaseLock', { touches: TOUCHED });
  const isLost = useIsLost();
  if (!lock.entity) return null;
  const entity = { kind: lock.entity.type, id: lock.entity.id };
  const path = { lock_id: lock.id };
  const error = extend.error ?? release.error;
  return (
    <li className="stack">
      <span className="spread">
        <Link to={addressOf('entity.locks', entity)}>{entity.id}</Link>
        <span className="number soft">{formatDuration(lockRemainingMs(lock))}</span>
      </span>
      <span className="row">
        <button
          type="button"
          className="button"
          disabled={isLost || extend.isPending}
          onClick={() => extend.mutate({ entity, path, body: { lock_expiration: EXTENSION_SEC } })}
        >
          {texts.shell.extendLock(EXTENSION_SEC / 60)}
        </button>
        <button
          type="button"
          className="button"
          disabled={isLost || release.isPending}
          onClick={() => release.mutate({ entity, path })}
        >
          {texts.shell.releaseLock}
        </button>
      </span>
      {error && <Failure error={error} />}
    </li>
  );
}
