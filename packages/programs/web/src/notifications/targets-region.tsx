import { GatewayRefused } from '@medkit/client';
import type { WebhookTargetItem } from '@medkit/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { changeSearch } from '../routes/location.ts';
import { DataTable } from '../tables/data-table.tsx';
import { SetupHint } from './setup-hint.tsx';
import { targetColumns } from './target-columns.tsx';
import { receiverOfOrigin } from './target-label.ts';
import { t } from './texts.ts';
import { WebhookTestDialog } from './webhook-test-dialog.tsx';

const GUIDE = 'docs/guides/webhooks.md';
const ALLOWED = `webhooks.allowed_targets: [receiver.lan, 10.0.0.5]`;
const ENABLED = `webhooks.enabled: true`;

type Targets = { readonly items: readonly WebhookTargetItem[] };

/** Returns whether the webhooks of this gateway are disabled. */
export function isDisabled(error: Error | null): boolean {
  return error instanceof GatewayRefused && error.status === 501;
}

/** The addresses to which triggers send their events, and a test of any address. */
export function TargetsRegion({ query }: { readonly query: UseQueryResult<Targets, Error> }) {
  const [tested, setTested] = useState<string>();
  const refusal = useRefusal('webhooks');
  const isOff = isDisabled(query.error);
  return (
    <Region
      className="table-region"
      title={t.targets.title}
      aside={
        !isOff && (
          <button
            type="button"
            className="button"
            title={refusal}
            disabled={refusal !== undefined}
            onClick={() => setTested('')}
          >
            {t.targets.testOne}
          </button>
        )
      }
    >
      {isOff ? (
        <SetupHint
          title={t.targets.off}
          help={t.targets.offHelp}
          example={ENABLED}
          guideLabel={t.guide}
          guide={GUIDE}
        />
      ) : (
        <Loaded query={query} height={140}>
          {({ items }) => <TargetTable items={items} refusal={refusal} onTest={({ origin }) => setTested(origin)} />}
        </Loaded>
      )}
      {tested !== undefined && <WebhookTestDialog origin={tested} onClose={() => setTested(undefined)} />}
    </Region>
  );
}

interface TargetTableProps {
  readonly items: readonly WebhookTargetItem[];
  readonly refusal: string | undefined;
  readonly onTest: (target: WebhookTargetItem) => void;
}

function TargetTable({ items, refusal, onTest }: TargetTableProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onTest` only sets a state.
  const columns = useMemo(() => targetColumns({ refusal, onTest }), [refusal]);
  // Receivers have a separate region; the filter of the deliveries lists them with the webhooks.
  const webhooks = useMemo(() => items.filter(({ origin }) => receiverOfOrigin(origin) === undefined), [items]);
  if (webhooks.length === 0)
    return (
      <SetupHint
        title={t.targets.none}
        help={t.targets.noneHelp}
        example={ALLOWED}
        guideLabel={t.guide}
        guide={GUIDE}
      />
    );
  return (
    <DataTable
      label={t.targets.title}
      rows={webhooks}
      keyOf={({ id }) => id}
      columns={columns}
      onOpen={({ id }) => changeSearch({ target: id }, { replace: false })}
      emptyText={t.targets.none}
    />
  );
}
