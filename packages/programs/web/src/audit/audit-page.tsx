import type { AuditRecord } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { useMemo, useState } from 'react';
import { saveAs } from '../controls/download-link.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { Failure } from '../regions/failure.tsx';
import { Skeleton } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { useSearch } from '../routes/location.ts';
import type { ParametersOf } from '../routes/pages.ts';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { auditColumns } from './audit-columns.tsx';
import { AuditRecordDialog } from './audit-record-dialog.tsx';
import { AuditSearchForm } from './audit-search.tsx';
import { AuditVerdict } from './audit-verdict.tsx';
import { auditTexts } from './texts.ts';
import './audit.css';
import { type AuditSearch, useAuditRecords } from './use-audit-records.ts';

/** The audit log: who changed what and with which outcome. Requires the permission `audit.read`. */
export function AuditPage(_: ParametersOf<'audit'>) {
  const t = auditTexts;
  const { data: me, error, refetch } = useRoute('getMe', {});
  return (
    <div className="stack">
      <div className="spread">
        <Heading>{texts.shell.audit}</Heading>
        <AuditVerdict />
      </div>
      {error ? (
        <Failure error={error} again={refetch} />
      ) : me === undefined ? (
        <Skeleton height={420} />
      ) : me.permissions.includes('audit.read') ? (
        <AuditLog />
      ) : (
        <p className="soft">{t.notYours}</p>
      )}
    </div>
  );
}

function AuditLog() {
  const t = auditTexts;
  const search = useSearch();
  const wanted: AuditSearch = {
    entity: search.get('entity') ?? '',
    client: search.get('client') ?? '',
    outcome: search.get('outcome') ?? '',
    since: search.get('since') ?? '',
    until: search.get('until') ?? '',
  };
  const { query, records, about } = useAuditRecords(wanted, true);
  const incidents = useRoute('listIncidents', { query: { limit: 200 } });
  const columns = useMemo(() => auditColumns(incidents.data?.items ?? []), [incidents.data]);
  const [opened, open] = useState<AuditRecord>();
  const save = (): void => {
    const lines = (records ?? []).map((record) => `${stringifyJson(record)}\n`);
    saveAs(new Blob(lines, { type: 'application/x-ndjson' }), 'audit.ndjson');
  };
  return (
    <>
      <AuditSearchForm wanted={wanted} />
      {query.error && <Failure error={query.error} again={query.refetch} />}
      <PartialNotice about={about} />
      {about?.rewritten_logs?.map((name) => (
        <p key={name} className="severity-2">
          {t.rewritten(name)}
        </p>
      ))}
      {records === undefined && !query.error && <Skeleton height={380} />}
      {records !== undefined && (
        <section className="card audit-table" aria-label={texts.shell.audit}>
          <div className="spread audit-bar">
            <span className="soft number">{t.counted(records.length)}</span>
            <button type="button" className="button" disabled={records.length === 0} onClick={save}>
              {t.ndjson}
            </button>
          </div>
          <DataTable
            isMain
            label={texts.shell.audit}
            rows={records}
            keyOf={keyOfRecord}
            columns={columns}
            onOpen={open}
            emptyText={t.none}
          />
          {query.hasNextPage && (
            <div className="row audit-bar">
              <button
                type="button"
                className="button"
                disabled={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {t.older}
              </button>
            </div>
          )}
        </section>
      )}
      {opened && <AuditRecordDialog record={opened} onClose={() => open(undefined)} />}
    </>
  );
}

const keyOfRecord = ({ id, 'x-medkit': about }: AuditRecord): string => `${about?.origin ?? ''}/${id}`;
