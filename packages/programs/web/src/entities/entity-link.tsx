import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { EntityName } from './places.ts';

/** A link to an entity by its name. */
export function EntityLink({ entity, name }: { readonly entity: EntityName; readonly name: string }) {
  const { kind, id } = entity;
  return (
    <Link to={addressOf('entity', { kind, id })} title={id}>
      {name}
    </Link>
  );
}
