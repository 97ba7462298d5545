import type { EntityRef } from '@medkit/client';
import { useState } from 'react';
import { blockingLock } from '../access/blocking-lock.ts';
import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { ConfigurationRow } from './configuration-row.tsx';
import './configurations.css';
import { lockText, useLocks } from '../access/use-disabled-reason.ts';
import { FilteredList, FilterField } from './filtered-list.tsx';

/** Rows shown initially and added by each "more". */
const ROWS = 100;

/** The parameters of an entity. */
export function ConfigurationsTab({ entity }: { readonly entity: EntityRef }) {
  const list = useRoute('listConfigurations', { entity });
  const lock = blockingLock(useLocks(entity), 'configurations');
  const [filter, setFilter] = useState('');
  return (
    <Region title={texts.entities.tab.configurations} aside={<FilterField filter={filter} onType={setFilter} />}>
      {lock && (
        <p role="status" className="partial">
          {lockText(lock)}
        </p>
      )}
      <Loaded query={list} height={320}>
        {({ 'x-medkit': about }) => (
          <>
            <PartialNotice about={about} />
            <FilteredList
              items={about?.parameters ?? []}
              filter={filter}
              searchTexts={({ name }) => [name]}
              step={ROWS}
              none={texts.entities.noParameters}
            >
              {(visible) => (
                <ul className="parameters">
                  {visible.map((parameter) => (
                    <ConfigurationRow key={parameter.id} entity={entity} parameter={parameter} />
                  ))}
                </ul>
              )}
            </FilteredList>
          </>
        )}
      </Loaded>
    </Region>
  );
}
