import type { EntityRef } from '@medkit/client';
import { shortened } from '@medkit/contract/bounds';
import { useRoute } from '../../gateway/gateway.ts';
import { Loaded } from '../../regions/loaded.tsx';
import { FindingRegion } from './finding-region.tsx';
import { t } from './texts.ts';
import { vendorResourcesOf } from './vendor-resources.ts';

/** Maximum resources of an entity; further ones are named only. */
const MAX_RESOURCES = 24;
/** Maximum characters of the names of further resources. */
const MAX_NAMES = 300;

/** The vendor resources of an entity: what plugins found out about it. */
export function FindingsTab({ entity }: { readonly entity: EntityRef }) {
  const detail = useRoute('getEntity', { entity });
  return (
    <Loaded query={detail} height={160}>
      {(current) => {
        const names = vendorResourcesOf(current);
        const more = names.slice(MAX_RESOURCES);
        if (names.length === 0) return <p className="soft">{t.none}</p>;
        return (
          <>
            {names.slice(0, MAX_RESOURCES).map((name) => (
              <FindingRegion key={name} entity={entity} name={name} />
            ))}
            {more.length > 0 && (
              <p className="soft">{t.moreResources(shortened(more.join(', '), MAX_NAMES), more.length)}</p>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
