import type { EntityRef } from '@medkit/client';
import type { DataItem } from '@medkit/contract';
import { useRef, useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { DataRow, typeOfItem } from './data-row.tsx';
import './entity-table.css';
import { entityIn } from './entity-relations.ts';
import { FilteredList, FilterField } from './filtered-list.tsx';

/** Rows shown initially and added by each "more". */
const ROWS = 200;

/** The data items of an entity with their current values. */
export function DataTab({ entity }: { readonly entity: EntityRef }) {
  const list = useRoute('listData', { entity });
  const isOffline = entityIn(useRoute('getTree', {}).data?.items ?? [], entity)?.is_online === false;
  // A node that went offline has no data items. Its last items stay visible, greyed out, until the page is left.
  const former = useRef<readonly DataItem[]>([]);
  const [filter, setFilter] = useState('');
  return (
    <Region title={texts.entities.tab.data} aside={<FilterField filter={filter} onType={setFilter} />}>
      <Loaded query={list} height={260}>
        {({ items: listed, 'x-medkit': about }) => {
          if (listed.length > 0) former.current = listed;
          const items = listed.length === 0 && isOffline ? former.current : listed;
          return (
            <>
              <PartialNotice about={about} />
              <FilteredList
                items={items}
                filter={filter}
                searchTexts={searchTexts}
                step={ROWS}
                none={isOffline ? texts.entities.noDataOffline : texts.entities.noData}
              >
                {(visible) => <Table entity={entity} items={visible} />}
              </FilteredList>
            </>
          );
        }}
      </Loaded>
    </Region>
  );
}

const searchTexts = (item: DataItem): readonly string[] => [item.name, item.id, typeOfItem(item) ?? ''];

function Table({ entity, items }: { readonly entity: EntityRef; readonly items: readonly DataItem[] }) {
  return (
    <table className="entity-table" aria-label={texts.entities.tab.data}>
      <thead>
        <tr>
          <th scope="col">{texts.entities.name}</th>
          <th scope="col">{texts.entities.value}</th>
          <th scope="col" className="number">
            {texts.entities.age}
          </th>
          <th scope="col">{texts.entities.type}</th>
          <th scope="col">{texts.entities.by}</th>
          <th scope="col">
            <span className="visually-hidden">{texts.entities.plot}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <DataRow key={item.id} entity={entity} item={item} />
        ))}
      </tbody>
    </table>
  );
}
