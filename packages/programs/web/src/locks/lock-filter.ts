import type { Lock } from '@medkit/contract';

/** Filter of the list of locks, from the URL. */
export interface LockFilter {
  readonly whose: 'all' | 'mine' | 'others';
  readonly text: string;
}

/** Reads the filter from the query parameters `whose` and `q`. */
export function lockFilterOf(search: URLSearchParams): LockFilter {
  const whose = search.get('whose');
  return { whose: whose === 'mine' || whose === 'others' ? whose : 'all', text: search.get('q') ?? '' };
}

/** Returns the locks that match a filter. The text is searched in entity, holder and collections. */
export function filteredLocks(locks: readonly Lock[], { whose, text }: LockFilter): readonly Lock[] {
  const wanted = text.trim().toLowerCase();
  return locks.filter(({ owned, holder, entity, scopes }) => {
    if (whose !== 'all' && owned !== (whose === 'mine')) return false;
    return (
      [entity?.id, holder, ...(scopes ?? [])].some((part) => part?.toLowerCase().includes(wanted)) || wanted === ''
    );
  });
}
