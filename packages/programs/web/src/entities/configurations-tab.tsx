import { useState } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { closingLock } from './closing-lock.ts';
import { ConfigurationRow } from './configuration-row.tsx';
import './configurations.css';
import type { EntityRef } from '@medkit/client';
import { lockInWords, useLocks } from './use-disabled-reason.ts';

/** Rows that are drawn at first, and with every wish for more. */
const ROWS = 100;

/** The parameters of an entity. */
export function ConfigurationsTab({ entity }: { readonly entity: EntityRef }) {
  const list = useRoute('listConfigurations', { entity });
  const lock = closingLock(useLocks(entity), 'configurations');
  const [filter, setFilter] = useState('');
  const [rows, setRows] = useState(ROWS);
  return (
    <Region
      title={texts.entities.tab.configurations}
      aside={
        <label className="row">
          <span className="soft">{texts.entities.filter}</span>
          <input type="search" value={filter} onChange={(event) => setFilter(event.target.value)} />
        </label>
      }
    >
      {lock && (
        <p role="status" className="partial">
          {lockInWords(lock)}
        </p>
      )}
      <Loaded query={list} height={320}>
        {({ 'x-medkit': about }) => {
          const parameters = about?.parameters ?? [];
          const shown = parameters.filter(({ name }) => name.toLowerCase().includes(filter.trim().toLowerCase()));
          return (
            <>
              <PartialNotice about={about} />
              {shown.length === 0 ? (
                <p className="soft">
                  {parameters.length === 0 ? texts.entities.noParameters : texts.entities.noMatch(filter)}
                </p>
              ) : (
                <ul className="parameters">
                  {shown.slice(0, rows).map((parameter) => (
                    <ConfigurationRow key={parameter.id} entity={entity} parameter={parameter} />
                  ))}
                </ul>
              )}
              {shown.length > rows && (
                <button type="button" className="button" onClick={() => setRows(rows + ROWS)}>
                  {texts.entities.more(rows, shown.length)}
                </button>
              )}
            </>
          );
        }}
      </Loaded>
    </Region>
  );
}
