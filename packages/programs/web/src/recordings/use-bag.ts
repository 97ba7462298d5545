import { useEffect, useState } from 'react';
import { type Bag, openBag } from './open-bag.ts';

/** A page that is drawn anew lets go of a recording and takes it again. */
const KEPT_MS = 3000;

interface SharedBag {
  readonly opening: Promise<Bag>;
  /** Ends it, also while it is being opened. */
  readonly aborter: AbortController;
  users: number;
}
const shared = new Map<string, SharedBag>();

function begun(href: string): SharedBag {
  const aborter = new AbortController();
  return { opening: openBag(href, aborter.signal), aborter, users: 0 };
}

function take(href: string): SharedBag {
  const known = shared.get(href) ?? begun(href);
  known.users += 1;
  shared.set(href, known);
  return known;
}

function letGo(href: string, own: SharedBag): void {
  own.users -= 1;
  setTimeout(() => {
    if (own.users > 0) return;
    if (shared.get(href) === own) shared.delete(href);
    own.aborter.abort();
  }, KEPT_MS);
}

/** A recording for as long as it is shown: one worker for all who show it. `undefined` opens none; `again` tries it once more. */
export function useBag(href: string | undefined): {
  readonly bag: Bag | undefined;
  readonly error: Error | undefined;
  again(): void;
} {
  const [state, setState] = useState<{ readonly href?: string; readonly bag?: Bag; readonly error?: Error }>({});
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try opens it anew.
  useEffect(() => {
    if (href === undefined) return;
    const own = take(href);
    let isHere = true;
    own.opening.then(
      (bag) => isHere && setState({ href, bag }),
      (error: Error) => {
        if (shared.get(href) === own) shared.delete(href);
        if (isHere) setState({ href, error });
      },
    );
    return () => {
      isHere = false;
      letGo(href, own);
    };
  }, [href, tries]);
  const { bag, error } = state.href === href ? state : {};
  return { bag, error, again: () => setTries((count) => count + 1) };
}
