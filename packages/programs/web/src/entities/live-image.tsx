import type { EntityRef } from '@medkit/client';
import { DATA_PICTURE } from '@medkit/contract/data-picture';
import { useQuery } from '@tanstack/react-query';
import { Pause, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { gateway } from '../gateway/gateway.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Failure } from '../regions/failure.tsx';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { formatDuration } from '../time/times.ts';
import './live-picture.css';
import { t } from './texts.ts';
import { useIsVisible } from './use-is-visible.ts';

/** Time between two pictures, milliseconds; longer after a failure, which often remains. */
const EVERY_MS = 1000;
const AFTER_FAILURE_MS = 5000;
/** Age from which an image is marked as stale: several pictures later. */
const STALE_MS = 5000;
const TICK_MS = 500;

interface LiveImageProps {
  readonly entity: EntityRef;
  readonly item: string;
}

/** The newest image of a camera topic, requested once a second while it is in view. */
export function LiveImage({ entity, item }: LiveImageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isSeen = useIsVisible(canvas);
  const [isPaused, setPaused] = useState(false);
  const { data, error } = useQuery<ImageFacts, Error>({
    queryKey: ['picture', entity, item],
    queryFn: async ({ signal }) => {
      const { bitmap, facts } = await readPicture({ entity, item }, signal);
      if (canvas.current) draw(canvas.current, bitmap);
      bitmap.close();
      return facts;
    },
    enabled: isSeen && !isPaused,
    // A request that takes longer is not repeated meanwhile. A hidden tab requests nothing.
    refetchInterval: ({ state }) => (state.error ? AFTER_FAILURE_MS : EVERY_MS),
    retry: false,
    gcTime: 0,
  });
  return (
    <Region
      title={texts.entities.value}
      aside={
        <button type="button" className="button" onClick={() => setPaused(!isPaused)}>
          {isPaused ? <Play size={16} aria-hidden="true" /> : <Pause size={16} aria-hidden="true" />}
          {isPaused ? t.resumeImage : t.pauseImage}
        </button>
      }
    >
      <div className="live-image">
        <canvas ref={canvas} role="img" aria-label={data ? t.image(item, data.width, data.height) : t.noImage(item)} />
      </div>
      {data ? <Facts {...data} /> : !error && <p className="soft">{t.waitForImage}</p>}
      {error && <Failure error={error} />}
    </Region>
  );
}

/** An image at its source, as the headers of its picture say. */
interface ImageFacts {
  readonly width: number;
  readonly height: number;
  readonly encoding: string;
  /** Arrival at the gateway, milliseconds since 1970. */
  readonly atMs: number;
}

function Facts({ width, height, encoding, atMs }: ImageFacts) {
  const age = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const show = (): void => {
      if (!age.current) return;
      const ageMs = Math.max(0, gatewayNowMs() - atMs);
      age.current.textContent = texts.entities.ageOf(formatDuration(ageMs));
      age.current.classList.toggle('stale', ageMs > STALE_MS);
    };
    show();
    const timer = setInterval(show, TICK_MS);
    return () => clearInterval(timer);
  }, [atMs]);
  return (
    <p className="number soft">
      {t.imageSize(width, height)} · <code>{encoding}</code> · <span ref={age} data-age="" />
    </p>
  );
}

async function readPicture({ entity, item }: LiveImageProps, signal: AbortSignal) {
  const { headers, chunks } = await gateway().download('getDataPicture', { entity, path: { data_id: item }, signal });
  const parts: BlobPart[] = [];
  for await (const chunk of chunks) parts.push(new Uint8Array(chunk));
  const bitmap = await createImageBitmap(new Blob(parts, { type: headers.get('content-type') ?? '' }));
  const { width, height, encoding, timestamp } = DATA_PICTURE.headers;
  const facts: ImageFacts = {
    width: Number(headers.get(width)),
    height: Number(headers.get(height)),
    encoding: headers.get(encoding) ?? '',
    atMs: Number(headers.get(timestamp)) / 1e6,
  };
  return { bitmap, facts };
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
}
