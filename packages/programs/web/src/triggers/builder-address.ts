import { changeSearch } from '../routes/location.ts';
import { addressOf } from '../routes/pages.ts';
import { WHOLE } from './draft.ts';
import { COLLECTIONS, type Observed } from './observed-resource.ts';

interface GoToOptions {
  /** JSON Pointer to the compared part; absent for the usual part of the resource. */
  readonly path?: string;
  /** Replaces the history entry, for changes while typing. */
  readonly replace?: boolean;
}

/** Shows what a new rule observes in the address of the page; `undefined` for nothing. */
export function goToTarget(observed: Observed | undefined, { path, replace = false }: GoToOptions = {}): void {
  const collection = COLLECTIONS.find((name) => name === observed?.collection) ?? 'data';
  changeSearch(
    {
      entity: observed?.entity && addressOf('entity', observed.entity).slice(1),
      resource: collection === 'data' ? undefined : collection,
      item: observed?.item,
      path: path === '' && collection !== 'data' ? WHOLE : path,
    },
    { replace },
  );
}
