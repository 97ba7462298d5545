import type { ReactNode } from 'react';

/** A fact of a list; `–` if it is unknown or empty. */
export function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  const isEmpty = children === undefined || children === null || children === '' || Object(children).length === 0;
  return (
    <div>
      <dt>{term}</dt>
      <dd>{isEmpty ? <span className="soft">–</span> : children}</dd>
    </div>
  );
}
