import type { EntityRef } from '@medkit/client';
import type { TreeItem } from '@medkit/contract';
import { useLocks } from '../access/use-disabled-reason.ts';
import { Severity } from '../controls/severity.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { EarlierState } from '../past/earlier-state.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { EntityLink } from './entity-link.tsx';
import { faultsWithin, placesOf } from './entity-relations.ts';
import { LockChip } from './lock-countdown.tsx';

interface EntityHeadProps {
  readonly entity: EntityRef;
  readonly items: readonly TreeItem[];
  readonly item: TreeItem | undefined;
  readonly name: string;
}

/** The header of an entity, shared by all its tabs: name, location and state. */
export function EntityHead({ entity, items, item, name }: EntityHeadProps) {
  const { kind, id } = entity;
  const locks = useLocks(entity);
  const places = placesOf(items, entity);
  return (
    <header className="stack entity-head">
      {places.length > 0 && (
        <nav aria-label={texts.entities.partOf} className="row entity-places">
          <span className="soft">{texts.entities.partOf}</span>
          {places.map((place) => (
            <span key={`${place.type}/${place.id}`} className="entity-place">
              <EntityLink entity={{ kind: place.type, id: place.id }} name={place.name} />
            </span>
          ))}
        </nav>
      )}
      <div className="row">
        <Heading>
          <span className="entity-kind">{texts.kinds[kind]}</span> {name}
          {name !== id && <span className="soft entity-id"> ({id})</span>}
        </Heading>
        <Online item={item} />
        <FaultChips entity={entity} items={items} />
        {locks.map((lock) => (
          <LockChip key={lock.id} lock={lock} entity={entity} />
        ))}
        <EarlierState />
      </div>
      {item && <Origin item={item} />}
    </header>
  );
}

/** Shows by symbol and word whether the entity is online. */
function Online({ item }: { readonly item: TreeItem | undefined }) {
  if (item?.available === false) return <span className="chip stale">✕ {texts.entities.unavailable}</span>;
  if (item?.type !== 'app' || item.is_online === undefined || item.is_online === null) return null;
  return (
    <span className={`chip ${item.is_online ? 'entity-online' : 'stale'}`}>
      <span aria-hidden="true">{item.is_online ? '●' : '○'}</span>
      <span>{item.is_online ? texts.entities.online : texts.entities.offline}</span>
    </span>
  );
}

/** Open faults of the entity and its descendants, most severe first. */
function FaultChips({ entity, items }: { readonly entity: EntityRef; readonly items: readonly TreeItem[] }) {
  const { data } = useRoute('getTreeFaults', {});
  const counts = faultsWithin(items, data?.items ?? [], entity);
  return (
    <>
      {[3, 2, 1, 0].map((severity) => {
        const count = counts[severity as 0 | 1 | 2 | 3];
        return (
          count > 0 && (
            <Link key={severity} className="chip entity-faults" to={addressOf('entity.faults', entity)}>
              <Severity severity={severity} />
              <span className="number">{count}</span>
            </Link>
          )
        );
      })}
    </>
  );
}

/** The node, runtime and gateway that the entity comes from. */
function Origin({ item }: { readonly item: TreeItem }) {
  const { node, runtime, gateways, source } = item;
  return (
    <p className="row soft entity-origin">
      {node && <code title={texts.entities.node}>{node}</code>}
      {runtime && <span>{texts.entities.runtime(runtime)}</span>}
      {source.startsWith('peer:') && <span>{texts.entities.gateway(source.slice('peer:'.length))}</span>}
      {!source.startsWith('peer:') && gateways && gateways.length > 0 && (
        <span>{texts.entities.gateway(gateways.join(' ▸ '))}</span>
      )}
      {!source.startsWith('peer:') && <span>{texts.entities.source(source)}</span>}
    </p>
  );
}
