import type { Lock } from '@medkit/contract';
import { lockRemainingMs } from '../access/blocking-lock.ts';
import { EntityLink } from '../entities/entity-link.tsx';
import { LockCountdown } from '../entities/lock-countdown.tsx';
import type { Column } from '../tables/columns.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { LockActions } from './lock-actions.tsx';
import { t } from './texts.ts';

const holderText = ({ owned, holder }: Lock): string => (owned ? t.you : (holder ?? '?'));
const scopesText = ({ scopes }: Lock): string => (scopes && scopes.length > 0 ? scopes.join(', ') : t.everything);

/** The columns of the list of locks. */
export function lockColumns(): readonly Column<Lock>[] {
  return [
    {
      id: 'entity',
      title: t.entity,
      sortBy: ({ entity }) => entity?.id,
      cell: ({ entity, 'x-medkit': about }) =>
        entity && (
          <>
            <EntityLink entity={{ kind: entity.type, id: entity.id }} name={entity.id} />{' '}
            <span className="soft locks-kind">{texts.kinds[entity.type]}</span>
            {about?.problem && <span className="severity-1"> {about.problem}</span>}
          </>
        ),
      under: (lock) => `${holderText(lock)} · ${scopesText(lock)}`,
    },
    {
      id: 'holder',
      title: t.holder,
      width: '16%',
      isWideOnly: true,
      sortBy: holderText,
      cell: (lock) =>
        lock.owned ? <strong>{t.you}</strong> : <span title={lock.holder ?? ''}>{holderText(lock)}</span>,
    },
    {
      id: 'collections',
      title: t.collections,
      width: '18%',
      isWideOnly: true,
      sortBy: scopesText,
      cell: (lock) => <span title={scopesText(lock)}>{scopesText(lock)}</span>,
    },
    {
      id: 'acquired',
      title: t.acquired,
      width: '7.5rem',
      isWideOnly: true,
      sortBy: ({ acquired_at }) => timeMs(acquired_at),
      cell: ({ acquired_at }) => <Time ms={timeMs(acquired_at)} />,
    },
    {
      id: 'left',
      title: t.left,
      width: '7.5rem',
      sortBy: (lock) => lockRemainingMs(lock),
      cell: (lock) => <LockCountdown lock={lock} />,
    },
    {
      id: 'actions',
      title: '',
      width: '17rem',
      // On a phone the row leads to the entity, where the same actions have space.
      isWideOnly: true,
      cell: (lock) => <LockActions lock={lock} />,
    },
  ];
}
