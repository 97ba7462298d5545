import { type FleetEvidenceKind, type FleetEvidenceState, SovdError } from '@medkit/contract';
import type { Fleet, FleetView } from '@medkit/fleet';
import { Answer } from '../../http/answer.ts';
import type { Exchange } from '../../http/exchange.ts';
import { contentDisposition, FileReply } from '../../http/file-reply.ts';
import { reached } from '../blobs/blob-failures.ts';
import { answered, checkFleetRead, filtersOf, pageOf, textsOf } from '../fleet-replies.ts';
import type { FleetHandlers } from '../without-fleet.ts';
import type { GatewayEvidence } from './gateway-evidence.ts';

type EvidenceHandlers = Pick<FleetHandlers, Extract<keyof FleetHandlers, `${string}FleetEvidence${string}`>>;

/** The handlers of the evidence of a fleet. */
export function evidenceHandlers(
  { evidence, within }: Pick<Fleet, 'evidence' | 'within'>,
  { store, look }: Pick<GatewayEvidence, 'look' | 'store'>,
): EvidenceHandlers {
  const evidenceOf = (view: FleetView | undefined) => (view ? within(view).evidence : evidence);
  return {
    listFleetEvidence: async ({ query, view }) => {
      const { kind, state, ...texts } = textsOf(query, ['robot', 'code', 'kind', 'state']);
      const listed = {
        ...filtersOf(query),
        ...texts,
        ...(kind !== undefined && { kind: kind as FleetEvidenceKind }),
        ...(state !== undefined && { state: state as FleetEvidenceState }),
      };
      return pageOf(await answered(() => evidenceOf(view).list(listed)));
    },
    downloadFleetEvidence: async (exchange) => {
      const { path, principal, view } = exchange;
      checkFleetRead(principal);
      const found = await answered(() => evidenceOf(view).get(idIn(path)));
      const { state, sha256, name = 'evidence', descriptor } = found;
      const missing = (reason: string): SovdError =>
        new SovdError({
          code: 'resource-not-found',
          message: `The hub has no file of evidence ${found.id}: ${reason}`,
        });
      if (state !== 'kept' || sha256 == null) throw missing(`it is ${state}`);
      const head = await reached(() => store.head(sha256));
      if (!head) {
        await answered(() => evidence.files.lost(sha256));
        throw missing('its bytes are missing in the evidence store');
      }
      const file = {
        name: name ?? 'evidence',
        mimetype: descriptor.evidence === 'recording' ? 'application/octet-stream' : 'application/json',
      };
      if (mayRedirect(exchange)) {
        const headers = { mimetype: file.mimetype, disposition: contentDisposition(file.name) };
        const url = await reached(() => store.urlOf(sha256, headers));
        if (url !== undefined) return new Answer<never>(307, undefined, { Location: url });
      }
      return new FileReply({
        ...file,
        size: head.bytes,
        tag: sha256,
        read: (range) => store.read(sha256, range),
      });
    },
    fetchFleetEvidence: async ({ path, principal, note }) => {
      checkFleetRead(principal);
      const requested = await answered(() => evidence.request(idIn(path), principal.id));
      note({ robot: requested.robot, code: requested.fault_code });
      look();
      return new Answer(202, requested);
    },
    pinFleetEvidence: ({ path, body }) => answered(() => evidence.pin(idIn(path), body!.pinned)),
    eraseFleetEvidence: async ({ body, principal, note }) => {
      const { robot, since } = body!;
      note({ robot });
      const sinceMs = since == null ? 0 : Date.parse(since);
      const { removed, unused } = await answered(() => evidence.files.erase(robot, sinceMs, principal.id));
      await reached(() => store.remove(unused));
      return { erased: removed };
    },
    readFleetEvidenceRules: () => answered(() => evidence.rules()),
    setFleetEvidenceRules: ({ body, principal }) => answered(() => evidence.setRules(body!.items, principal.id)),
  };
}

/**
 * Returns whether a client can follow an address of another server: not a script of a page, which the policies of both
 * servers would have to permit. The address is valid for GET only, and another server does not know the ETag.
 */
function mayRedirect({ headers, forwarded }: Pick<Exchange, 'forwarded' | 'headers'>): boolean {
  // Not only `Sec-Fetch-Mode`, which Node's `fetch` sends as well.
  const isPage = headers['sec-fetch-site'] !== undefined && headers['sec-fetch-mode'] !== 'navigate';
  return !isPage && headers['if-none-match'] === undefined && forwarded(undefined).method === 'GET';
}

const idIn = (path: Exchange['path']): string => path['evidence'] ?? '';
