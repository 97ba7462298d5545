import type { EntityRef } from '@medkit/client';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';

/** A link to an entity, labelled with its name. */
export function EntityLink({ entity, name }: { readonly entity: EntityRef; readonly name: string }) {
  const { kind, id } = entity;
  return (
    <Link to={addressOf('entity', { kind, id })} title={id}>
      {name}
    </Link>
  );
}
