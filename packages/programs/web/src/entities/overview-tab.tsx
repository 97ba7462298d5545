import type { EntityRef } from '@medkit/client';
import type { TreeItem } from '@medkit/contract';
import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { DataRow } from './data-row.tsx';
import { EntityLink } from './entity-link.tsx';
import './entity-table.css';
import { formatValue } from '../values/format-value.ts';
import { dependenciesOf, entityIn, functionsOf, membersOf } from './entity-relations.ts';
import { FaultList } from './faults-tab.tsx';

/** Maximum data items and operations in the overview; the tabs list all. */
const MAX_DATA = 8;
const MAX_OPERATIONS = 12;
/** Maximum nameplate entries. */
const MAX_IDENTITY = 20;
/** Topics that every node has, left out of the overview. */
const COMMON_DATA = new Set(['/rosout', '/parameter_events', '/ros2_medkit/discovery', '/diagnostics']);

/** The overview of an entity. */
export function OverviewTab({ entity }: { readonly entity: EntityRef }) {
  return (
    <div className="entity-overview">
      <div className="stack">
        <About entity={entity} />
        <Offers entity={entity} />
      </div>
      <div className="stack">
        <Newest entity={entity} />
        <Region title={texts.entities.standingFaults}>
          <FaultList entity={entity} />
        </Region>
      </div>
    </div>
  );
}

function About({ entity }: { readonly entity: EntityRef }) {
  const tree = useRoute('getTree', {});
  return (
    <Region title={texts.entities.about}>
      <Loaded query={tree} height={120}>
        {({ items }) => {
          const item = entityIn(items, entity);
          const identity = Object.entries(item?.identity ?? {}).slice(0, MAX_IDENTITY);
          const relations = [
            [texts.entities.members(entity.kind), membersOf(items, entity)],
            [texts.entities.dependsOn, dependenciesOf(items, entity)],
            [texts.entities.functions, functionsOf(items, entity)],
          ] as const;
          const tags = item?.tags ?? [];
          if (
            !item?.description &&
            [tags, identity, ...relations.map(([, all]) => all)].every(({ length }) => length === 0)
          ) {
            return <p className="soft">{texts.entities.noAbout}</p>;
          }
          return (
            <>
              {item?.description && <p>{item.description}</p>}
              <dl>
                {tags.length > 0 && (
                  <>
                    <dt>{texts.entities.tags}</dt>
                    <dd className="row">
                      {tags.map((tag) => (
                        <span key={tag} className="chip">
                          {tag}
                        </span>
                      ))}
                    </dd>
                  </>
                )}
                {relations.map(([name, all]) => (
                  <Relation key={name} name={name} items={all} />
                ))}
                {identity.map(([name, value]) => (
                  <div key={name} className="entity-pair">
                    <dt>{name}</dt>
                    <dd>{formatValue(value)}</dd>
                  </div>
                ))}
              </dl>
            </>
          );
        }}
      </Loaded>
    </Region>
  );
}

function Relation({ name, items }: { readonly name: string; readonly items: readonly TreeItem[] }) {
  if (items.length === 0) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd className="row">
        {items.map(({ type, id, name: label, is_online }) => (
          <span key={`${type}/${id}`} className={is_online === false ? 'stale' : ''}>
            <EntityLink entity={{ kind: type, id }} name={label} />
            {is_online === false && ` ○ ${texts.entities.offline}`}
          </span>
        ))}
      </dd>
    </>
  );
}

function Newest({ entity }: { readonly entity: EntityRef }) {
  const list = useRoute('listData', { entity });
  return (
    <Region
      title={texts.entities.newest}
      aside={<Link to={addressOf('entity.data', entity)}>{texts.entities.all}</Link>}
    >
      <Loaded query={list} height={180}>
        {({ items }) => {
          const specific = items.filter(({ id }) => !COMMON_DATA.has(id));
          if (specific.length === 0) return <p className="soft">{texts.entities.noData}</p>;
          return (
            <table className="entity-table" aria-label={texts.entities.newest}>
              <tbody>
                {specific.slice(0, MAX_DATA).map((item) => (
                  <DataRow key={item.id} entity={entity} item={item} isShort />
                ))}
              </tbody>
            </table>
          );
        }}
      </Loaded>
    </Region>
  );
}

function Offers({ entity }: { readonly entity: EntityRef }) {
  const { kind, id } = entity;
  const list = useRoute('listOperations', { entity });
  return (
    <Region title={texts.entities.tab.operations}>
      <Loaded query={list} height={80}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{texts.entities.noOperations}</p>
          ) : (
            <ul className="entity-list">
              {items.slice(0, MAX_OPERATIONS).map((operation) => (
                <li key={operation.id}>
                  <Link to={addressOf('entity.operation', { kind, id, operation: operation.id })}>
                    {operation.name}
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Region>
  );
}
