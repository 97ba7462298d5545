import type { FleetIssueDetail } from '@medkit/contract';
import { EvidenceTable } from '../fleet-evidence/evidence-table.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { isOfEntity } from './issue-entity.ts';
import { t } from './texts.ts';

/** The newest evidence of the code that is read. */
const LIMIT = 100;
/** A transfer takes seconds. */
const EVERY_MS = 10_000;

/** The evidence that robots have reported with the faults of an issue. */
export function IssueEvidence({ issue }: { readonly issue: FleetIssueDetail }) {
  const { fault_code: code, entity_id: entity } = issue;
  const list = useRoute(
    'listFleetEvidence',
    { query: { code: code ?? '', limit: LIMIT } },
    { enabled: Boolean(code), everyMs: EVERY_MS },
  );
  return (
    <Region
      title={t.page.evidence}
      className="table-region"
      aside={
        <Link to={addressOf('evidence', {}, { code: code ?? undefined })}>
          {code ? t.page.evidenceAll : t.page.evidence}
        </Link>
      }
    >
      {code ? (
        <Loaded query={list} height={80}>
          {({ items }) => (
            <EvidenceTable
              items={items.filter((item) => isOfEntity(item.entity, entity))}
              emptyText={t.page.noEvidence}
            />
          )}
        </Loaded>
      ) : (
        <p className="soft">{t.page.evidenceOfRule}</p>
      )}
    </Region>
  );
}
