import { useEffect, useState } from 'react';
import { type Bag, openBag } from './open-bag.ts';

/** Time a released recording stays open, because a page that renders again releases it and takes it again. */
const CLOSE_DELAY_MS = 3000;

interface SharedBag {
  readonly opening: Promise<Bag>;
  /** Closes the recording, also while it is being opened. */
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

function closeInBackground(href: string, entry: SharedBag): void {
  entry.users -= 1;
  setTimeout(() => {
    if (entry.users > 0) return;
    if (shared.get(href) === entry) shared.delete(href);
    entry.aborter.abort();
  }, CLOSE_DELAY_MS);
}

/** Opens a recording while it is shown; all users share one worker. `undefined` opens none; `again` retries. */
export function useBag(href: string | undefined): {
  readonly bag: Bag | undefined;
  readonly error: Error | undefined;
  again(): void;
} {
  const [state, setState] = useState<{ readonly href?: string; readonly bag?: Bag; readonly error?: Error }>({});
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a retry opens it again.
  useEffect(() => {
    if (href === undefined) return;
    const entry = take(href);
    let isHere = true;
    entry.opening.then(
      (bag) => isHere && setState({ href, bag }),
      (error: Error) => {
        if (shared.get(href) === entry) shared.delete(href);
        if (isHere) setState({ href, error });
      },
    );
    return () => {
      isHere = false;
      closeInBackground(href, entry);
    };
  }, [href, tries]);
  const { bag, error } = state.href === href ? state : {};
  return { bag, error, again: () => setTries((count) => count + 1) };
}
