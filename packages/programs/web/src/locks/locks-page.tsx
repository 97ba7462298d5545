import { GatewayRefused } from '@medkit/client';
import type { Lock, LockList } from '@medkit/contract';
import { useMemo } from 'react';
import { Choice, FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { DataTable } from '../tables/data-table.tsx';
import { lockColumns } from './lock-columns.tsx';
import { filteredLocks, type LockFilter, lockFilterOf } from './lock-filter.ts';
import './locks-page.css';
import { t } from './texts.ts';

const HOW_TO = `curl -X POST ${location.origin}/api/v1/components/navigation/locks \\
  -H 'Content-Type: application/json' -H 'X-Client-Id: my-name' \\
  -d '{"lock_expiration": 300}'`;

/** The locks of all entities: who holds them, and until when. The live stream reports changes. */
export function LocksPage(_: ParametersOf<'locks'>) {
  const list = useRoute('listAllLocks', {});
  const isOff = list.error instanceof GatewayRefused && list.error.code === 'not-implemented';
  return (
    <div className="stack">
      <Heading>{t.title}</Heading>
      {isOff ? (
        <Explained title={t.off} text={t.offHelp} code="locking.enabled: true" />
      ) : (
        <Loaded query={list} height={240}>
          {({ items }) =>
            items.length === 0 ? <Explained title={t.none} text={t.noneHelp} code={HOW_TO} /> : <Locks items={items} />
          }
        </Loaded>
      )}
    </div>
  );
}

interface ExplainedProps {
  readonly title: string;
  readonly text: string;
  readonly code: string;
}

/** Why the list is empty, and what to do. */
function Explained({ title, text, code }: ExplainedProps) {
  return (
    <section className="card stack locks-none" aria-label={t.title}>
      <p>
        <strong>{title}</strong>
      </p>
      <p className="soft">{text}</p>
      <pre className="locks-how-to">{code}</pre>
    </section>
  );
}

const keyOf = ({ id }: Lock): string => id;
const hrefOf = ({ entity }: Lock): string | undefined =>
  entity ? addressOf('entity.locks', { kind: entity.type, id: entity.id }) : undefined;

function Locks({ items }: Pick<LockList, 'items'>) {
  const filter = lockFilterOf(useSearch());
  const rows = filteredLocks(items, filter);
  const columns = useMemo(lockColumns, []);
  return (
    <>
      <FilterBar>
        <Choice
          label={t.holder}
          value={filter.whose}
          options={Object.entries(t.whose)}
          onChoose={(whose) =>
            changeSearch({ whose: whose === 'all' ? undefined : whose } satisfies Partial<
              Record<keyof LockFilter, string | undefined>
            >)
          }
        />
        <SearchField
          label={t.search}
          hint={t.searchHint}
          value={filter.text}
          onType={(text) => changeSearch({ q: text })}
        />
      </FilterBar>
      <section className="card locks-table" aria-label={t.title}>
        <p className="soft number locks-count">{t.counted(rows.length, items.length)}</p>
        <DataTable
          isMain
          label={t.title}
          rows={rows}
          keyOf={keyOf}
          columns={columns}
          hrefOf={hrefOf}
          emptyText={t.noneMatches}
        />
      </section>
    </>
  );
}
