import type { ReactNode } from 'react';
import { texts } from '../texts/texts.ts';
import { Failure } from './failure.tsx';

interface LoadedProps<Value> {
  readonly query: {
    readonly data: Value | undefined;
    readonly error: Error | null;
    readonly refetch: () => unknown;
  };
  /** Height of the placeholder, CSS pixels, to avoid layout shifts. */
  readonly height?: number;
  readonly children: (value: Value) => ReactNode;
}

/** Renders the data of a query once loaded. The last data stays during a refresh and after an error. */
export function Loaded<Value>({ query, height = 80, children }: LoadedProps<Value>) {
  const { data, error, refetch } = query;
  return (
    <>
      {error && <Failure error={error} again={refetch} />}
      {data !== undefined ? children(data) : !error && <Skeleton height={height} />}
    </>
  );
}

/** A placeholder while data is loading. */
export function Skeleton({ height }: { readonly height: number }) {
  return (
    <div className="skeleton" style={{ height }}>
      <span className="visually-hidden">{texts.region.loading}</span>
    </div>
  );
}
