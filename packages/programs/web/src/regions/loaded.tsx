import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { texts } from '../texts/texts.ts';
import { Failure } from './failure.tsx';

interface LoadedProps<Value> {
  readonly query: Pick<UseQueryResult<Value, Error>, 'data' | 'error' | 'refetch' | 'isPending'>;
  /** Height of what comes, CSS pixels: nothing jumps when it is there. */
  readonly height?: number;
  readonly children: (value: Value) => ReactNode;
}

/** What a route gives, as soon as it is there; the last of it stays while it is asked for again, and when that fails. */
export function Loaded<Value>({ query, height = 80, children }: LoadedProps<Value>) {
  const { data, error, refetch } = query;
  return (
    <>
      {error && <Failure error={error} again={refetch} />}
      {data !== undefined ? children(data) : !error && <Skeleton height={height} />}
    </>
  );
}

/** The place of something that is about to come. */
export function Skeleton({ height }: { readonly height: number }) {
  return (
    <div className="skeleton" style={{ height }}>
      <span className="visually-hidden">{texts.region.loading}</span>
    </div>
  );
}
