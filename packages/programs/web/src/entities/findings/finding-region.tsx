import { type EntityRef, resourceUri } from '@medkit/client';
import { shortened } from '@medkit/contract/bounds';
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useRef } from 'react';
import { gateway } from '../../gateway/gateway.ts';
import { gatewayNowMs } from '../../gateway/gateway-clock.ts';
import { Loaded } from '../../regions/loaded.tsx';
import { Region } from '../../regions/region.tsx';
import { Link } from '../../routes/link.tsx';
import { Ago } from '../../time/time.tsx';
import { useIsVisible } from '../use-is-visible.ts';
import { FindingView } from './finding-view.tsx';
import { t } from './texts.ts';
import { pageOfResource } from './vendor-resources.ts';

/** Maximum characters of the name of a resource. */
const MAX_NAME = 120;
/** Height of a resource that is not read yet, CSS pixels, so that not all of them become visible together. */
const HEIGHT_PX = 120;

interface FindingRegionProps {
  readonly entity: EntityRef;
  /** Name of the vendor resource. */
  readonly name: string;
}

/** A vendor resource of an entity, read when it becomes visible and on request. Its errors stay in its region. */
export function FindingRegion({ entity, name }: FindingRegionProps) {
  const box = useRef<HTMLDivElement>(null);
  const page = pageOfResource(entity, name);
  const title = Object.hasOwn(t.names, name) ? t.names[name]! : shortened(name, MAX_NAME);
  return (
    <div ref={box}>
      {page?.isOnlyThere ? (
        <Region title={<Title name={name} title={title} />}>
          <p className="row">
            <span>{t.onPage}</span>
            <Link to={page.address}>{t.pages[page.page]}</Link>
          </p>
        </Region>
      ) : (
        <ReadRegion entity={entity} name={name} title={title} box={box} />
      )}
    </div>
  );
}

function Title({ name, title }: { readonly name: string; readonly title: string }) {
  if (!Object.hasOwn(t.names, name)) return <span className="finding-name">{title}</span>;
  return (
    <>
      {title} <code className="soft finding-name">{name}</code>
    </>
  );
}

interface ReadRegionProps extends FindingRegionProps {
  readonly title: string;
  readonly box: RefObject<HTMLDivElement | null>;
}

function ReadRegion({ entity, name, title, box }: ReadRegionProps) {
  const isSeen = useIsVisible(box);
  const page = pageOfResource(entity, name);
  const finding = useQuery<{ readonly value: unknown; readonly atMs: number }, Error>({
    queryKey: ['vendor resource', entity.kind, entity.id, name],
    queryFn: async ({ signal }) => {
      const value = await gateway().read(resourceUri(entity, encodeURIComponent(name.toWellFormed())), { signal });
      return { value, atMs: gatewayNowMs() };
    },
    enabled: isSeen,
  });
  const { data, isFetching, refetch } = finding;
  return (
    <Region
      title={<Title name={name} title={title} />}
      aside={
        <div className="row">
          {page && <Link to={page.address}>{t.pages[page.page]}</Link>}
          {data && (
            <span className="soft">
              {t.read} <Ago ms={data.atMs} />
            </span>
          )}
          <button
            type="button"
            className="button"
            aria-label={t.refreshName(title)}
            disabled={isFetching}
            onClick={() => void refetch()}
          >
            {t.refresh}
          </button>
        </div>
      }
    >
      {isSeen || !finding.isPending ? (
        <Loaded query={finding} height={HEIGHT_PX}>
          {({ value }) => <FindingView title={title} value={value} />}
        </Loaded>
      ) : (
        <p className="soft" style={{ height: HEIGHT_PX }}>
          {t.unread}
        </p>
      )}
    </Region>
  );
}
