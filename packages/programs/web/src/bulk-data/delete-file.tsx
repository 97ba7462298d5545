import type { EntityRef } from '@medkit/client';
import type { TreeItem } from '@medkit/contract';
import { useQuery } from '@tanstack/react-query';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Loaded } from '../regions/loaded.tsx';
import type { FileRow } from './file-row.ts';
import { ownerOfFile } from './file-scopes.ts';
import { t } from './texts.ts';
import { readFiles } from './use-files.ts';

interface DeleteFileProps {
  readonly row: FileRow;
  readonly items: readonly TreeItem[];
  readonly onClose: () => void;
}

/** Finds the entity that a file was uploaded to, and asks before it deletes the file. */
export function DeleteFile({ row: { file, category, scope }, items, onClose }: DeleteFileProps) {
  const has = async (entity: EntityRef): Promise<boolean> =>
    (await readFiles(entity, category)).items.some(({ id }) => id === file.id);
  const owner = useQuery<EntityRef, Error>({
    queryKey: ['owner of file', category, file.id],
    queryFn: () => ownerOfFile(items, scope, has),
  });
  const remove = async (): Promise<void> => {
    const { kind, id } = owner.data ?? (await ownerOfFile(items, scope, has));
    // Only apps and components accept uploads.
    if (kind !== 'app' && kind !== 'component') throw new Error(`${kind} ${id}`);
    await gateway().call('deleteBulkData', { entity: { kind, id }, path: { category_id: category, file_id: file.id } });
    refetchRoutes(['listBulkDataDescriptors', 'getHealth']);
  };
  return (
    <Confirm title={t.deleteOf(file.name)} action={t.deleteNow} onConfirm={remove} onClose={onClose}>
      <Loaded query={owner} height={24}>
        {({ id }) => <p>{t.deleteEffect(id)}</p>}
      </Loaded>
    </Confirm>
  );
}
