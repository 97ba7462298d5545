import type { EntityRef } from '@medkit/client';
import type { ReactNode } from 'react';
import { useLocks } from '../access/use-disabled-reason.ts';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { EntityLink } from './entity-link.tsx';
import { entityIn, placesOf } from './entity-relations.ts';
import { pageOfTab, type Tab } from './entity-tabs.ts';
import { LockChip } from './lock-countdown.tsx';

interface PartHeadProps {
  readonly entity: EntityRef;
  /** The tab that the part belongs to. */
  readonly tab: Tab;
  readonly name: string;
  readonly children?: ReactNode;
}

/** The header of a page about a part of an entity, such as a data item. */
export function PartHead({ entity, tab, name, children }: PartHeadProps) {
  const items = useRoute('getTree', {}).data?.items ?? [];
  const item = entityIn(items, entity);
  const locks = useLocks(entity);
  return (
    <header className="stack entity-head">
      <nav aria-label={texts.entities.partOf} className="row entity-places">
        <span className="soft">{texts.entities.partOf}</span>
        {placesOf(items, entity).map((place) => (
          <span key={`${place.type}/${place.id}`} className="entity-place">
            <EntityLink entity={{ kind: place.type, id: place.id }} name={place.name} />
          </span>
        ))}
        <span className="entity-place">
          <EntityLink entity={entity} name={item?.name ?? entity.id} />
        </span>
        <span className="entity-place">
          <Link to={addressOf(pageOfTab(tab), entity)}>{texts.entities.tab[tab]}</Link>
        </span>
      </nav>
      <div className="row">
        <Heading>{name}</Heading>
        {item?.is_online === false && <span className="chip stale">○ {texts.entities.offline}</span>}
        {locks.map((lock) => (
          <LockChip key={lock.id} lock={lock} entity={entity} />
        ))}
        {children}
      </div>
    </header>
  );
}
