import type { HealthNotify, NotifyReceiver, NotifyTestResult, WebhookTargetItem } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { DataTable } from '../tables/data-table.tsx';
import { Ago } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { receiverColumns } from './receiver-columns.tsx';
import { SetupHint } from './setup-hint.tsx';
import { receiverOfOrigin } from './target-label.ts';
import { TestOutcome } from './test-outcome.tsx';
import { t } from './texts.ts';

const EVERY_MS = 5000;
const EXAMPLE = `server.public_url: https://robot-01.example
notify.receivers:
  - name: oncall
    type: ntfy
    topic_file: /etc/medkit/ntfy-topic
    severity: error`;

/** The receivers of notifications with their health and a test. */
export function ReceiversRegion({ targets }: { readonly targets: readonly WebhookTargetItem[] }) {
  const receivers = useRoute('listNotifyReceivers', {}, { everyMs: EVERY_MS });
  const notify = useRoute('getHealth', {}, { everyMs: EVERY_MS }).data?.['x-medkit-notify'] ?? undefined;
  const test = useReceiverTest();
  const refusal = useRefusal('webhooks');
  const names = receivers.data?.items.map(({ name }) => name) ?? [];
  return (
    <Region
      className="table-region"
      title={t.receivers.title}
      aside={
        names.length > 1 && (
          <button
            type="button"
            className="button"
            title={refusal}
            disabled={refusal !== undefined || test.testing.size > 0}
            onClick={() => void test.send(names)}
          >
            {t.receivers.testAll}
          </button>
        )
      }
    >
      <Loaded query={receivers} height={140}>
        {({ items }) =>
          items.length === 0 ? (
            <SetupHint
              title={t.receivers.none}
              help={t.receivers.noneHelp}
              example={EXAMPLE}
              guideLabel={t.guide}
              guide="docs/guides/notify.md"
            />
          ) : (
            <ReceiverTable items={items} targets={targets} refusal={refusal} test={test} />
          )
        }
      </Loaded>
      {names.length > 0 && notify?.links === false && <p className="soft">{t.receivers.noLinks}</p>}
      {notify?.problem && <p className="severity-2">{notify.problem}</p>}
      {notify?.heartbeat && <Heartbeat heartbeat={notify.heartbeat} />}
    </Region>
  );
}

interface ReceiverTest {
  readonly testing: ReadonlySet<string>;
  readonly results: readonly NotifyTestResult[];
  readonly error: Error | undefined;
  /** Sends a test message to these receivers. */
  readonly send: (names: readonly string[]) => Promise<void>;
}

/** Tests receivers one request each, so that a receiver that does not answer does not delay the other results. */
function useReceiverTest(): ReceiverTest {
  const [testing, setTesting] = useState<ReadonlySet<string>>(new Set());
  const [results, setResults] = useState<readonly NotifyTestResult[]>([]);
  const [error, setError] = useState<Error>();
  const testOne = async (receiver: string): Promise<void> => {
    try {
      const { items } = await gateway().call('testNotifyReceivers', { body: { receiver } });
      setResults((before) => [...before.filter((result) => result.receiver !== receiver), ...items]);
    } catch (failure) {
      setError(failure as Error);
    } finally {
      setTesting((before) => new Set([...before].filter((name) => name !== receiver)));
    }
  };
  const send = async (names: readonly string[]): Promise<void> => {
    setError(undefined);
    setResults([]);
    setTesting(new Set(names));
    await Promise.all(names.map(testOne));
    refetchRoutes(['listNotifyReceivers', 'getHealth']);
  };
  return { testing, results, error, send };
}

interface ReceiverTableProps {
  readonly items: readonly NotifyReceiver[];
  readonly targets: readonly WebhookTargetItem[];
  readonly refusal: string | undefined;
  readonly test: ReceiverTest;
}

function ReceiverTable({ items, targets, refusal, test }: ReceiverTableProps) {
  const { testing, results, error } = test;
  const columns = useMemo(
    () =>
      receiverColumns({
        refusal,
        testing,
        targetOf: (name) => targets.find(({ origin }) => receiverOfOrigin(origin) === name)?.id,
        onTest: (name) => void test.send([name]),
      }),
    // `test.send` only uses setters, so its identity does not matter.
    [refusal, testing, targets, test.send],
  );
  return (
    <>
      <DataTable
        label={t.receivers.title}
        rows={items}
        keyOf={({ name }) => name}
        columns={columns}
        emptyText={t.receivers.none}
      />
      {error && <Failure error={error} />}
      <div role="status" className="notify-outcomes" aria-label={t.receivers.result}>
        {items.map(({ name }) => {
          const result = results.find(({ receiver }) => receiver === name);
          return result && <TestOutcome key={name} name={name} result={result} />;
        })}
      </div>
    </>
  );
}

function Heartbeat({ heartbeat }: { readonly heartbeat: NonNullable<HealthNotify['heartbeat']> }) {
  const { origin, last_sent, last_error, failures_in_a_row, withheld } = heartbeat;
  const problem = withheld ?? (failures_in_a_row > 0 ? last_error : undefined);
  return (
    <p className="row notify-heartbeat">
      <span className="soft">{t.receivers.heartbeat(origin)}</span>
      {last_sent && (
        <span className="soft">
          {t.receivers.heartbeatSent} <Ago ms={timeMs(last_sent)} />
        </span>
      )}
      {problem && (
        <span className="severity-2">
          {failures_in_a_row > 0 && `${t.receivers.heartbeatFails(failures_in_a_row)}: `}
          {problem}
        </span>
      )}
    </p>
  );
}
