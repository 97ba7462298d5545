import type { EntityRef } from '@medkit/client';
import { useRoute } from '../gateway/gateway.ts';
import { texts } from '../texts/texts.ts';
import { clockTime, timeMs } from '../time/times.ts';
import { closes } from './blocking-lock.ts';
import { lockText, useLocks } from './use-disabled-reason.ts';

interface BeforeActingProps {
  readonly entity: EntityRef;
  readonly collection: string;
}

/** Shown before the user acts on an entity: the lock that applies to it, and what manages it. */
export function BeforeActing({ entity, collection }: BeforeActingProps) {
  const lock = useLocks(entity).find((one) => closes(one, collection));
  const untilMs = timeMs(lock?.lock_expiration);
  const held = lock?.owned
    ? texts.entities.heldByYou(untilMs === undefined ? '?' : clockTime(untilMs))
    : lock && `${lockText(lock)}.`;
  return (
    <>
      <p>{held ?? texts.entities.unlocked}</p>
      {(entity.kind === 'app' || entity.kind === 'component') && (
        <Managed entity={{ kind: entity.kind, id: entity.id }} />
      )}
    </>
  );
}

/** Warnings of the runtime about what else controls the entity. */
function Managed({ entity }: { readonly entity: EntityRef<'app' | 'component'> }) {
  const { data } = useRoute('getStatus', { entity });
  return data?.['x-medkit']?.warnings?.map((warning) => (
    <p key={warning} className="partial">
      {warning}
    </p>
  ));
}
