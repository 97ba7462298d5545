import type { BulkDataDescriptor, BulkDataDescriptorList } from '@medkit/contract';
import {
  type CallContext,
  type Entity,
  FAULT_MANAGER_ID,
  FAULT_STATUSES,
  type FaultDetail,
  type Model,
  stringifyJson,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type BulkDataFile, type EvidenceFiles, failedMembers, noSuchItem } from '@medkit/entities';
import { frameRecords } from '../service/evidence/environment-data.ts';
import { type FaultOwner, managerError, managersOf, queryManagers } from '../service/fault-managers.ts';
import { type FaultScope, faultScope } from '../service/fault-sources.ts';
import { isoMilliseconds } from '../service/fault-times.ts';

const MEDIA_TYPE = 'application/json';
const READ_FAILED = 'Failed to get snapshots';
/** Maximum concurrent requests for the frames of faults. */
const MAX_CONCURRENT = 16;
const isCode = (text: string): boolean => /^[\w.-]{1,128}$/.test(text) && !text.includes('..');

/**
 * The freeze frames of faults as bulk data of the entities that reported them: one JSON document per fault, named by
 * its code.
 */
export function createSnapshotService({
  model,
  clock,
}: {
  readonly model: Model;
  readonly clock: Clock;
}): EvidenceFiles {
  const ask = <Entry>(
    entity: Entity,
    call: CallContext,
    question: (manager: FaultOwner, call: CallContext) => Promise<readonly Entry[]>,
  ) => queryManagers({ owners: managersOf(model, entity), clock, call, failure: READ_FAILED }, question);
  const documentsOf = async ({ provider }: FaultOwner, scope: FaultScope, code: string, call: CallContext) => {
    const detail = await provider.get(FAULT_MANAGER_ID, code, call);
    return detail && scope.concerns(detail.fault) ? documentOf(detail) : [];
  };
  const listed = async (manager: FaultOwner, entity: Entity, call: CallContext) => {
    const scope = faultScope(model.tree, entity, manager.origin);
    const { faults } = await manager.provider.list(
      FAULT_MANAGER_ID,
      { statuses: FAULT_STATUSES, includeMuted: true },
      call,
    );
    const codes = faults.filter(({ fault }) => scope.has(fault)).map(({ fault }) => fault.code);
    const items: DatedItem[] = [];
    for (let start = 0; start < codes.length; start += MAX_CONCURRENT) {
      const some = codes.slice(start, start + MAX_CONCURRENT);
      const documents = await Promise.all(some.map((code) => documentsOf(manager, scope, code, call)));
      // Keeps only the items: the documents may be megabytes each.
      items.push(...documents.flat().map(itemOf));
    }
    return items;
  };

  return {
    list: async (entity, call): Promise<BulkDataDescriptorList> => {
      const { entries, silent } = await ask(entity, call, (manager, memberCall) => listed(manager, entity, memberCall));
      const items = entries.map(({ entry }) => entry).sort((a, b) => Number(b.capturedAtNs - a.capturedAtNs));
      return {
        items: items.map(({ descriptor }) => descriptor),
        'x-medkit': {
          total_count: items.length,
          ...failedMembers(silent),
        },
      };
    },
    file: async (entity, code, call): Promise<BulkDataFile> => {
      if (!isCode(code)) throw noSuchItem(entity, code);
      const { entries, silent } = await ask(entity, call, (manager, memberCall) =>
        documentsOf(manager, faultScope(model.tree, entity, manager.origin), code, memberCall),
      );
      const found = entries[0]?.entry;
      if (found) return fileOf(found);
      throw silent[0] ? managerError(silent[0].error, READ_FAILED) : noSuchItem(entity, code);
    },
  };
}

interface DatedItem {
  readonly descriptor: BulkDataDescriptor;
  readonly capturedAtNs: bigint;
}

interface SnapshotDocument {
  readonly code: string;
  readonly octets: Buffer;
  /** Time of the newest frame. */
  readonly capturedAtNs: bigint;
}

/** Returns the frames of a fault as one document; empty if it has no frames. */
function documentOf({ fault, snapshots }: FaultDetail): readonly SnapshotDocument[] {
  const frames = snapshots.filter((snapshot) => snapshot.kind === 'freeze_frame');
  if (frames.length === 0) return [];
  const text = stringifyJson({ fault_code: fault.code, freeze_frame_snapshots: frameRecords(frames) });
  const capturedAtNs = frames.reduce(
    (newest, frame) => (frame.capturedAtNs > newest ? frame.capturedAtNs : newest),
    0n,
  );
  return [{ code: fault.code, octets: Buffer.from(text), capturedAtNs }];
}

function itemOf({ code, octets, capturedAtNs }: SnapshotDocument): DatedItem {
  const date = isoMilliseconds(capturedAtNs);
  const descriptor = {
    id: code,
    name: `${code} snapshots ${date}`,
    mimetype: MEDIA_TYPE,
    size: octets.byteLength,
    creation_date: date,
    'x-medkit': { fault_codes: [code], format: 'json' },
    content_type: MEDIA_TYPE,
    created_at: date,
  };
  return { descriptor, capturedAtNs };
}

function fileOf({ code, octets, capturedAtNs }: SnapshotDocument): BulkDataFile {
  return {
    name: `${code}.json`,
    mimetype: MEDIA_TYPE,
    size: octets.byteLength,
    tag: `${octets.byteLength}-${capturedAtNs}`,
    read: async function* (range) {
      yield range ? octets.subarray(range.first, range.last + 1) : octets;
    },
  };
}
