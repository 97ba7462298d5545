import type { EntityRef } from '@medkit/client';
import type { DataItem } from '@medkit/contract';
import { Activity } from 'lucide-react';
import { useRef } from 'react';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { mainMember, unitOfItem } from '../values/data-units.ts';
import { LiveCells } from './live-cells.tsx';
import { isImageType } from './picture-values.ts';
import { useIsVisible } from './use-is-visible.ts';

/** Returns the page of a data item. Live values and plots use this address without the leading slash as their key. */
export function addressOfItem({ kind, id }: EntityRef, item: string): string {
  return addressOf('entity.item', { kind, id, item: item.replace(/^\//, '') });
}

/** Returns the type of a data item as its runtime names it. */
export function typeOfItem(item: Pick<DataItem, 'x-medkit'>): string | undefined {
  const { ros2, island, opcua } = Object(item['x-medkit']);
  const type = Object(ros2).type ?? Object(island).type ?? Object(opcua).data_type;
  return typeof type === 'string' ? type : undefined;
}

interface DataRowProps {
  readonly entity: EntityRef;
  readonly item: DataItem;
  /** Hides type and direction. */
  readonly isShort?: boolean;
}

/** A data item with its value, updated while the row is visible. */
export function DataRow({ entity, item, isShort = false }: DataRowProps) {
  const row = useRef<HTMLTableRowElement>(null);
  const isSeen = useIsVisible(row);
  const address = addressOfItem(entity, item.id);
  const watch = address.slice(1);
  const about = item['x-medkit'];
  const direction = about?.ros2?.direction;
  const type = typeOfItem(item);
  return (
    <tr ref={row}>
      <th scope="row" className="entity-name">
        <Link to={address}>{item.name}</Link>
      </th>
      <LiveCells
        watch={isSeen && !isImageType(type) ? watch : undefined}
        unit={unitOfItem(item)}
        member={mainMember(type)}
      />
      {!isShort && (
        <>
          <td className="mono soft entity-type">{type}</td>
          <td className="soft entity-by">
            {direction && Object.hasOwn(texts.entities.direction, direction)
              ? texts.entities.direction[direction as keyof typeof texts.entities.direction]
              : ''}{' '}
            {about?.member_ids?.slice(0, 4).join(', ')}
            {(about?.member_ids?.length ?? 0) > 4 && '…'}
          </td>
        </>
      )}
      <td className="entity-plot-cell">
        <Link
          className="entity-plot"
          to={addressOf('plot', {}, { s: watch })}
          aria-label={texts.entities.plotItem(item.name)}
        >
          <Activity size={15} aria-hidden="true" /> {texts.entities.plot}
        </Link>
      </td>
    </tr>
  );
}
