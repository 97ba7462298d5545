import type { OperationItem } from '@medkit/contract';
import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import './entity-table.css';
import type { EntityRef } from '@medkit/client';

/** The services and actions of an entity. */
export function OperationsTab({ entity }: { readonly entity: EntityRef }) {
  const list = useRoute('listOperations', { entity });
  return (
    <Region title={texts.entities.tab.operations}>
      <Loaded query={list} height={160}>
        {({ items, 'x-medkit': about }) => (
          <>
            <PartialNotice about={about} />
            {items.length === 0 ? (
              <p className="soft">{texts.entities.noOperations}</p>
            ) : (
              <OperationTable entity={entity} items={items} />
            )}
          </>
        )}
      </Loaded>
    </Region>
  );
}

/** Returns the type of an operation as its runtime names it. */
export function typeOfOperation(item: OperationItem): string | undefined {
  return item['x-medkit']?.ros2?.type ?? undefined;
}

function OperationTable({ entity, items }: { readonly entity: EntityRef; readonly items: readonly OperationItem[] }) {
  const { kind, id } = entity;
  return (
    <table className="entity-table" aria-label={texts.entities.tab.operations}>
      <thead>
        <tr>
          <th scope="col">{texts.entities.name}</th>
          <th scope="col">{texts.entities.kind}</th>
          <th scope="col">{texts.entities.type}</th>
          <th scope="col">{texts.entities.by}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            <th scope="row">
              <Link to={addressOf('entity.operation', { kind, id, operation: item.id })}>{item.name}</Link>
            </th>
            <td>{item.asynchronous_execution ? texts.entities.action : texts.entities.service}</td>
            <td className="mono soft entity-type">{typeOfOperation(item)}</td>
            <td className="soft">{item['x-medkit']?.member_ids?.slice(0, 4).join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
