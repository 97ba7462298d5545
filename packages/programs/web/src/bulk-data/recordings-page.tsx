import type { TreeItem } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Choice, FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Heading } from '../heading/heading.tsx';
import { formatSize } from '../recordings/format-size.ts';
import { Failure } from '../regions/failure.tsx';
import { Loaded, Skeleton } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import type { ParametersOf } from '../routes/pages.ts';
import { DataTable } from '../tables/data-table.tsx';
import './bulk-data.css';
import { DeleteFile } from './delete-file.tsx';
import { fileColumns } from './file-columns.tsx';
import { FilePanel } from './file-panel.tsx';
import { type FileRow, foundRows, RECORDINGS } from './file-row.ts';
import { fileScopes } from './file-scopes.ts';
import { NoFiles } from './no-files.tsx';
import { StorageUsage } from './storage-usage.tsx';
import { t } from './texts.ts';
import { UploadDialog } from './upload-dialog.tsx';
import { useFileCategories, useFiles, useIncidentsOfRecordings } from './use-files.ts';

/** Maximum entities whose lists are read. */
const MAX_SCOPES = 24;

/** The recordings and other files of the robot: view, download, upload and delete them. */
export function RecordingsPage(_: ParametersOf<'recordings'>) {
  const tree = useRoute('getTree', {});
  return (
    <div className="stack">
      <Heading>{t.title}</Heading>
      <Loaded query={tree} height={420}>
        {({ items }) => <Files items={items} />}
      </Loaded>
    </div>
  );
}

function Files({ items }: { readonly items: readonly TreeItem[] }) {
  const all = useMemo(() => fileScopes(items), [items]);
  const scopes = useMemo(() => all.slice(0, MAX_SCOPES), [all]);
  const search = useSearch();
  const { categories, uploadable, scopesOf } = useFileCategories(scopes);
  const category = categories.find((name) => name === search.get('category')) ?? RECORDINGS;
  const text = search.get('q') ?? '';
  const [isUploading, setUploading] = useState(false);
  const mayUpload = usePermission('files.write') && uploadable.length > 0;
  const refusal = useRefusal('files.write');
  return (
    <>
      <FilterBar>
        <Choice
          label={t.category}
          value={category}
          options={categories.map((name) => [name, t.categories[name] ?? name] as const)}
          onChoose={(name) => changeSearch({ category: name === RECORDINGS ? undefined : name, file: undefined })}
        />
        <SearchField label={t.search} hint={t.searchHint} value={text} onType={(q) => changeSearch({ q })} />
        {mayUpload && (
          <button
            type="button"
            className="button"
            title={refusal}
            disabled={refusal !== undefined}
            onClick={() => setUploading(true)}
          >
            {t.upload}
          </button>
        )}
      </FilterBar>
      <FileList
        key={category}
        items={items}
        scopes={scopesOf(category)}
        category={category}
        text={text}
        isUpload={uploadable.includes(category)}
      />
      {all.length > scopes.length && <p className="partial">{t.moreScopes(all.length - scopes.length)}</p>}
      <StorageUsage uploadable={uploadable} />
      {isUploading && (
        <UploadDialog
          items={items}
          categories={uploadable}
          category={uploadable.includes(category) ? category : uploadable[0]!}
          onClose={() => setUploading(false)}
        />
      )}
    </>
  );
}

interface FileListProps {
  readonly items: readonly TreeItem[];
  readonly scopes: readonly TreeItem[];
  readonly category: string;
  readonly text: string;
  /** Whether files of the category are uploaded, and can be deleted. */
  readonly isUpload: boolean;
}

const keyOf = ({ file }: FileRow): string => `${file.id} ${file.creation_date}`;
const openFile = ({ file }: FileRow): void => changeSearch({ file: file.id }, { replace: false });

function FileList({ items, scopes, category, text, isUpload }: FileListProps) {
  const { rows, about, error, isPending, again } = useFiles(scopes, category);
  const incidents = useIncidentsOfRecordings();
  const [deleting, askToDelete] = useState<FileRow>();
  const mayDelete = usePermission('files.write') && isUpload;
  const mayDownload = usePermission('files.read');
  const selected = useSearch().get('file');
  const columns = useMemo(
    () => fileColumns({ category, incidents, mayDownload, ...(mayDelete && { onDelete: askToDelete }) }),
    [category, incidents, mayDownload, mayDelete],
  );
  const opened = rows.find(({ file }) => file.id === selected);
  const found = foundRows(rows, text);
  if (error) return <Failure error={error} again={again} />;
  if (isPending && rows.length === 0) return <Skeleton height={320} />;
  return (
    <>
      <PartialNotice about={about} />
      {rows.length === 0 ? (
        <NoFiles category={category} />
      ) : (
        <section className="card files-table" aria-label={t.categories[category] ?? category}>
          <p className="soft number files-count">
            {t.counted(found.length, formatSize(found.reduce((sum, { file }) => sum + file.size, 0)))}
          </p>
          <DataTable
            isMain
            label={t.categories[category] ?? category}
            rows={found}
            keyOf={keyOf}
            columns={columns}
            onOpen={openFile}
            emptyText={t.noneMatches}
            {...(opened && { height: '40vh' })}
          />
        </section>
      )}
      {opened && (
        <FilePanel
          key={keyOf(opened)}
          row={opened}
          incident={incidents.get(opened.file.id)}
          mayDownload={mayDownload}
          onDelete={mayDelete ? askToDelete : undefined}
        />
      )}
      {deleting && <DeleteFile row={deleting} items={items} onClose={() => askToDelete(undefined)} />}
    </>
  );
}
