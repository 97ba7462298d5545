/** Anything a store rejects with. The message names the file and the remedy, and is fit to be shown. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
}

/** More waits for the disk than is allowed to. */
export class StoreBusy extends StoreError {
  override readonly name = 'StoreBusy';
}

/** There is no room, on the disk or below the store's own limit. */
export class StoreFull extends StoreError {
  override readonly name = 'StoreFull';
}

/** Another process holds the file. */
export class StoreLocked extends StoreError {
  override readonly name = 'StoreLocked';
}

/** The file, its folder or its file system cannot be written to. */
export class StoreReadOnly extends StoreError {
  override readonly name = 'StoreReadOnly';
}

/** The file is damaged, or no database at all. */
export class StoreCorrupt extends StoreError {
  override readonly name = 'StoreCorrupt';
}

/** A newer medkit has written the file. */
export class StoreTooNew extends StoreError {
  override readonly name = 'StoreTooNew';
}

/** A thread of the store is down at this moment, or the disk fails. What was under way may be stored or not. */
export class StoreUnavailable extends StoreError {
  override readonly name = 'StoreUnavailable';
}

export class StoreClosed extends StoreError {
  override readonly name = 'StoreClosed';
}

/** A row breaks a rule of its table: a key that is taken, a value that is missing. */
export class ConstraintViolated extends StoreError {
  override readonly name = 'ConstraintViolated';
}

/** A statement, or one of its values, is wrong. */
export class StatementFailed extends StoreError {
  override readonly name = 'StatementFailed';
}

/** A read matches more than one answer may hold. */
export class TooManyRows extends StoreError {
  override readonly name = 'TooManyRows';
}
