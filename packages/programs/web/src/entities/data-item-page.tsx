import type { DataItem } from '@medkit/contract';
import { shortened } from '@medkit/contract/bounds';
import { stringifyJson } from '@medkit/core/json';
import { lazy, Suspense, useRef, useState } from 'react';
import { CopyButton } from '../controls/copy-button.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { unitOfItem } from '../values/data-units.ts';
import { addressOfItem, typeOfItem } from './data-row.tsx';
import { isImageType, pictureType } from './picture-values.ts';
import './entities.css';
import { formatValue, shapeOf } from '../values/format-value.ts';
import { PartHead } from './part-head.tsx';
import { PublishForm } from './publish-form.tsx';
import { useLiveValue } from './use-live-value.ts';
import { type Leaves, paintTree, ValueTree } from './value-tree.tsx';

/** Maximum characters of a value or schema shown as JSON. */
const MAX_JSON = 100_000;

const LivePicture = lazy(async () => ({
  default: (await import('./live-picture.tsx')).LivePicture,
}));

const LiveImage = lazy(async () => ({
  default: (await import('./live-image.tsx')).LiveImage,
}));

/** A data item: its live value, its structure and a form to publish to it. */
export function DataItemPage({ kind, id, item }: ParametersOf<'entity.item'>) {
  const entity = { kind, id };
  const address = addressOfItem(entity, item);
  // The type is read from the list: the value of an image has megabytes.
  const list = useRoute('listData', { entity });
  const listed = list.data?.items.find(({ id: each }) => addressOfItem(entity, each) === address);
  const isImage = isImageType(listed && typeOfItem(listed));
  const isTypeKnown = list.data !== undefined || list.error !== null;
  const request = { entity, path: { data_id: item } };
  const reading = useRoute('getDataItem', request, { enabled: isTypeKnown && !isImage });
  const mayWrite = usePermission('data.write');
  const watch = address.slice(1);
  const described = isImage ? listed : reading.data;
  const type = described && typeOfItem(described);
  return (
    <div className="stack entity-page">
      <PartHead entity={entity} tab="data" name={item}>
        {type && <code className="soft">{type}</code>}
        <Link className="button" to={addressOf('plot', {}, { s: watch })}>
          {texts.entities.plot}
        </Link>
      </PartHead>
      <div className="entity-item">
        {isImage ? (
          <Suspense>
            <LiveImage entity={entity} item={item} />
          </Suspense>
        ) : (
          isTypeKnown && <LiveRegion watch={watch} type={type} unit={reading.data && unitOfItem(reading.data)} />
        )}
        <div className="stack">
          <Region title={texts.entities.about}>
            {isImage ? (
              <About about={listed?.['x-medkit']} />
            ) : (
              <Loaded query={reading} height={90}>
                {({ 'x-medkit': about }) => <About about={about} />}
              </Loaded>
            )}
          </Region>
          {mayWrite && reading.data?.['x-medkit']?.type_info && (
            <PublishForm
              entity={entity}
              item={item}
              schema={reading.data['x-medkit'].type_info.schema}
              subscribers={reading.data['x-medkit'].subscriber_count ?? undefined}
            />
          )}
        </div>
      </div>
    </div>
  );
}

function About({ about }: { readonly about: DataItem['x-medkit'] }) {
  return (
    <>
      <dl>
        <dt>{texts.entities.publishers}</dt>
        <dd className="number">{about?.publisher_count ?? '–'}</dd>
        <dt>{texts.entities.subscribers}</dt>
        <dd className="number">{about?.subscriber_count ?? '–'}</dd>
        {about?.ros2?.topic && (
          <>
            <dt>{texts.entities.topic}</dt>
            <dd className="mono">{about.ros2.topic}</dd>
          </>
        )}
      </dl>
      {about?.warnings?.map((warning) => (
        <p key={warning} className="partial">
          {warning}
        </p>
      ))}
      {about?.type_info && <Json title={texts.entities.schema} json={() => stringifyJson(about.type_info?.schema)} />}
    </>
  );
}

interface LiveRegionProps {
  readonly watch: string;
  readonly type: string | undefined;
  readonly unit: string | undefined;
}

function LiveRegion({ watch, type, unit }: LiveRegionProps) {
  const leaves = useRef<Leaves>(new Map());
  const head = useRef<HTMLParagraphElement>(null);
  const age = useRef<HTMLParagraphElement>(null);
  const newest = useRef<unknown>(undefined);
  const [drawn, setDrawn] = useState<{ readonly shape: string; readonly value: unknown }>();
  useLiveValue(`${watch}:`, ({ value, hasValue, isStale, age: text }) => {
    if (age.current) {
      age.current.textContent = hasValue ? (isStale ? text : texts.entities.ageOf(text)) : text;
      age.current.classList.toggle('stale', isStale);
    }
    if (!hasValue) return;
    newest.current = value;
    if (head.current) {
      head.current.textContent = `${formatValue(unwrapPrimitive(value))}${unit ? ` ${unit}` : ''}`;
      head.current.classList.toggle('stale', isStale);
    }
    const shape = shapeOf(value);
    if (shape !== drawn?.shape) setDrawn({ shape, value });
    paintTree(leaves.current, value);
  });
  const picture = pictureType(type);
  const isPrimitive = drawn !== undefined && unwrapPrimitive(drawn.value) !== drawn.value;
  return (
    <Region
      title={texts.entities.value}
      aside={drawn && <CopyButton text={() => stringifyJson(newest.current)} label={texts.entities.copyJson} />}
    >
      {(isPrimitive || drawn === undefined || typeof drawn.value !== 'object') && (
        <p ref={head} className="number entity-big">
          –
        </p>
      )}
      <p ref={age} className="number soft" data-age="" />
      {picture && (
        <Suspense>
          <LivePicture watch={`${watch}:`} type={picture} />
        </Suspense>
      )}
      {drawn && !isPrimitive && <ValueTree value={drawn.value} leaves={leaves} type={type} watch={watch} />}
      {drawn && <Json title={texts.entities.rawJson} json={() => stringifyJson(newest.current)} />}
    </Region>
  );
}

/** Unwraps a message whose only field is a primitive `data`, such as those of std_msgs. */
function unwrapPrimitive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { data } = value as { readonly data?: unknown };
  return Object.keys(value).length === 1 && ['number', 'bigint', 'string', 'boolean'].includes(typeof data)
    ? data
    : value;
}

/** JSON that is rendered when the details are opened. */
function Json({ title, json }: { readonly title: string; readonly json: () => string }) {
  const [text, setText] = useState<string>();
  return (
    <details onToggle={(event) => setText(event.currentTarget.open ? json() : undefined)}>
      <summary>{title}</summary>
      {text !== undefined && <pre className="entity-json">{shortened(text, MAX_JSON)}</pre>}
    </details>
  );
}
