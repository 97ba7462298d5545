import { texts } from '../texts/texts.ts';
import { type Column, type Sorting, sortingAfter } from './columns.ts';

interface TableHeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sorting: Sorting | undefined;
  readonly onSort: (sorting: Sorting | undefined) => void;
  /** State of the checkbox that selects all rows; without it the table has none. */
  readonly all?: { readonly isChecked: boolean; readonly onChange: () => void } | undefined;
}

/** Column titles. Clicks on a title sort ascending, then descending, then restore the order. */
export function TableHead<Row>({ columns, sorting, onSort, all }: TableHeadProps<Row>) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {all && (
          <th className="table-select">
            <input
              type="checkbox"
              aria-label={texts.tables.selectAll}
              checked={all.isChecked}
              onChange={all.onChange}
            />
          </th>
        )}
        {columns.map((column) => {
          const direction = sorting?.column === column.id ? (sorting.descending ? 'descending' : 'ascending') : 'none';
          return (
            <th
              key={column.id}
              scope="col"
              className={column.className}
              style={column.width === undefined ? undefined : { width: column.width }}
              {...(column.sortBy && { 'aria-sort': direction })}
            >
              {column.sortBy ? (
                <button type="button" className="table-sort" onClick={() => onSort(sortingAfter(column.id, sorting))}>
                  {column.title}
                </button>
              ) : (
                column.title
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
