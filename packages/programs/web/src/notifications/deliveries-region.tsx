import type { WebhookDelivery, WebhookTargetItem } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Choice, FilterBar } from '../controls/filter-bar.tsx';
import { gateway } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Failure } from '../regions/failure.tsx';
import { Skeleton } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { DataTable } from '../tables/data-table.tsx';
import { deliveryColumns } from './delivery-columns.tsx';
import { DeliveryDialog } from './delivery-dialog.tsx';
import { sourceText, targetLabel } from './target-label.ts';
import { t } from './texts.ts';
import { type DeliveryFilter, refreshDeliveries, useDeliveries } from './use-deliveries.ts';

/** Waiting deliveries and dead letters of receivers and webhooks. The URL contains the filter and the open delivery. */
export function DeliveriesRegion({ targets }: { readonly targets: readonly WebhookTargetItem[] }) {
  const d = t.deliveries;
  const search = useSearch();
  const filter: DeliveryFilter = {
    status: search.get('status') ?? '',
    target: search.get('target') ?? '',
    source: search.get('source') ?? '',
  };
  const { query, deliveries, isAll } = useDeliveries(filter);
  const columns = useMemo(deliveryColumns, []);
  const opened = search.get('delivery');
  const isFiltered = Object.values(filter).some((value) => value !== '');
  return (
    <Region
      className="table-region"
      title={d.title}
      aside={
        deliveries &&
        deliveries.length > 0 && <span className="soft number">{d.counted(deliveries.length, isAll)}</span>
      }
    >
      <div className="spread notify-bar">
        <DeliveryFilters filter={filter} targets={targets} />
        <RedeliverAll filter={filter} targets={targets} deliveries={deliveries ?? []} />
      </div>
      {query.error && <Failure error={query.error} again={query.refetch} />}
      {deliveries === undefined && !query.error && <Skeleton height={140} />}
      {deliveries !== undefined && (
        <DataTable
          isMain
          label={d.title}
          rows={deliveries}
          keyOf={({ id }) => id}
          columns={columns}
          onOpen={({ id }) => changeSearch({ delivery: id }, { replace: false })}
          emptyText={isFiltered ? d.noneFound : d.none}
        />
      )}
      {query.hasNextPage && (
        <div className="row">
          <button
            type="button"
            className="button"
            disabled={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {d.more}
          </button>
        </div>
      )}
      {opened !== null && <DeliveryDialog id={opened} onClose={() => changeSearch({ delivery: undefined })} />}
    </Region>
  );
}

interface FilterProps {
  readonly filter: DeliveryFilter;
  readonly targets: readonly WebhookTargetItem[];
}

function DeliveryFilters({ filter, targets }: FilterProps) {
  const d = t.deliveries;
  const { status, target, source } = filter;
  // Several targets may have the same origin, because the rest of an address is secret.
  const known = targets.map(({ id, origin }) => [id, `${targetLabel(origin)} #${id}`] as const);
  const isUnknown = target !== '' && !targets.some(({ id }) => id === target);
  return (
    <FilterBar>
      <Choice
        label={d.status}
        value={status}
        options={[['', d.anyStatus], ...Object.entries(d.statuses)]}
        onChoose={(value) => changeSearch({ status: value }, { replace: false })}
      />
      <Choice
        label={d.target}
        value={target}
        options={[['', d.anyTarget], ...known, ...(isUnknown ? [[target, target] as const] : [])]}
        onChoose={(value) => changeSearch({ target: value }, { replace: false })}
      />
      {source !== '' && (
        <button
          type="button"
          className="button"
          aria-label={`${d.source}: ${sourceText(source)} ×`}
          onClick={() => changeSearch({ source: undefined }, { replace: false })}
        >
          {d.source}: <span className="mono">{sourceText(source)}</span> ×
        </button>
      )}
    </FilterBar>
  );
}

interface RedeliverAllProps extends FilterProps {
  readonly deliveries: readonly WebhookDelivery[];
}

/** Queues the dead letters again: all, or those of the target and source in the filter. */
function RedeliverAll({ filter, targets, deliveries }: RedeliverAllProps) {
  const d = t.deliveries;
  const [isOpen, setOpen] = useState(false);
  const [queued, setQueued] = useState(0);
  const refusal = useRefusal('webhooks');
  const chosen = targets.filter(({ id }) => filter.target === '' || id === filter.target);
  // Targets count their dead letters, sources do not.
  const dead =
    filter.source === ''
      ? chosen.reduce((sum, target) => sum + target.dead, 0)
      : deliveries.filter(({ status }) => status === 'dead').length;
  const name = filter.target === '' ? '' : targetLabel(chosen[0]?.origin ?? '');
  const redeliver = async (): Promise<void> => {
    const { target, source } = filter;
    const query = { ...(target !== '' && { target }), ...(source !== '' && { source }) };
    const { redelivered } = await gateway().call('redeliverWebhooks', { query });
    setQueued(redelivered);
    refreshDeliveries();
  };
  return (
    <div className="row">
      <span role="status" className="soft">
        {queued > 0 && d.redelivered(queued)}
      </span>
      {dead > 0 && (
        <button
          type="button"
          className="button"
          title={refusal}
          disabled={refusal !== undefined}
          onClick={() => setOpen(true)}
        >
          {d.redeliverAll(dead)}
        </button>
      )}
      {isOpen && (
        <Confirm
          title={d.redeliverAllTitle(dead, name)}
          action={d.redeliverAll(dead)}
          onConfirm={redeliver}
          onClose={() => setOpen(false)}
        >
          <p>{d.redeliverAllEffect}</p>
        </Confirm>
      )}
    </div>
  );
}
